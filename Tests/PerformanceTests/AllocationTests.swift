import TestSupport
import Testing
import TorchCheckpoint

/// What operations ask the allocator for, held to ``CostTable``.
@Suite(.whereAllocationsAreCounted) struct AllocationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `opening a state dict costs the same for each tensor`() throws {
        try check(CostTable.openingAllocations, CostTable.openingBytes) { stateDict in
            let path = try folder.write(stateDict)
            return try Allocations { try Checkpoint(contentsOf: path).stateDict() }
        }
    }

    @Test func `listing tensors costs the same for each`() throws {
        try check(CostTable.listingAllocations, CostTable.listingBytes) { stateDict in
            let path = try folder.write(stateDict)
            let checkpoint = try Checkpoint(contentsOf: path)
            return try Allocations { try checkpoint.tensors() }
        }
    }

    @Test func `saving a state dict costs the same for each tensor`() throws {
        let path = folder.path("saved.pth")
        try check(CostTable.savingAllocations, CostTable.savingBytes) { stateDict in
            try Allocations { try Checkpoint(stateDict).write(to: path) }
        }
    }

    @Test func `opening allocates nothing for the bytes of tensors`() throws {
        // Both files are larger than the 64 KiB in which libzip looks for the end of an archive.
        let costs = try [1 << 12, 1 << 18].map { elements in
            let path = try folder.write(.ofTensors(16, elements: elements))
            return try Allocations { try Checkpoint(contentsOf: path).stateDict() }
        }
        // How often keys are compared depends on the seed of hashes, and in a debug build a
        // comparison may allocate. The tensors have 16 MiB.
        #expect(abs(costs[1].count - costs[0].count) < 128, "\(costs)")
        #expect(abs(costs[1].bytes - costs[0].bytes) < 1 << 14, "\(costs)")
    }

    // Below the size from which several threads share the work, of which each is counted alone.
    @Test func `converting allocates the same for any number of elements`() throws {
        let costs = try [1 << 16, 1 << 19].map { count in
            let tensor = try Tensor.ofBFloat16(count)
            let cost = try Allocations { try tensor.array(converting: Float.self) }
            return (count: cost.count, besides: cost.bytes - 4 * count)
        }
        #expect(costs[0] == costs[1])
        CostTable.convertingAllocations.check(Double(costs[1].count))
        CostTable.convertingBytes.check(Double(costs[1].besides))
    }

    @Test func `gathering a view allocates the same for any number of elements`() throws {
        let costs = try [1 << 8, 1 << 9].map { size in
            let tensor = try Tensor.transposed(rows: size, columns: size)
            let cost = try Allocations { try tensor.rowMajorBytes() }
            return (count: cost.count, besides: cost.bytes - 4 * size * size)
        }
        #expect(costs[0] == costs[1])
        CostTable.gatheringAllocations.check(Double(costs[1].count))
        CostTable.gatheringBytes.check(Double(costs[1].besides))
    }

    /// Measures an operation on state dicts of three sizes.
    private func check(
        _ allocations: Cost, _ bytes: Cost, _ place: SourceLocation = #_sourceLocation,
        measure: (StateDict) throws -> Allocations
    ) throws {
        var costs: [Int: Allocations] = [:]
        for count in [500, 1000, 2000] { costs[count] = try measure(.ofTensors(count)) }
        allocations.check(try Growth(from: 500) { try #require(costs[$0]).count }, place)
        bytes.check(try Growth(from: 500) { try #require(costs[$0]).bytes }, place)
    }
}
