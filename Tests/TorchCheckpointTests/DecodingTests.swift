import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Swift values made of what torch wrote, and of values made in Swift.
@Suite struct DecodingTests {
    private struct TrainingState: Codable {
        var epoch: Int
        var model: StateDict
        var optimizer: Optimizer
        var loss: Double
        var best: Double?
        var args: Arguments
        var history: [Double]
        var note: String?

        struct Optimizer: Codable {
            var state: [Int: [String: Tensor]]
            var groups: [Group]

            enum CodingKeys: String, CodingKey { case state, groups = "param_groups" }
        }

        struct Group: Codable {
            var lr: Double
            @CheckpointTuple var betas: [Double]
            var amsgrad: Bool
            var params: [Int]
            var foreach: Bool?
        }

        struct Arguments: Codable {
            var lr: Float
            var name: String
        }

        enum CodingKeys: String, CodingKey {
            case epoch, loss, best, args, history, note
            case model = "model_state_dict"
            case optimizer = "optimizer_state_dict"
        }
    }

    private static let adam = "torch-2.13.0/training_checkpoint_adam.pth"

    @Test func `a training checkpoint of torch is a struct`() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.path(Self.adam))
        let state = try checkpoint.decode(TrainingState.self)
        #expect(state.epoch == 3)
        #expect(state.loss == 0.125)
        #expect(state.best == nil)
        #expect(state.note == nil)
        #expect(state.args.lr == 0.25)
        #expect(state.args.name == "net")
        #expect(state.history == [1, 0.5, 0.125])
        #expect(try state.model.names == checkpoint.stateDict("model_state_dict").names)
        #expect(state.optimizer.groups[0].betas == [0.9, 0.999])
        #expect(state.optimizer.groups[0].params == Array(0..<state.optimizer.state.count))
        #expect(try state.optimizer.state[0]?["step"]?.item(as: Float.self) == 3)
    }

    @Test func `a part of a checkpoint is decoded at its path`() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.path(Self.adam))
        let lr = try checkpoint.decode(
            Double.self, at: ["optimizer_state_dict", "param_groups", 0, "lr"])
        #expect(lr == 0.25)
        #expect(throws: CheckpointError(.keyNotFound, "")) {
            try checkpoint.decode(Int.self, at: ["epochs"])
        }
    }

    /// What can't be decoded: the type, a value, the code, and the place in it.
    struct Refusal: Sendable, CustomStringConvertible {
        let description: String
        let value: @Sendable () throws -> CheckpointValue
        let code: CheckpointError.Code
        let keyPath: String?
        let decode: @Sendable (CheckpointValue) throws -> Void

        init<Decoded: Decodable & SendableMetatype>(
            _ type: Decoded.Type, _ code: CheckpointError.Code, at keyPath: String? = nil,
            _ value: @escaping @Sendable @autoclosure () throws -> CheckpointValue
        ) {
            description = "\(type) \(code) \(keyPath ?? "")"
            self.value = value
            self.code = code
            self.keyPath = keyPath
            decode = { _ = try CheckpointDecoder().decode(type, from: $0) }
        }
    }

    private struct Point: Codable {
        var x: Int
        var y: [Int]?
    }

    private enum Mode: String, Codable { case train, evaluate }

    private static let refusals: [Refusal] = [
        Refusal(Int.self, .typeMismatch, "5"),
        Refusal(Int.self, .typeMismatch, true),
        Refusal(Int.self, .numberOutOfRange, 1.5),
        Refusal(Int8.self, .numberOutOfRange, 128),
        Refusal(UInt.self, .numberOutOfRange, -1),
        Refusal(Int.self, .numberOutOfRange, CheckpointValue(BigInt(1) << 63)),
        Refusal(Double.self, .numberOutOfRange, CheckpointValue((1 << 53) + 1)),
        Refusal(Float.self, .numberOutOfRange, 1e300),
        Refusal(Double.self, .typeMismatch, "0.5"),
        Refusal(Double.self, .typeMismatch, .pythonNone),
        Refusal(Bool.self, .typeMismatch, 1),
        Refusal(String.self, .typeMismatch, 1),
        Refusal(Data.self, .typeMismatch, "text"),
        Refusal(Complex<Double>.self, .typeMismatch, 1),
        Refusal(Complex<Float>.self, .numberOutOfRange, CheckpointValue(real: 0, imaginary: 1e300)),
        Refusal([Int128: Int].self, .typeMismatch, ["0": 1]),
        Refusal(Tensor.self, .typeMismatch, 1),
        Refusal(StateDict.self, .typeMismatch, [1, 2]),
        Refusal([Int].self, .typeMismatch, 1),
        Refusal([Int].self, .typeMismatch, at: "[1]", [1, "a"]),
        Refusal([String: Int].self, .typeMismatch, at: nil, [0: 1]),
        Refusal([Int: Int].self, .typeMismatch, at: nil, ["0": 1]),
        Refusal([Int: Int].self, .typeMismatch, at: "[7]", [7: "a"]),
        Refusal(Point.self, .keyNotFound, at: "['x']", ["y": [1]]),
        Refusal(Point.self, .typeMismatch, at: "['y'][1]", ["x": 1, "y": [1, "a"]]),
        Refusal(Point.self, .typeMismatch, [1, 2]),
        Refusal([Point].self, .typeMismatch, at: "[1]['x']", [["x": 1], ["x": "one"]]),
        Refusal(Mode.self, .invalidValue, "test"),
        Refusal([Mode].self, .invalidValue, at: "[1]", ["train", "test"]),
        Refusal([String: Mode].self, .invalidValue, at: "['a']", ["a": "test"]),
        Refusal([Tensor].self, .typeMismatch, at: "[0]", [1]),
        Refusal([Data].self, .typeMismatch, at: "[0]", [1]),
        Refusal([DType].self, .typeMismatch, at: "[0]", [1]),
        Refusal(Int.self, .typeMismatch, try CheckpointValue(Tensor([1, 2] as [Float]))),
        Refusal(Int.self, .numberOutOfRange, try CheckpointValue(Tensor([1.5] as [Float]))),
    ]

    @Test(arguments: refusals)
    func `what does not fit is an error with its place`(_ refusal: Refusal) throws {
        let error = try #require(throws: CheckpointError.self) {
            try refusal.decode(refusal.value())
        }
        #expect(error.code == refusal.code, "\(error)")
        #expect(error.keyPath == refusal.keyPath, "\(error)")
        #expect(error.advice != nil)
    }

    @Test func `errors name the file and the place in it`() throws {
        let path = Fixture.path(Self.adam)
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: path).decode(
                [String].self, at: ["optimizer_state_dict", "param_groups"])
        }
        #expect(error.path == path)
        #expect(error.record == "data.pkl")
        #expect(error.offset != nil)
        #expect(error.keyPath == "['optimizer_state_dict']['param_groups'][0]")
        #expect(error.reason == "a str was asked for, but a builtins.dict is there")
    }

    @Test func `numbers are taken for the types that have them`() throws {
        let decoder = CheckpointDecoder()
        #expect(try decoder.decode(Double.self, from: 3) == 3)
        #expect(try decoder.decode(Int.self, from: 3.0) == 3)
        #expect(try decoder.decode(Float.self, from: 0.1) == 0.1)
        #expect(
            try decoder.decode(Double.self, from: CheckpointValue(Double.infinity)) == .infinity)
        #expect(try decoder.decode(Float.self, from: CheckpointValue(Double.nan)).isNaN)
        let wide = BigInt(1) << 100
        #expect(try decoder.decode(BigInt.self, from: CheckpointValue(wide)) == wide)
        #expect(try decoder.decode(Int128.self, from: CheckpointValue(wide)) == 1 << 100)
        #expect(try decoder.decode(UInt64.self, from: CheckpointValue(UInt64.max)) == .max)
    }

    @Test func `a tensor of one element is a number, too`() throws {
        let decoder = CheckpointDecoder()
        let loss = try CheckpointValue(Tensor([0.5] as [Float], shape: [], requiresGrad: true))
        #expect(try decoder.decode(Double.self, from: loss) == 0.5)
        let step = try CheckpointValue(Tensor([7] as [Float], shape: []))
        #expect(try decoder.decode(Int.self, from: step) == 7)
        let large = try CheckpointValue(Tensor([UInt64.max]))
        #expect(try decoder.decode(UInt64.self, from: large) == .max)
        #expect(try decoder.decode(Bool.self, from: CheckpointValue(Tensor([true]))))
        let error = try #require(throws: CheckpointError.self) {
            try decoder.decode(Int.self, from: loss)
        }
        #expect(error.reason.contains("0.5"), "\(error)")
        #expect(throws: CheckpointError(.typeMismatch, "")) {
            try decoder.decode(Bool.self, from: step)
        }
    }

    @Test func `a tensor is decoded without reading its elements`() throws {
        let code = """
            import sys, torch, zipfile
            torch.save({"w": torch.arange(4096)}, sys.argv[1] + ".pth")
            with zipfile.ZipFile(sys.argv[1] + ".pth") as old, \
                    zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as new:
                for info in old.infolist(): new.writestr(info.filename, old.read(info))
                place = next(i for i in new.infolist() if i.filename.endswith("data/0"))
            data = bytearray(open(sys.argv[1], "rb").read())
            start = place.header_offset + 30 + len(place.filename) + 64
            data[start:start + 64] = bytes([255]) * 64
            open(sys.argv[1], "wb").write(data)
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("a.zip")])
        try #require(made.status == 0, "\(made.error)")
        let tensors = try Checkpoint(contentsOf: folder.path("a.zip"))
            .decode([String: Tensor].self)
        let tensor = try #require(tensors["w"])
        #expect(tensor.shape == [4096])
        #expect(throws: CheckpointError.self) { try tensor.array(of: Int64.self) }
    }

    @Test func `tuples, lists and sets are arrays`() throws {
        let decoder = CheckpointDecoder()
        let values: [CheckpointValue] = try [
            .list([1, 2]), .tuple([1, 2]), .set([1, 2]), .frozenSet([1, 2]), .size([1, 2]),
        ]
        for value in values { #expect(try decoder.decode([Int].self, from: value) == [1, 2]) }
        #expect(try decoder.decode(Set<Int>.self, from: values[2]) == [1, 2])
    }

    @Test func `dictionaries keep their order and their keys`() throws {
        let decoder = CheckpointDecoder()
        let value: CheckpointValue = ["b": 1, "a": 2]
        let ordered = try decoder.decode(OrderedDictionary<String, Int>.self, from: value)
        #expect(Array(ordered.keys) == ["b", "a"])
        #expect(try decoder.decode([String: Int].self, from: value) == ["a": 2, "b": 1])
        let mixed: CheckpointValue = ["0": 1, 0: 2]
        let keys = try decoder.decode(OrderedDictionary<CheckpointKey, Int>.self, from: mixed)
        #expect(Array(keys.keys) == ["0", 0])
        // The number in a text is still a text.
        #expect(try decoder.decode([String: Int].self, from: ["7": 1]) == ["7": 1])
    }

    private enum Split: String, Codable { case train, val }
    private struct Name: RawRepresentable, Hashable, Codable, CodingKeyRepresentable {
        var rawValue: String
    }

    @Test func `keys of enumerations and the like are their raw values`() throws {
        let losses = try (["val": 0.5, "train": 0.25] as CheckpointValue)
            .decode([Split: Double].self)
        #expect(losses == [.val: 0.5, .train: 0.25])
        let mixed: CheckpointValue = [5: "int", "5": "str", "05": "zero"]
        #expect(throws: CheckpointError(.typeMismatch, "")) {
            try mixed.decode([Name: String].self)
        }
        let texts = try (["5": "str", "05": "zero"] as CheckpointValue).decode([Name: String].self)
        #expect(texts == [Name(rawValue: "5"): "str", Name(rawValue: "05"): "zero"])
    }

    @Test func `entries of a dictionary class come before attributes of the same name`() throws {
        let code = """
            import sys, torch
            class D(dict): pass
            d = D(a=1); d.__dict__.update(a=2, b=3)
            torch.save(d, sys.argv[1])
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("d.pth")])
        try #require(made.status == 0, "\(made.error)")
        let value = try Checkpoint(contentsOf: folder.path("d.pth")).root
        struct Both: Decodable {
            let a: Int
            let b: Int
        }
        let both = try value.decode(Both.self)
        #expect(both.a == 1 && both.b == 3)
        #expect(try value.decode([String: Int].self) == ["a": 1])
    }

    @Test func `an error of a type's own code has the place of the value`() throws {
        struct Refusing: Decodable {
            init(from decoder: any Decoder) throws { throw CheckpointError(.shapeMismatch, "no") }
        }
        struct Vague: Decodable {
            init(from decoder: any Decoder) throws {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no"))
            }
        }
        let value: CheckpointValue = ["a": [1]]
        let refused = try #require(throws: CheckpointError.self) {
            try value.decode([String: [Refusing]].self)
        }
        #expect(refused.keyPath == "['a'][0]" && refused.code == .shapeMismatch)
        let vague = try #require(throws: CheckpointError.self) {
            try value.decode([String: [Vague]].self)
        }
        #expect(vague.keyPath == "['a'][0]" && vague.code == .invalidValue)
        #expect(vague.reason == "no; 1 is there")
    }

    @Test func `errors have no offset where the pickle has no place for the value`() throws {
        let made = try #require(throws: CheckpointError.self) {
            try (["a": 1.5] as CheckpointValue).decode([String: Int].self)
        }
        #expect(made.offset == nil)
        let read = try Checkpoint(bytes: Checkpoint(["a": true, "b": 1000]).serialized())
        let shared = try #require(throws: CheckpointError.self) {
            try read.decode(String.self, at: ["a"])
        }
        #expect(shared.offset == nil)
        let own = try #require(throws: CheckpointError.self) {
            try read.decode(String.self, at: ["b"])
        }
        #expect((own.offset ?? 0) > 0)
    }

    @Test func `two keys that Swift can't tell apart are an error`() throws {
        let value: CheckpointValue = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(throws: CheckpointError(.duplicateName, "")) {
            try CheckpointDecoder().decode([String: Int].self, from: value)
        }
        let keys = try CheckpointDecoder().decode(
            OrderedDictionary<CheckpointKey, Int>.self, from: value)
        #expect(keys.count == 2)
    }

    @Test func `the fields of an object of a Python class are decoded like entries`() throws {
        struct Namespace: Decodable {
            let lr: Double
            let name: String
        }
        let code = """
            import argparse, sys, torch
            torch.save({"args": argparse.Namespace(lr=0.5, name="net")}, sys.argv[1])
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("a.pth")])
        try #require(made.status == 0, "\(made.error)")
        let checkpoint = try Checkpoint(contentsOf: folder.path("a.pth"))
        let arguments = try checkpoint.decode(Namespace.self, at: ["args"])
        #expect(arguments.lr == 0.5)
        #expect(arguments.name == "net")
    }

    @Test func `values can be taken as they are`() throws {
        struct Whatever: Codable { var anything: CheckpointValue }
        let value: CheckpointValue = ["anything": ["deep": [1, 2]]]
        let decoded = try CheckpointDecoder().decode(Whatever.self, from: value)
        #expect(decoded.anything["deep"]?[1]?.int == 2)
    }

    @Test func `a type is told what its decoder was given`() throws {
        struct Scaled: Decodable {
            let value: Double
            init(from decoder: any Decoder) throws {
                let scale = try decoder.userInfo[.scale] as? Double ?? 1
                value = try scale * decoder.singleValueContainer().decode(Double.self)
            }
        }
        var decoder = CheckpointDecoder()
        try decoder.userInfo[.scale] = 2.0
        #expect(try decoder.decode([Scaled].self, from: [1, 2]).map(\.value) == [2, 4])
    }

    @Test func `other coders refuse tensors and say why`() throws {
        let tensor = try Tensor([1] as [Float])
        let written = #expect(throws: EncodingError.self) { try JSONEncoder().encode([tensor]) }
        #expect("\(try #require(written))".contains("CheckpointEncoder"))
        let read = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([StateDict].self, from: Data("[1]".utf8))
        }
        #expect("\(try #require(read))".contains("CheckpointDecoder"))
    }
}

extension CodingUserInfoKey {
    fileprivate static var scale: CodingUserInfoKey {
        get throws { try #require(CodingUserInfoKey(rawValue: "scale")) }
    }
}

/// Files that ask a decoder for more than there is.
@Suite struct HostileDecodingTests {
    /// A type that is as deep as the file.
    private indirect enum Nested: Decodable {
        case list([Nested])
        case number(Int)

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Int.self) {
                self = .number(number)
            } else {
                self = try .list([Nested](from: decoder))
            }
        }
    }

    private func nested(_ depth: Int) throws -> CheckpointValue {
        var checkpoint = try Checkpoint([0])
        var path: CheckpointPath = [0]
        for _ in 1..<depth {
            try checkpoint.set([0], at: path)
            path = path.appending(0)
        }
        return checkpoint.root
    }

    @Test func `values are decoded up to the depth that is promised`() throws {
        let value = try nested(128)
        let outcome = OnSmallStack { try CheckpointDecoder().decode(Nested.self, from: value) }
        _ = try outcome.run().get()
    }

    @Test func `what is nested deeper is an error and no end of the stack`() throws {
        for depth in [129, 2000] {
            let value = try nested(depth)
            let outcome = OnSmallStack { try CheckpointDecoder().decode(Nested.self, from: value) }
            #expect(throws: CheckpointError(.limitExceeded, "")) { try outcome.run().get() }
        }
    }

    @Test func `a list inside itself is an error`() throws {
        // ]q\0h\0a. is a list that holds itself.
        let checkpoint = try Checkpoint(bytes: [0x80, 2] + Array("]q\0h\0a.".utf8))
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try checkpoint.decode(Nested.self)
        }
    }

    @Test func `sharing that would take for ever is an error`() throws {
        // Each list holds the one before twice: 2 to the 60 numbers.
        var checkpoint = try Checkpoint([[0], [0]])
        for _ in 0..<60 {
            try checkpoint.set(.list([checkpoint.root]), at: [])
            try checkpoint.append(checkpoint.value(at: [0]), to: [])
        }
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try checkpoint.decode(Nested.self)
        }
    }

    @Test func `long lists of shared objects are no attack`() throws {
        let code = """
            import sys, torch
            torch.save({"labels": [i % 10 for i in range(50000)], "mask": [True, None] * 25000,
                        "names": ["cat", "dog"] * 50000, "text": ["x" * 1000] * 2000}, sys.argv[1])
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("a.pth")])
        try #require(made.status == 0, "\(made.error)")
        struct Data: Decodable {
            let labels: [Int]
            let mask: [Bool?]
            let names: [String]
            let text: [String]
        }
        let checkpoint = try Checkpoint(contentsOf: folder.path("a.pth"))
        let data = try checkpoint.decode(Data.self)
        #expect(data.labels.count == 50000 && data.mask[1] == nil && data.names[99999] == "dog")
        #expect(data.text.count == 2000)
    }

    @Test func `what is in two places may be decoded in both`() throws {
        let code = """
            import sys, torch
            m = [True, False] * 100000
            torch.save({"a": m, "b": m}, sys.argv[1])
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("a.pth")])
        try #require(made.status == 0, "\(made.error)")
        let both = try Checkpoint(contentsOf: folder.path("a.pth")).decode([String: [Bool]].self)
        #expect(both["a"] == both["b"] && both["a"]?.count == 200_000)
    }

    @Test func `objects that share what they are made of are no way around the limit`() throws {
        let code = """
            import sys, torch
            class C: pass
            state = {f"f{i}": i for i in range(10000)}
            shared = C(); shared.__dict__ = state
            def made():
                c = C.__new__(C); c.__dict__ = state
                return c
            big = list(range(10000))
            class S(set):
                def __reduce__(self): return set, (big,)
            torch.save([shared] * 10000, sys.argv[1] + "/fields.pth")
            torch.save([made() for _ in range(10000)], sys.argv[1] + "/states.pth")
            torch.save([S() for _ in range(20000)], sys.argv[1] + "/sets.pth")
            key = "k" * (1 << 20)
            torch.save([{key: i} for i in range(5000)], sys.argv[1] + "/keys.pth")
            torch.save([key] * 20000, sys.argv[1] + "/texts.pth")
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path])
        try #require(made.status == 0, "\(made.error)")
        struct Field: Decodable { let f1: Int }
        func expectLimit(_ name: String, _ decode: (Checkpoint) throws -> Void) throws {
            let checkpoint = try Checkpoint(contentsOf: folder.path(name))
            #expect(throws: CheckpointError(.limitExceeded, "")) { try decode(checkpoint) }
        }
        try expectLimit("fields.pth") { _ = try $0.decode([Field].self) }
        try expectLimit("states.pth") { _ = try $0.decode([Field].self) }
        try expectLimit("sets.pth") { _ = try $0.decode([[Int]].self) }
        try expectLimit("keys.pth") { _ = try $0.decode([[String: Int]].self) }
        try expectLimit("texts.pth") { _ = try $0.decode([CheckpointKey].self) }
    }

    @Test func `a number may be a view of a large tensor`() throws {
        let storage = try Storage(bytes: [UInt8](repeating: 0, count: 1 << 26))
        let views = try (0..<1000).map { index in
            try CheckpointValue(
                Tensor(storage: storage, dtype: .float32, shape: [], storageOffset: index))
        }
        let checkpoint = try Checkpoint(.list(views))
        #expect(try checkpoint.decode([Double].self).count == 1000)
    }

    @Test func `a long text in very many places is an error`() throws {
        // One text of 1 MB, a hundred thousand times: 100 GB as Swift strings.
        var pickle: [UInt8] = [0x80, 2, 0x5D, 0x58, 0, 0, 0x10, 0]
        pickle += [UInt8](repeating: 0x61, count: 1 << 20) + [0x71, 0, 0x61, 0x28]
        for _ in 0..<100_000 { pickle += [0x68, 0] }
        let checkpoint = try Checkpoint(bytes: pickle + [0x65, 0x2E])
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try checkpoint.decode([String].self)
        }
    }

    @Test func `a state dict in many places is read once`() throws {
        let stateDict = try StateDict(["w": Tensor([1] as [Float])])
        var checkpoint = try Checkpoint(["a": CheckpointValue(stateDict)])
        let value = try checkpoint.value(at: ["a"])
        for index in 0..<100 { try checkpoint.set(value, at: [.string("k\(index)")]) }
        let all = try checkpoint.decode([String: StateDict].self)
        let storages = Set(all.values.compactMap { $0["w"].map { ObjectIdentifier($0.storage) } })
        #expect(all.count == 101)
        #expect(storages.count == 1)
    }
}

/// Work on a thread with as little stack as threads have on Apple's systems.
final class OnSmallStack<Result: Sendable>: @unchecked Sendable {
    private let body: @Sendable () throws -> Result
    private var result: Swift.Result<Result, any Error>?

    init(_ body: @escaping @Sendable () throws -> Result) { self.body = body }

    func run() throws -> Swift.Result<Result, any Error> {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread { [self] in
            result = Swift.Result { try body() }
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
        return try #require(result)
    }
}
