import TestSupport
import Testing

@testable import TorchCheckpoint

/// A tree that reads itself: each level asks the decoder again.
private struct Tree: CheckpointCodable {
    let leaves: Double
    let depth: Int

    init(checkpointValue value: CheckpointValue) throws {
        let children = try (value.array ?? []).map { try $0.decode(Tree.self) }
        leaves = children.isEmpty ? 1 : children.reduce(0) { $0 + $1.leaves }
        depth = 1 + (children.map(\.depth).max() ?? 0)
    }

    func checkpointValue() throws -> CheckpointValue { try .list([]) }
}

/// Reads all numbers below it again at each place.
private struct Numbers: CheckpointCodable {
    init(checkpointValue value: CheckpointValue) throws {
        _ = try value.decode([[Int]].self)
    }

    func checkpointValue() throws -> CheckpointValue { try .list([]) }
}

/// Reads a part of its value by a call of its own.
private struct Bounds: CheckpointCodable {
    init(checkpointValue value: CheckpointValue) throws {
        _ = try value["bounds"]?.decode([Double].self)
        _ = try value.decode([String: [Double]].self)
    }

    func checkpointValue() throws -> CheckpointValue { try .list([]) }
}

@Suite struct NestedDecodingTests {
    @Test func `an error in such a call has the whole path`() throws {
        let checkpoint = try Checkpoint([
            "a": ["bounds": [1.5, "x"]], "b": ["other": ["y"]], "c": ["bounds": [1]],
        ])
        for (key, place) in [("a", "['a']['bounds'][1]"), ("b", "['b']['other'][0]")] {
            let error = #expect(throws: CheckpointError.self) {
                try checkpoint.decode(Bounds.self, at: [.string(key)])
            }
            #expect(error?.keyPath == place)
            #expect(error?.code == .typeMismatch)
        }
        let all = #expect(throws: CheckpointError.self) {
            try checkpoint.decode([String: Bounds].self)
        }
        #expect(all?.keyPath == "['a']['bounds'][1]")
        _ = try checkpoint.decode(Bounds.self, at: ["c"])
    }

    /// Lists that hold the one before twice.
    private func doubling(_ levels: Int) throws -> Checkpoint {
        var pickle: [UInt8] = [0x80, 2, 0x5D, 0x71, 0]
        for level in 0..<levels {
            let slot = UInt8(level)
            pickle += [0x30, 0x5D, 0x28, 0x68, slot, 0x68, slot, 0x65, 0x71, slot + 1]
        }
        return try Checkpoint(bytes: pickle + [0x2E])
    }

    @Test func `a type that calls the decoder for what is inside makes each object once`() throws {
        let tree = try doubling(60).decode(Tree.self)
        #expect(tree.leaves == 0x1p60)
        #expect(tree.depth == 61)
    }

    @Test func `what it calls the decoder for counts as a part of the call around it`() throws {
        // 20,000 lists of the same list of 5,000 numbers.
        var pickle: [UInt8] = [0x80, 2, 0x5D, 0x28] + [UInt8](repeating: 0x4B, count: 2 * 5000)
        pickle += [0x65, 0x71, 0, 0x30, 0x5D, 0x28]
        for _ in 0..<20_000 { pickle += [0x5D, 0x68, 0, 0x61] }
        let checkpoint = try Checkpoint(bytes: pickle + [0x65, 0x2E])
        let seconds = threadSeconds {
            #expect(throws: CheckpointError(.limitExceeded, "")) {
                try checkpoint.decode([Numbers].self)
            }
        }
        #expect(seconds < 10)
    }

    @Test func `types that call the decoder nest half as deep as others`() throws {
        let limits = LoadOptions(valueLimits: ValueLimits(decodingDepth: 20))
        let nested = { (depth: Int) in
            var pickle: [UInt8] = [0x80, 2]
            pickle += [UInt8](repeating: 0x5D, count: depth)
            pickle += [UInt8](repeating: 0x61, count: depth - 1)
            pickle.append(0x2E)
            return try Checkpoint(bytes: pickle, options: limits)
        }
        #expect(try nested(11).decode(Tree.self).depth == 11)
        let error = #expect(throws: CheckpointError.self) { try nested(12).decode(Tree.self) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.reason == "values are nested more than 20 deep")
    }

    @Test func `a type that reads a list inside itself ends`() throws {
        let checkpoint = try Checkpoint(bytes: [0x80, 2] + Array("]q\0h\0a.".utf8))
        let outcome = OnSmallStack { try checkpoint.decode(Tree.self).depth }
        #expect(throws: CheckpointError(.limitExceeded, "")) { try outcome.run().get() }
    }

    @Test func `values of another checkpoint are a call of their own`() throws {
        let outer = try doubling(3)
        #expect(try outer.decode(Tree.self).leaves == 8)
        #expect(try doubling(4).root.decode(Tree.self).leaves == 16)
    }
}
