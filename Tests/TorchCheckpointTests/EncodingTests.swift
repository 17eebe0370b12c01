import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Checkpoints made of Swift values: what Python finds in them.
@Suite struct EncodingTests {
    /// A row of the table in `Specs/training.md`: what a Swift value is in Python.
    private struct Row {
        let value: any Codable
        let repr: String
    }

    private enum Mode: String, Codable { case cosine }
    private enum Choice: Codable { case pair(Int, second: String) }
    private struct Inner: Codable {
        var lr = 0.5
        var empty: [Empty] = [Empty()]
        struct Empty: Codable {}
    }
    private struct Tuples: Codable {
        @CheckpointTuple var betas = [0.9, 0.999]
        @CheckpointTuple var none: [Int]?
        @CheckpointTuple var nested: [[Int]] = [[1], []]
    }
    private struct Optionals: Codable {
        var missing: Int?
        var there: Int? = 1
        var elements: [Int?] = [nil, 2]
    }

    private static func rows() throws -> OrderedDictionary<String, [Row]> {
        let weights = try StateDict(["w": Tensor([1] as [Float])])
        var scheduler = LRSchedulerState()
        scheduler.lastEpoch = 3
        return try [
            "struct or class with coding keys": [
                Row(value: Inner(), repr: "{'lr': 0.5, 'empty': [{}]}")
            ],
            "Bool": [Row(value: true, repr: "True")],
            "integers": [
                Row(value: 12, repr: "12"), Row(value: UInt8(255), repr: "255"),
                Row(value: Int128(1) << 100, repr: "1267650600228229401496703205376"),
                Row(value: BigInt(1) << 70, repr: "1180591620717411303424"),
            ],
            "floats": [Row(value: 0.25, repr: "0.25"), Row(value: Float(0.5), repr: "0.5")],
            "String": [Row(value: "né\u{1F600}", repr: "'né\u{1F600}'")],
            "Data": [Row(value: Data([0, 255]), repr: "b'\\x00\\xff'")],
            "array": [Row(value: [1, 2], repr: "[1, 2]"), Row(value: [Int](), repr: "[]")],
            "@CheckpointTuple": [
                Row(value: Tuples(), repr: "{'betas': (0.9, 0.999), 'nested': ([1], [])}")
            ],
            "Set": [
                Row(value: Set([3, 1, 2]), repr: "{1, 2, 3}"),
                Row(value: Set(["b", "a"]), repr: "{'a', 'b'}"),
            ],
            "Dictionary": [
                Row(value: ["b": 1, "a": 2, "7": 3], repr: "{'7': 3, 'a': 2, 'b': 1}"),
                Row(value: [10: "x", -1: "y"] as [Int128: String], repr: "{-1: 'y', 10: 'x'}"),
            ],
            "OrderedDictionary": [
                Row(value: ["z": 1, "y": 2] as OrderedDictionary, repr: "{'z': 1, 'y': 2}"),
                Row(
                    value: ["0": true, 0: false] as OrderedDictionary<CheckpointKey, Bool>,
                    repr: "{'0': True, 0: False}"),
            ],
            "enum with a raw value": [Row(value: Mode.cosine, repr: "'cosine'")],
            "enum with payloads": [
                Row(value: Choice.pair(1, second: "s"), repr: "{'pair': {'_0': 1, 'second': 's'}}")
            ],
            "Optional": [Row(value: Optionals(), repr: "{'there': 1, 'elements': [None, 2]}")],
            "Tensor": [Row(value: Tensor([1, 2] as [Float]), repr: "tensor([1., 2.])")],
            "StateDict": [Row(value: weights, repr: "OrderedDict {'w': tensor([1.])}")],
            "OptimizerState": [
                Row(value: OptimizerState(), repr: "{'state': {}, 'param_groups': []}")
            ],
            "LRSchedulerState": [Row(value: scheduler, repr: "{'last_epoch': 3}")],
            "DType": [Row(value: DType.bfloat16, repr: "torch.bfloat16")],
            "Device": [Row(value: Device.cuda(1), repr: "device(type='cuda', index=1)")],
            "Complex": [Row(value: Complex(1.0, -2.0), repr: "(1-2j)")],
            "Date": [Row(value: Date(timeIntervalSince1970: 1.5), repr: "1.5")],
            "URL": [Row(value: URL(fileURLWithPath: "/a"), repr: "'file:///a'")],
            "CheckpointKey": [
                Row(value: CheckpointKey.string("k"), repr: "'k'"),
                Row(value: CheckpointKey.integer(1), repr: "1"),
            ],
            "CheckpointValue": [
                Row(value: ["any": [1, "two"]] as CheckpointValue, repr: "{'any': [1, 'two']}")
            ],
        ]
    }

