import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Checkpoints made of Swift values: what Python finds in them.
@Suite struct EncodingTests {
    private struct Everything: Codable {
        var epoch = 12
        var big = BigInt(1) << 70
        var loss = 0.25
        var single: Float = 0.5
        var flag = true
        var name = "né\u{1F600}"
        var missing: Int?
        var bytes = Data([0, 255])
        @CheckpointTuple var betas = [0.9, 0.999]
        @CheckpointTuple var none: [Int]?
        @CheckpointTuple var nested: [[Int]] = [[1], []]
        var list = [1, 2]
        var empty: [Int] = []
        var byName = ["b": 1, "a": 2, "7": 3]
        var byNumber = [10: "x", -1: "y"]
        var ordered: OrderedDictionary = ["z": 1, "y": 2]
        var keys: OrderedDictionary<CheckpointKey, Bool> = ["0": true, 0: false]
        var set: Set = [3, 1, 2]
        var mode = Mode.cosine
        var choice = Choice.pair(1, second: "s")
        var dtype = DType.bfloat16
        var device = Device.cuda(1)
        var complex = Complex(1.0, -2.0)
        var value: CheckpointValue = ["any": [1, "two"]]
        var inner = Inner()

        struct Inner: Codable {
            var a = 1
            var b: [Empty] = [Empty()]
        }
        struct Empty: Codable {}
        enum Mode: String, Codable { case cosine }
        enum Choice: Codable { case pair(Int, second: String) }
    }

    /// What Python's `repr` says of a checkpoint that torch loads, and of the types of some entries.
    private func pythonRepr(
        _ checkpoint: Checkpoint, code: String = "print(repr(x))"
    ) throws -> String {
        let folder = try TemporaryFolder()
        try checkpoint.write(to: folder.path("x.pth"))
        let load = "import sys, torch\nx = torch.load(sys.argv[1], weights_only=True)\n"
        let outcome = try TorchPython.run(code: load + code, [folder.path("x.pth")])
        try #require(outcome.status == 0, "\(outcome.error)")
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    @Test func `Python finds what it would have written itself`() throws {
        let expected = """
            {'epoch': 12, 'big': 1180591620717411303424, 'loss': 0.25, 'single': 0.5, 'flag': True, \
            'name': 'né\u{1F600}', 'bytes': b'\\x00\\xff', 'betas': (0.9, 0.999), \
            'nested': ([1], []), 'list': [1, 2], 'empty': [], \
            'byName': {'7': 3, 'a': 2, 'b': 1}, 'byNumber': {-1: 'y', 10: 'x'}, \
            'ordered': {'z': 1, 'y': 2}, 'keys': {'0': True, 0: False}, 'set': {1, 2, 3}, \
            'mode': 'cosine', 'choice': {'pair': {'_0': 1, 'second': 's'}}, \
            'dtype': torch.bfloat16, 'device': device(type='cuda', index=1), \
            'complex': (1-2j), 'value': {'any': [1, 'two']}, 'inner': {'a': 1, 'b': [{}]}}
            """
        #expect(try pythonRepr(Checkpoint(encoding: Everything())) == expected)
    }

    @Test func `what was encoded is decoded`() throws {
        let bytes = try Checkpoint(encoding: Everything()).serialized()
        let read = try Checkpoint(bytes: bytes).decode(Everything.self)
        #expect(try Checkpoint(encoding: read).serialized() == bytes)
        #expect(read.keys == Everything().keys)
        #expect(read.big == Everything().big)
        #expect(read.complex == Everything().complex)
    }

    private struct Training: Codable {
        var epoch: Int
        var model: StateDict
        var optimizer: OptimizerState
        var loss: Double
        var best: CheckpointValue
        var args: Arguments
        var history: [Double]

        struct Arguments: Codable {
            var lr: Double
            var name: String
        }

        // Entries are written in the order of the keys.
        enum CodingKeys: String, CodingKey {
            case epoch
            case model = "model_state_dict"
            case optimizer = "optimizer_state_dict"
            case loss, best, args, history
        }
    }

    @Test(arguments: ["adam", "adamw", "sgd"])
    func `a training run that was decoded and encoded is as torch wrote it`(
        _ optimizer: String
    ) throws {
        let path = Fixture.path("torch-2.13.0/training_checkpoint_\(optimizer).pth")
        let original = try Checkpoint(contentsOf: path)
        let copy = try Checkpoint(encoding: original.decode(Training.self))
        let folder = try TemporaryFolder()
        let file = folder.path("training_checkpoint_\(optimizer).pth")
        try copy.write(to: file)
        let python = """
            import sys, torch
            a, b = (torch.load(p, weights_only=True) for p in sys.argv[1:])
            def same(a, b):
                if type(a) is not type(b): return False
                if isinstance(a, torch.Tensor): return a.dtype == b.dtype and torch.equal(a, b)
                if isinstance(a, dict): return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
                if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(same, a, b))
                return a == b
            print(same(a, b), same(a["model_state_dict"]._metadata, b["model_state_dict"]._metadata))
            """
        let outcome = try TorchPython.run(code: python, [path, file])
        #expect(outcome.output == "True True\n", "\(outcome.error)")
        let pickles = try [path, file].map { path in
            try Checkpoint(contentsOf: path).graph.pickled()
        }
        #expect(pickles[0] == pickles[1])
    }

    @Test func `tensors that share memory share it in the file`() throws {
        let storage = try Storage(bytes: [UInt8](repeating: 1, count: 16))
        let whole = try Tensor(storage: storage, dtype: .float32, shape: [4])
        let half = try Tensor(storage: storage, dtype: .float32, shape: [2])
        struct Model: Encodable {
            let tensors: [Tensor]
            let stateDict: StateDict
            let value: CheckpointValue
        }
        let model = try Model(
            tensors: [whole, half], stateDict: StateDict(["half": half]),
            value: CheckpointValue(whole))
        let code = """
            all = x["tensors"] + [x["stateDict"]["half"], x["value"]]
            print(type(x["stateDict"]).__name__, len({t.untyped_storage().data_ptr() for t in all}))
            """
        #expect(try pythonRepr(Checkpoint(encoding: model), code: code) == "OrderedDict 1")
    }

    @Test func `values of one checkpoint share what they share there`() throws {
        let shared = try Checkpoint(["a": ["x": 1], "b": 0])
        var source = shared
        try source.set(source.value(at: ["a"]), at: ["b"])
        struct Pair: Encodable {
            let first: CheckpointValue
            let second: [CheckpointValue]
        }
        let pair = try Pair(
            first: source.value(at: ["a"]), second: [source.value(at: ["b"])])
        let encoded = try Checkpoint(encoding: pair)
        #expect(encoded["first"]?.id == encoded["second"]?[0]?.id)
    }

    @Test func `a part of a checkpoint is set to a Swift value and the rest stays`() throws {
        struct Arguments: Codable { var lr = 0.5 }
        let path = Fixture.path("torch-2.13.0/training_checkpoint_adam.pth")
        var checkpoint = try Checkpoint(contentsOf: path)
        try checkpoint.set(encoding: Arguments(), at: ["args"])
        let read = try Checkpoint(bytes: checkpoint.serialized())
        #expect(read["args"]?["lr"]?.double == 0.5)
        #expect(read["args"]?.count == 1)
        #expect(read["epoch"]?.int == 3)
    }

    @Test func `classes encode what they inherit`() throws {
        class Base: Encodable { var a = 1 }
        final class Derived: Base {
            var b = 2
            enum CodingKeys: CodingKey { case b }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(b, forKey: .b)
                try super.encode(to: container.superEncoder())
            }
        }
        #expect(try pythonRepr(Checkpoint(encoding: Derived())) == "{'b': 2, 'super': {'a': 1}}")
    }

