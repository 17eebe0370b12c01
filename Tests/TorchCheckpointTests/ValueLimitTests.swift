import TestSupport
import Testing

@testable import TorchCheckpoint

/// The limits of `ValueLimits`: what is exactly at one passes, and one more is refused.
@Suite struct ValueLimitTests {
    /// Lists inside each other.
    private func nested(_ depth: Int, _ limits: ValueLimits) throws -> Checkpoint {
        var pickle: [UInt8] = [0x80, 2]
        pickle += [UInt8](repeating: 0x5D, count: depth)
        pickle += [UInt8](repeating: 0x61, count: depth - 1)
        pickle.append(0x2E)
        return try Checkpoint(bytes: pickle, options: LoadOptions(valueLimits: limits))
    }

    @Test func `containers may be nested as deep as the limit where they are listed`() throws {
        let limits = ValueLimits(depth: 10)
        // The innermost list is empty, so that nothing is one step further.
        try nested(11, limits).checkDepth()
        #expect(try nested(11, limits).tensors().isEmpty)
        let error = #expect(throws: CheckpointError.self) { try nested(12, limits).checkDepth() }
        #expect(error?.code == .limitExceeded)
        #expect(error?.offset == 12)
        #expect(error?.reason == "objects are nested more than 10 deep")
        #expect(error?.advice?.contains("ValueLimits.depth") == true)
        #expect(error?.keyPath == String(repeating: "[0]", count: 10))
        #expect(throws: CheckpointError(.limitExceeded, "")) { try nested(12, limits).tensors() }
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try nested(12, limits).stateDictPaths()
        }
        try nested(4097, .default).checkDepth()
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try nested(4098, .default).checkDepth()
        }
    }

    @Test func `the limit stays with an edited checkpoint`() throws {
        var checkpoint = try nested(12, ValueLimits(depth: 10))
        try checkpoint.set([1], at: [0, 0])
        try checkpoint.checkDepth()
        try checkpoint.set(nested(11, .default).root, at: [0, 0])
        #expect(throws: CheckpointError(.limitExceeded, "")) { try checkpoint.checkDepth() }
    }

    private struct Nested: Decodable {
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd { _ = try container.decode(Nested.self) }
        }
    }

    @Test func `values are decoded as deep as the limit`() throws {
        _ = try nested(6, ValueLimits(decodingDepth: 5)).decode(Nested.self)
        let error = #expect(throws: CheckpointError.self) {
            try nested(7, ValueLimits(decodingDepth: 5)).decode(Nested.self)
        }
        #expect(error?.code == .limitExceeded)
        #expect(error?.reason == "values are nested more than 5 deep")
        _ = try nested(200, ValueLimits(decodingDepth: 199)).decode(Nested.self)
    }

    @Test func `tensors are listed up to the limit`() throws {
        let bytes = try Checkpoint(
            .list((0..<3).map { try CheckpointValue(Tensor([Float($0)])) })
        ).serialized()
        let open = { (count: Int) in
            try Checkpoint(
                bytes: bytes, options: LoadOptions(valueLimits: ValueLimits(tensors: count)))
        }
        #expect(try open(3).tensors().count == 3)
        #expect(try open(3).tensorValues().count == 3)
        let error = #expect(throws: CheckpointError.self) { try open(2).tensors() }
        #expect(error?.code == .limitExceeded)
        #expect(error?.reason == "there are more tensors than 2, the limit")
        #expect(error?.advice?.contains("ValueLimits.tensors") == true)
        #expect(throws: CheckpointError(.limitExceeded, "")) { try open(2).safetensorsContents() }
        #expect(throws: CheckpointError(.limitExceeded, "")) { try open(0).totals() }
    }

    /// The pickle of a list of one tensor at many places; it has three calls.
    private func repeated(_ count: Int) throws -> Checkpoint {
        let contents = try Checkpoint([CheckpointValue(Tensor([1 as Float]))])
        var checkpoint = contents
        let tensor = try contents.value(at: [0])
        try checkpoint.set(.list([CheckpointValue](repeating: tensor, count: count)), at: [])
        return checkpoint
    }

    @Test func `a tensor is listed at as many places as there are objects and 65,536 more`() throws
    {
        let one = try repeated(1)
        let most = Traversal.maximumRepetitions + one.graph.objectCount
        #expect(one.graph.objectCount < 8)
        #expect(try repeated(most).tensors().count == most)
        let error = #expect(throws: CheckpointError.self) { try repeated(most + 1).tensors() }
        #expect(error?.code == .limitExceeded)
    }

    @Test func `long keys are in as many paths as their length allows`() throws {
        // 64 bytes behind the 256th count as a step, of which there are 2^20.
        let key = String(repeating: "k", count: 256 + 64 << 10)
        var checkpoint = try repeated(1024)
        let list = checkpoint.root
        try checkpoint.set([CheckpointValue(key): list] as CheckpointValue, at: [])
        #expect(try checkpoint.tensors().count == 1024)
        try checkpoint.append(checkpoint.value(at: [.string(key), 0]), to: [.string(key)])
        #expect(throws: CheckpointError(.limitExceeded, "")) { try checkpoint.tensors() }
    }

    @Test func `a long list of None or small numbers is no attack`() throws {
        var pickle: [UInt8] = [0x80, 2, 0x5D, 0x28]
        pickle += [UInt8](repeating: 0x4E, count: 2_000_000)
        pickle += [0x65, 0x2E]
        let checkpoint = try Checkpoint(bytes: pickle)
        #expect(try checkpoint.tensors().isEmpty)
    }
}
