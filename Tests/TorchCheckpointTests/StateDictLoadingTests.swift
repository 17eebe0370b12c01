import TestSupport
import Testing
import TorchCheckpoint

/// Loading a state dict into models that are values and models that are objects.
@Suite struct StateDictLoadingTests {
    private func stateDict(weight: Tensor? = nil, bias: Tensor? = nil) throws -> StateDict {
        StateDict([
            "weight": try weight ?? Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]),
            "bias": try bias ?? Tensor([5, 6] as [Float]),
        ])
    }

    @Test func `a model that is a value takes what is loaded`() throws {
        var model = Linear()
        #expect(try model.load(stateDict()).isEmpty)
        #expect(model == Linear(weight: [1, 2, 3, 4], bias: [5, 6]))
    }

    @Test func `a model that is an object takes what is loaded`() throws {
        let model = LinearObject()
        #expect(try model.load(stateDict()).isEmpty)
        #expect(model.layer == Linear(weight: [1, 2, 3, 4], bias: [5, 6]))
    }

    @Test func `numbers of another dtype are converted`() throws {
        var model = Linear()
        try model.load(
            stateDict(
                weight: Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]),
                bias: Tensor([0.5, 0.1] as [Double])))
        #expect(model == Linear(weight: [1, 2, 3, 4], bias: [0.5, 0.1]))
    }

    @Test func `of what does not fit, all is in one error`() throws {
        var model = Linear()
        var wrong = StateDict(["kernel": try Tensor([1] as [Float])])
        wrong.tensors["weight"] = try Tensor([1, 2] as [Float])
        wrong.extras["bias"] = 3
        let error = #expect(throws: CheckpointError.self) { try model.load(wrong) }
        #expect(error?.code == .incompatibleStateDict)
        let mismatch = error?.underlying as? StateDictMismatch
        #expect(
            mismatch
                == StateDictMismatch(
                    unexpectedKeys: ["kernel"],
                    shapeMismatches: [.init(name: "weight", expected: [2, 2], found: [2])],
                    notTensors: [.init(name: "bias", typeName: "builtins.int")]))
        #expect(error?.reason.contains(mismatch?.description ?? "?") == true)
        #expect(error?.reason.contains("Linear") == true)
        #expect(model == Linear())
    }

    @Test func `names may differ when loading is not strict, and shapes may not`() throws {
        var model = Linear()
        var part = try stateDict()
        part.tensors["bias"] = nil
        part.tensors["kernel"] = part.tensors["weight"]
        let keys = try model.load(part, strict: false)
        #expect(keys == IncompatibleKeys(missingKeys: ["bias"], unexpectedKeys: ["kernel"]))
        #expect("\(keys)" == "_IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['kernel'])")
        #expect(model == Linear(weight: [1, 2, 3, 4], bias: [0, 0]))
        part.tensors["weight"] = try Tensor([1] as [Float])
        let error = #expect(throws: CheckpointError.self) {
            try model.load(part, strict: false)
        }
        let mismatch = error?.underlying as? StateDictMismatch
        #expect(mismatch?.missingKeys == [] && mismatch?.shapeMismatches.count == 1)
    }

    @Test(arguments: ["module.", "a.b.", "_"])
    func `a prefix is recognised and the way to be rid of it named`(prefix: String) throws {
        var model = Linear()
        let prefixed = try stateDict().addingPrefix(prefix)
        let error = #expect(throws: CheckpointError.self) { try model.load(prefixed) }
        #expect(error?.advice?.contains("strippingPrefix(\"\(prefix)\")") == true)
        try model.load(prefixed.strippingPrefix(prefix))
        #expect(model == Linear(weight: [1, 2, 3, 4], bias: [5, 6]))
    }

    @Test func `a text names twenty of a kind, and the error has all`() throws {
        var model = Linear()
        var large = try stateDict()
        for number in 0..<50 { large.tensors["x\(number)"] = try Tensor([1] as [Float]) }
        let error = #expect(throws: CheckpointError.self) { try model.load(large) }
        let mismatch = error?.underlying as? StateDictMismatch
        #expect(mismatch?.unexpectedKeys == (0..<50).map { "x\($0)" })
        #expect(error?.reason.contains("\"x19\", and 30 more") == true)
        #expect(error?.reason.contains("\"x20\"") == false)
    }

    @Test func `a model that refuses what it is given is as it was`() throws {
        let refused = try stateDict(bias: Tensor([-1, -1] as [Float]))
        var value = Linear(weight: [9, 9, 9, 9], bias: [9, 9])
        #expect(throws: Refusal.self) { try value.load(refused) }
        #expect(value == Linear(weight: [9, 9, 9, 9], bias: [9, 9]))
        let object = LinearObject(layer: Linear(weight: [9, 9, 9, 9], bias: [9, 9]))
        #expect(throws: Refusal.self) { try object.load(refused) }
        #expect(object.layer == Linear(weight: [9, 9, 9, 9], bias: [9, 9]))
        var holder = Holder(part: object, count: 1)
        #expect(throws: Refusal.self) { try holder.load(refused) }
        #expect(object.layer == Linear(weight: [9, 9, 9, 9], bias: [9, 9]))
        #expect(holder.count == 1)
    }

    @Test func `an element without a counterpart is refused with the name of its tensor`() throws {
        var model = NamedTensors(own: StateDict(["a": try Tensor([1] as [UInt8])]))
        let large = StateDict(["a": try Tensor([300] as [Float])])
        let error = #expect(throws: CheckpointError.self) { try model.load(large) }
        #expect(error?.code == .incompatibleStateDict)
        let mismatch = try #require(error?.underlying as? StateDictMismatch)
        #expect(mismatch.inconvertible.map(\.name) == ["a"])
        #expect(try model.own.tensor("a").array(of: UInt8.self) == [1])
        try model.load(large, assign: true)
        #expect(try model.own.tensor("a").array(of: Float.self) == [300])
    }

    @Test func `all tensors with such elements are in one error`() throws {
        let own = try Tensor([1] as [Int64])
        var model = NamedTensors(own: StateDict(["a": own, "b": own, "c": own]))
        let loaded = try StateDict([
            "a": Tensor([Float.nan]), "b": Tensor([2] as [Float]), "c": Tensor([Float.infinity]),
        ])
        let error = try #require(throws: CheckpointError.self) { try model.load(loaded) }
        let mismatch = try #require(error.underlying as? StateDictMismatch)
        #expect(mismatch.inconvertible.map(\.name) == ["a", "c"])
        #expect(error.reason.contains("nan") && error.reason.contains("inf"), "\(error)")
        #expect(try model.own.tensor("b").item(as: Int64.self) == 1)
    }

    @Test func `a tensor under several names keeps the marks of each`() throws {
        let storage = try Storage(bytes: [UInt8](repeating: 0, count: 4))
        let parameter = try Tensor(
            storage: storage, dtype: .float32, shape: [1], requiresGrad: true, isParameter: true)
        let buffer = try Tensor(storage: storage, dtype: .float32, shape: [1])
        var model = NamedTensors(own: StateDict(["a": parameter, "b": buffer]))
        try model.load(StateDict(["a": Tensor([1] as [Float]), "b": Tensor([2] as [Float])]))
        let (first, second) = try (model.own.tensor("a"), model.own.tensor("b"))
        #expect(first.isParameter && first.requiresGrad && !second.isParameter)
        #expect(first.storage === second.storage)
        #expect(try first.item(as: Float.self) == 2)
    }

    @Test func `advice names a prefix only if it is one of all names`() throws {
        func advice(_ model: [String], _ loaded: [String]) throws -> String {
            let tensor = try Tensor([1] as [Float])
            func stateDict(_ names: [String]) -> StateDict {
                StateDict(OrderedDictionary(uniqueKeysWithValues: names.map { ($0, tensor) }))
            }
            var model = NamedTensors(own: stateDict(model))
            let error = try #require(throws: CheckpointError.self) {
                try model.load(stateDict(loaded))
            }
            return try #require(error.advice)
        }
        #expect(try advice(["a.w", "b"], ["module.a.w", "module.b"]).contains("module."))
        #expect(
            try advice(["module.a", "module.b"], ["a", "b"]).contains("addingPrefix(\"module"))
        #expect(try !advice(["a"], ["banana"]).contains("Prefix"))
        #expect(try !advice(["a", "b"], ["module.a"]).contains("Prefix"))
    }

    @Test func `a count of batches is missing where the model's own module never had versions`()
        throws
    {
        func stateDict(_ count: Tensor, version: Int?) -> StateDict {
            StateDict(
                ["num_batches_tracked": count],
                metadata: version.map { .moduleVersions(["": $0]) })
        }
        let (scalar, pair) = try (Tensor([1] as [Int64], shape: []), Tensor([1, 2] as [Int64]))
        for (own, isMissing) in [
            (stateDict(scalar, version: nil), false), (stateDict(scalar, version: 2), false),
            (stateDict(scalar, version: 1), true), (stateDict(pair, version: nil), true),
        ] {
            var model = NamedTensors(own: own)
            let keys = try model.load(StateDict(), strict: false)
            #expect(keys.missingKeys.isEmpty != isMissing)
        }
    }

    @Test func `a tensor keeps the marks and the device that the model's own has`() throws {
        let own = try Tensor(
            [1] as [Double], device: .mps, requiresGrad: true, isParameter: true)
        var model = NamedTensors(own: StateDict(["a": own]))
        try model.load(StateDict(["a": Tensor([3] as [Float])]))
        var loaded = try model.own.tensor("a")
        #expect(loaded.requiresGrad && loaded.isParameter && loaded.device == .mps)
        #expect(try loaded.array(of: Double.self) == [3])
        try model.load(StateDict(["a": Tensor([4] as [Float])]), assign: true)
        loaded = try model.own.tensor("a")
        #expect(loaded.requiresGrad && loaded.isParameter && loaded.device == .cpu)
        #expect(loaded.dtype == .float32)
    }

    @Test func `tensors that share a storage go on sharing it`() throws {
        let storage = try Storage(bytes: [0, 0, 128, 63, 0, 0, 0, 64])
        let views = try (0..<2).map {
            try Tensor(storage: storage, dtype: .float32, shape: [1], storageOffset: $0)
        }
        let loaded = StateDict(["a": views[0], "b": views[1], "c": views[1]])
        for device in [Device.cpu, .mps] {
            var model = NamedTensors(own: StateDict())
            for name in loaded.names {
                model.own.tensors[name] = try Tensor([0] as [Float], device: device)
            }
            try model.load(loaded)
            let storages = try loaded.names.map { try model.own.tensor($0).storage }
            #expect(storages[0] === storages[1] && storages[1] === storages[2])
        }
        var wide = NamedTensors(own: StateDict())
        for name in loaded.names { wide.own.tensors[name] = try Tensor([0] as [Double]) }
        try wide.load(loaded)
        #expect(try wide.own.tensor("b").storage === wide.own.tensor("c").storage)
        #expect(try wide.own.tensor("a").array(of: Double.self) == [1])
        #expect(try wide.own.tensor("c").array(of: Double.self) == [2])
    }

    @Test func `a tensor under several names of the model has one value`() throws {
        let own = try Tensor([0] as [Float])
        var model = NamedTensors(own: StateDict(["a": own, "b": own, "c": own]))
        let loaded = StateDict(["a": try Tensor([1] as [Float]), "b": try Tensor([2] as [Float])])
        try model.load(loaded, strict: false)
        #expect(try model.own.map { try $0.value.item(as: Float.self) } == [2, 2, 2])
    }

    @Test func `quantized numbers are not taken for others`() throws {
        let quantized = try Tensor([1] as [Int8], dtype: .qint8)
        var model = NamedTensors(own: StateDict(["a": try Tensor([1] as [Float])]))
        #expect(throws: CheckpointError(.incompatibleStateDict, "")) {
            try model.load(StateDict(["a": quantized]))
        }
    }

    @Test func `a version that is no number is refused where it counts`() throws {
        var model = NamedTensors(own: StateDict())
        model.own.tensors["n.num_batches_tracked"] = try Tensor([0] as [Int64], shape: [])
        for (version, code) in [
            ("x", CheckpointError.Code.typeMismatch), ([], .typeMismatch),
            (2, .incompatibleStateDict),
        ] as [(CheckpointValue, CheckpointError.Code)] {
            let metadata = try CheckpointValue.dictionary(["n": .dictionary(["version": version])])
            #expect(throws: CheckpointError(code, "")) {
                try model.load(StateDict(metadata: metadata))
            }
        }
        for metadata in [nil, 1, [], "x", ["n": 1], ["n": [:]], [1: 2]] as [CheckpointValue?] {
            #expect(try model.load(StateDict(metadata: metadata)).isEmpty)
        }
    }

    @Test func `names in other Unicode forms are other names`() throws {
        var model = NamedTensors(own: StateDict(["\u{e9}": try Tensor([1] as [Float])]))
        let other = StateDict(["e\u{301}": try Tensor([2] as [Float])])
        let keys = try model.load(other, strict: false)
        #expect(keys.missingKeys.first?.utf8.elementsEqual("\u{e9}".utf8) == true)
        #expect(keys.unexpectedKeys.first?.utf8.elementsEqual("e\u{301}".utf8) == true)
        #expect(try model.own.tensor("\u{e9}").item(as: Float.self) == 1)
    }
}

private struct Refusal: Error {}

/// A linear layer from two numbers to two, which takes no bias of -1.
private struct Linear: StateDictLoadable, Equatable {
    var weight: [Float] = [0, 0, 0, 0]
    var bias: [Float] = [0, 0]

    func stateDict() throws -> StateDict {
        StateDict(["weight": try Tensor(weight, shape: [2, 2]), "bias": try Tensor(bias)])
    }

    mutating func update(with stateDict: StateDict) throws {
        weight = try stateDict.tensor("weight").array()
        bias = try stateDict.tensor("bias").array()
        if bias[0] == -1 { throw Refusal() }
    }
}

private final class LinearObject: StateDictLoadable {
    var layer: Linear

    init(layer: Linear = Linear()) { self.layer = layer }

    func stateDict() throws -> StateDict { try layer.stateDict() }

    func update(with stateDict: StateDict) throws { try layer.update(with: stateDict) }
}

/// A value with a part that is an object.
private struct Holder: StateDictLoadable {
    let part: LinearObject
    var count: Int

    func stateDict() throws -> StateDict { try part.stateDict() }

    mutating func update(with stateDict: StateDict) throws {
        count += 1
        try part.update(with: stateDict)
    }
}