    @Test func `nested containers are encoded by hand`() throws {
        struct ByHand: Encodable {
            enum Keys: String, CodingKey { case list, dictionary }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                var list = container.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                try list.encodeNil()
                var inner = list.nestedContainer(keyedBy: Keys.self)
                try inner.encode("x", forKey: .dictionary)
                var again = list.nestedUnkeyedContainer()
                try again.encode(list.count)
                try 2.encode(to: list.superEncoder())
                _ = container.nestedContainer(keyedBy: Keys.self, forKey: .dictionary)
            }
        }
        let expected = "{'list': [1, None, {'dictionary': 'x'}, [4], 2], 'dictionary': {}}"
        #expect(try pythonRepr(Checkpoint(encoding: ByHand())) == expected)
    }

    @Test func `what can't be encoded is an error with its place`() throws {
        struct Nothing: Encodable { func encode(to encoder: any Encoder) throws {} }
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(1)
                _ = encoder.container(keyedBy: Keys.self)
            }
            enum Keys: CodingKey {}
        }
        struct Wrapped: Encodable { @CheckpointTuple var number = 1 }
        struct Holder<Inner: Encodable>: Encodable { var inner: [Inner] }
        try expect(Nothing(), .invalidValue, at: nil)
        try expect(Holder(inner: [Twice()]), .invalidValue, at: "['inner'][0]")
        try expect(Holder(inner: [Wrapped()]), .invalidValue, at: "['inner'][0]['number']")
        try expect(Holder(inner: [[UInt64.max: 1]]), .typeMismatch, at: "['inner'][0]")
        let quantized = try Checkpoint(
            contentsOf: Fixture.path("torch-2.13.0/quantized_qint8.pth"))
        let tensor = try #require(quantized.tensors().first?.tensor)
        try expect(Holder(inner: [tensor]), .unsupportedDType, at: "['inner'][0]")
        try expect(
            Holder(inner: [Date.distantPast: URL(fileURLWithPath: "/")].map(\.key)), nil, at: nil)
    }

    private func expect(
        _ value: some Encodable, _ code: CheckpointError.Code?, at keyPath: String?
    ) throws {
        do {
            _ = try Checkpoint(encoding: value)
            #expect(code == nil)
        } catch let error as CheckpointError {
            #expect(error.code == code, "\(error)")
            #expect(error.keyPath == keyPath, "\(error)")
        }
    }

    @Test func `values that are nested too deep are an error and no end of the stack`() throws {
        final class Node: Codable {
            var next: Node?
            init(_ next: Node?) { self.next = next }
        }
        var node: Node?
        for _ in 0..<1000 { node = Node(node) }
        let deep = node
        #expect(throws: CheckpointError(.limitExceeded, "")) { try Checkpoint(encoding: deep) }
    }
}