    @Test func `every row of the table is what Python finds, and is decoded again`() throws {
        let rows = try Self.rows()
        let table = try SpecTable("training.md", "Coding").rows.map(\.[0])
        #expect(table == Array(rows.keys))
        let values = try rows.values.joined().map { row in try Self.encoded(row.value) }
        let checkpoint = try Checkpoint(.list(values))
        // What repr depends on: the version of Python, and the seed of its hashes.
        let code = """
            def show(v):
                if isinstance(v, set): return f"{{{', '.join(map(repr, sorted(v)))}}}"
                return repr(v) if type(v).__name__ != "OrderedDict" else f"OrderedDict {dict(v)}"
            print(*map(show, x), sep="\\n")
            """
        let reprs = try pythonRepr(checkpoint, code: code)
        #expect(
            reprs.split(separator: "\n").map(String.init) == rows.values.flatMap { $0.map(\.repr) })
        let bytes = try checkpoint.serialized()
        let read = try Checkpoint(bytes: bytes)
        for (place, row) in rows.values.joined().enumerated() {
            try expectSame(row.value, read.value(at: [.integer(place)]))
        }
    }

    private static func encoded(_ value: some Encodable) throws -> CheckpointValue {
        try CheckpointValue(encoding: value)
    }

    /// Decodes a value as the type of another one, and encodes it again.
    private func expectSame<Value: Codable>(_ value: Value, _ read: CheckpointValue) throws {
        let decoded = try read.decode(Value.self)
        let bytes = try Checkpoint(encoding: decoded).serialized()
        #expect(try bytes == Checkpoint(encoding: value).serialized(), "\(value)")
    }

    @Test func `a set whose elements have an order is written in it`() throws {
        for _ in 0..<8 {
            let numbers = try CheckpointValue(encoding: Set((0..<50).map { Double($0) / 4 }))
            #expect(numbers.array?.compactMap(\.double) == (0..<50).map { Double($0) / 4 })
            let bytes = try CheckpointValue(encoding: Set<UInt8>(0..<50))
            #expect(bytes.array?.compactMap(\.int) == Array(0..<50))
        }
    }

    /// The example in the documentation of `CheckpointCodable`.
    struct Interval: CheckpointCodable {
        var lower: Double
        var upper: Double

        init(checkpointValue value: CheckpointValue) throws {
            let bounds = try value.decode([Double].self)
            (lower, upper) = (bounds.min() ?? 0, bounds.max() ?? 0)
        }

        func checkpointValue() throws -> CheckpointValue {
            try .tuple([CheckpointValue(lower), CheckpointValue(upper)])
        }
    }

    @Test func `a type of one's own is one value, wherever it is`() throws {
        let list = try CheckpointValue.list([.tuple([0.5, 1])]).decode([Interval].self)
        #expect(list.map(\.upper) == [1])
        let encoded = try Checkpoint(encoding: ["x": list, "y": [list[0], list[0]]])
        let repr = "{'x': [(0.5, 1.0)], 'y': [(0.5, 1.0), (0.5, 1.0)]}"
        #expect(try pythonRepr(encoded) == repr)
        let error = try #require(throws: CheckpointError.self) {
            try (["a": [1, "x"]] as CheckpointValue).decode([String: [Interval]].self)
        }
        #expect(error.keyPath == "['a'][0]")
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
        let unscaled = try Tensor([1, 2] as [Int8], dtype: .qint8)
        try expect(Holder(inner: [unscaled]), .unsupportedDType, at: "['inner'][0]")
    }

    private func expect(
        _ value: some Encodable, _ code: CheckpointError.Code, at keyPath: String?
    ) throws {
        let error = try #require(throws: CheckpointError.self) { try Checkpoint(encoding: value) }
        #expect(error.code == code, "\(error)")
        #expect(error.keyPath == keyPath, "\(error)")
    }

    @Test func `a type that encodes itself in two ways is refused, in whatever order`() throws {
        struct Twice: Encodable {
            let body: @Sendable (any Encoder) throws -> Void
            func encode(to encoder: any Encoder) throws { try body(encoder) }
        }
        enum Key: CodingKey { case a }
        let ways: [@Sendable (any Encoder) throws -> Void] = [
            { encoder in
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: .a)
                var single = encoder.singleValueContainer()
                try single.encode(2)
            },
            { encoder in
                var list = encoder.unkeyedContainer()
                try list.encode(1)
                var single = encoder.singleValueContainer()
                try single.encodeNil()
            },
            { encoder in
                var single = encoder.singleValueContainer()
                try single.encode(1)
                try single.encode(2)
            },
            { encoder in
                var single = encoder.singleValueContainer()
                try single.encode(["x": 1])
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: .a)
            },
        ]
        for way in ways { try expect([Twice(body: way)], .invalidValue, at: "[0]") }
    }

    @Test func `what Python can't have in a set is refused`() throws {
        try expect(Set([[1], [2]]), .invalidValue, at: nil)
        struct Pair: CheckpointCodable, Hashable {
            init() {}
            init(checkpointValue: CheckpointValue) throws {}
            func checkpointValue() throws -> CheckpointValue { [1, 2] }
        }
        try expect(Set([Pair()]), .invalidValue, at: nil)
        let sets = try CheckpointValue(encoding: Set([CheckpointTuple(wrappedValue: [1, 2])]))
        #expect(try pythonRepr(Checkpoint(sets)) == "{(1, 2)}")
    }

    @Test func `two types may write into one nested dictionary`() throws {
        enum Key: String, CodingKey { case section, a, b }
        struct Both: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                var first = container.nestedContainer(keyedBy: Key.self, forKey: .section)
                try first.encode(1, forKey: .a)
                var second = container.nestedContainer(keyedBy: Key.self, forKey: .section)
                try second.encode(2, forKey: .b)
            }
        }
        #expect(try pythonRepr(Checkpoint(encoding: Both())) == "{'section': {'a': 1, 'b': 2}}")
    }

    @Test func `two keys that are one in the file are refused`() throws {
        struct Lossy: Hashable, Codable, CodingKeyRepresentable {
            var name: String
            var codingKey: any CodingKey { CheckpointNameKey(stringValue: name.lowercased()) }
            init(_ name: String) { self.name = name }
            init?(codingKey: some CodingKey) { name = codingKey.stringValue }
        }
        struct CheckpointNameKey: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        try expect([Lossy("A"): 1, Lossy("a"): 2], .duplicateName, at: nil)
        #expect(try pythonRepr(Checkpoint(encoding: [Lossy("B"): 1])) == "{'b': 1}")
    }

    @Test func `numbers that are none stay what they are`() throws {
        let values = [Complex(Double.infinity, 1), Complex(0, -Double.infinity), Complex(.nan, 2)]
        let repr = try pythonRepr(Checkpoint(encoding: values))
        #expect(repr == "[(inf+1j), -infj, (nan+2j)]")
        let read = try CheckpointValue(encoding: values).decode([Complex<Double>].self)
        #expect(read[0].rawStorage.x == .infinity && read[0].rawStorage.y == 1)
    }

    @Test func `dates are seconds since 1970, and URLs are texts`() throws {
        struct Run: Codable, Equatable {
            var date = Date(timeIntervalSince1970: 0.5)
            var url = URL(string: "https://example.org/a b".replacing(" ", with: "%20"))
        }
        let encoded = try Checkpoint(encoding: Run())
        #expect(try pythonRepr(encoded) == "{'date': 0.5, 'url': 'https://example.org/a%20b'}")
        #expect(try encoded.decode(Run.self) == Run())
    }

    @Test func `keys of enumerations are their raw values, in order`() throws {
        enum Split: String, Codable { case train, val }
        enum Level: Int, Codable { case low = 1, high = 2 }
        struct Results: Codable {
            var losses: [Split: Double] = [.val: 2, .train: 1]
            var counts: [Level: Int] = [.high: 2, .low: 1]
        }
        let repr = "{'losses': {'train': 1.0, 'val': 2.0}, 'counts': {1: 1, 2: 2}}"
        #expect(try pythonRepr(Checkpoint(encoding: Results())) == repr)
        try expect([[true: 1]], .typeMismatch, at: "[0]")
    }

    @Test func `containers that are nested by hand are as deep as others, and no deeper`() throws {
        struct Nest: Encodable, Sendable {
            let depth: Int
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                for _ in 0..<depth { container = container.nestedUnkeyedContainer() }
            }
        }
        for depth in [128, 129, 3000] {
            let outcome = try OnSmallStack { try Checkpoint(encoding: Nest(depth: depth)) }.run()
            if depth == 128 {
                _ = try outcome.get()
            } else {
                #expect(throws: CheckpointError(.limitExceeded, "")) { try outcome.get() }
            }
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
