import TestSupport
import Testing
import TorchCheckpoint

/// How many instructions operations take, held to ``CostTable``.
@Suite(.whereInstructionsAreCounted) struct InstructionTests {
    private let folder: TemporaryFolder
    private let counter: InstructionCounter

    init() throws {
        folder = try TemporaryFolder()
        counter = try InstructionCounter()
    }

    @Test func `opening a state dict takes the same for each tensor`() throws {
        CostTable.openingInstructions.check(
            try Growth(from: 400) { count in
                try counter.count(operation: "open", folder.write(.ofTensors(count)))
            })
    }

    @Test func `saving a state dict takes the same for each tensor`() throws {
        CostTable.savingInstructions.check(
            try Growth(from: 50) { count in
                let input = try folder.write(.ofTensors(count))
                return try counter.count(repeating: "save", input, folder.path("saved.pth"))
            })
    }

    @Test func `pth inspect takes the same for each tensor`() throws {
        CostTable.inspectingInstructions.check(
            try Growth(from: 100) { count in
                let path = try folder.write(.ofTensors(count))
                return try counter.count("pth", ["inspect", path, "--json"])
            })
    }

    @Test func `converting takes the same for each element`() throws {
        CostTable.convertingInstructions.check(
            try Growth(from: 1 << 14) { count in
                var stateDict = StateDict()
                stateDict.tensors["weight"] = try .ofBFloat16(count)
                return try counter.count(operation: "float", folder.write(stateDict))
            })
    }

    @Test func `gathering a view takes the same for each element`() throws {
        CostTable.gatheringInstructions.check(
            try Growth(from: 1 << 14) { count in
                var stateDict = StateDict()
                stateDict.tensors["weight"] = try .transposed(rows: 128, columns: count / 128)
                return try counter.count(operation: "gather", folder.write(stateDict))
            })
    }

    @Test func `the same work has the same number`() throws {
        let path = try folder.write(.ofTensors(50))
        let counts = try (0..<2).map { _ in try counter.count("pth", ["inspect", path, "--json"]) }
        #expect(abs(counts[0] - counts[1]) < counts[0] / 1000, "\(counts)")
    }
}
