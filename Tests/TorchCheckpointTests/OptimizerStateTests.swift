import TestSupport
import Testing
import TorchCheckpoint

/// What optimizer states make of values of every kind in every place.
@Suite struct OptimizerStateTests {
    /// A value of every kind.
    private static func values() throws -> [CheckpointValue] {
        var values: [CheckpointValue] = [
            .pythonNone, true, 3, -1, 2.5, "text", "", [], [1, 2], ["a"], [[:]], [:], ["a": 1],
            [1: 2], [1.5: 2], CheckpointValue(Int64.max), CheckpointValue(BigInt(1) << 100),
            CheckpointValue(Double.nan), CheckpointValue(bytes: [1, 2]),
            CheckpointValue(byteArray: [1]), CheckpointValue(DType.float32),
            CheckpointValue(Device.cpu), CheckpointValue(real: 1, imaginary: 2),
            try .tuple([]), try .tuple([1, 2]), try .set([1]), try .frozenSet([1]), .size([2]),
            try .orderedDictionary(["a": 1]), try .dictionary(pairs: [(.tuple([1, 2]), 1)]),
            try .dictionary(pairs: [(.pythonNone, 1)]),
        ]
        values += try [
            Tensor([1] as [Float]), Tensor([2] as [Int64], shape: []),
            Tensor([1, 2] as [Float]), Tensor([] as [Float]), Tensor([Float.nan], shape: []),
            Tensor([true], shape: []),
        ].map { try CheckpointValue($0) }
        for fixture in ["training_whole_module.pth", "view_sparse_coo.pth"] {
            let path = Fixture.path("torch-2.13.0/" + fixture)
            values.append(try Checkpoint(contentsOf: path).root)
        }
        return values
    }

    private static let places: [CheckpointPath] = [
        [], ["state"], ["state", 0], ["state", 0, "step"], ["state", 0, "exp_avg"],
        ["param_groups"], ["param_groups", 0], ["param_groups", 0, "lr"],
        ["param_groups", 0, "params"], ["param_groups", 0, "betas"],
        ["param_groups", 0, "amsgrad"], ["param_groups", 0, "param_names"], ["extra"],
    ]

    private func original() throws -> Checkpoint {
        let average = try Tensor([1, 2] as [Float])
        var state = OptimizerState(paramGroups: [.adam(params: 0..<1)], extras: ["extra": 1])
        state.state[0] = try .adam(step: 1, expAvg: average, expAvgSq: average)
        state.paramGroups[0].paramNames = ["a"]
        return try Checkpoint(state.checkpointValue())
    }

    /// Reads and sets all that has a name.
    private func use(_ state: inout OptimizerState) {
        for (key, var entry) in state.state {
            entry.step = (entry.step ?? 0) &+ 1
            _ = try? entry.tensor("exp_avg")
            state.state[key] = entry
        }
        state.paramGroups = state.paramGroups.map { group in
            var changed = group
            changed.params = group.params ?? [0, "a"]
            changed.paramNames = group.paramNames ?? ["a"]
            changed.lr = (group.lr ?? 0) / 2
            changed.betas = group.betas ?? (0.5, 0.5)
            changed.amsgrad = group.amsgrad != true
            return changed
        }
    }

    @Test func `a value of any kind in any place is read, or refused with its place`() throws {
        for place in Self.places {
            for value in try Self.values() {
                var checkpoint = try original()
                try checkpoint.set(value, at: place)
                let what = "\(place) \(value.typeName)"
                let refusal = Self.refusal(of: value, at: place)
                do {
                    var state = try OptimizerState(checkpointValue: checkpoint.root)
                    #expect(refusal == nil, "\(what)")
                    let options = SaveOptions(globals: .inert)
                    _ = try Checkpoint(state.checkpointValue()).serialized(options: options)
                    use(&state)
                    _ = try Checkpoint(state.checkpointValue()).serialized(options: options)
                } catch let error as CheckpointError {
                    #expect(error.code == refusal?.code, "\(what): \(error)")
                    #expect(error.keyPath == refusal?.keyPath, "\(what): \(error)")
                }
            }
        }
    }

    /// Why a value is refused at a place, or nil when it is read.
    private static func refusal(
        of value: CheckpointValue, at place: CheckpointPath
    ) -> (code: CheckpointError.Code, keyPath: String?)? {
        let path = place.keys.isEmpty ? nil : "\(place)"
        switch place {
        case []: return value.hasNames ? (.keyNotFound, nil) : (.typeMismatch, nil)
        case ["state", 0], ["param_groups", 0]:
            return value.hasNames ? nil : (.typeMismatch, path)
        case ["state"]:
            guard value.kind == .dictionary, let entries = value.dictionary else {
                return (.typeMismatch, path)
            }
            let wrong = entries.first { !$0.key.isMakeable || !$0.value.hasNames }
            return wrong.map { (.typeMismatch, "\(place.appending($0.key))") }
        case ["param_groups"]:
            guard value.kind == .list || value.kind == .tuple, let items = value.array else {
                return (.typeMismatch, path)
            }
            let wrong = items.firstIndex { !$0.hasNames }
            return wrong.map { (.typeMismatch, "\(place.appending(.integer($0)))") }
        default: return nil
        }
    }

    @Test func `keys that are no names are refused with their place`() throws {
        for (place, path) in [
            ([], nil), (["state", 0], "['state'][0]"),
            (["param_groups", 0], "['param_groups'][0]"),
        ] as [(CheckpointPath, String?)] {
            var checkpoint = try original()
            try checkpoint.set(1, at: CheckpointPath(place.keys + [5]))
            let error = #expect(throws: CheckpointError.self) {
                try OptimizerState(checkpointValue: checkpoint.root)
            }
            #expect(error?.code == .typeMismatch && error?.keyPath == path)
        }
        var checkpoint = try original()
        let empty: CheckpointValue = [:]
        try checkpoint.set(.dictionary(pairs: [(.tuple([1]), empty)]), at: ["state"])
        let error = #expect(throws: CheckpointError.self) {
            try OptimizerState(checkpointValue: checkpoint.root)
        }
        #expect(error?.code == .typeMismatch && error?.keyPath == "['state'][(1,)]")
    }

    @Test(arguments: ["state", "param_groups"])
    func `a missing part is named`(name: String) throws {
        var checkpoint = try original()
        checkpoint[name] = nil
        let error = #expect(throws: CheckpointError.self) {
            try OptimizerState(checkpointValue: checkpoint.root)
        }
        #expect(error?.code == .keyNotFound && error?.reason.contains("'\(name)'") == true)
    }

    @Test func `names that differ in their Unicode form only are refused`() throws {
        var checkpoint = try original()
        for name in ["\u{e9}", "e\u{301}"] {
            try checkpoint.set(1, at: ["param_groups", 0, .string(name)])
        }
        let error = #expect(throws: CheckpointError.self) {
            try OptimizerState(checkpointValue: checkpoint.root)
        }
        #expect(error?.code == .duplicateName && error?.keyPath == "['param_groups'][0]")
    }

    @Test func `keys keep their order, and new ones come last`() throws {
        let root = try CheckpointValue.dictionary([
            "z": 1, "param_groups": [], "y": 2, "state": [:], "x": 3,
        ])
        var state = try OptimizerState(checkpointValue: root)
        let keys = { try state.checkpointValue().dictionary?.keys.map(\.description) }
        #expect(try keys() == ["z", "param_groups", "y", "state", "x"])
        state.extras["y"] = nil
        state.extras["a"] = 4
        #expect(try keys() == ["z", "param_groups", "state", "x", "a"])
    }

    @Test(arguments: ["state", "param_groups"])
    func `an extra with the name of a part is refused`(name: String) throws {
        var state = try OptimizerState(checkpointValue: original().root)
        state.extras[name] = 5
        let error = #expect(throws: CheckpointError.self) { try state.checkpointValue() }
        #expect(error?.code == .duplicateName && error?.reason.contains("'\(name)'") == true)
        state.extras[name] = nil
        #expect(try state.checkpointValue()[.string(name)] != nil)
    }

    @Test func `a tuple in two groups is one object, and so is a storage in two states`() throws {
        let storage = try Storage(bytes: [UInt8](repeating: 1, count: 16))
        let halves = try (0..<2).map {
            try Tensor(storage: storage, dtype: .float32, shape: [2], storageOffset: 2 * $0)
        }
        var state = OptimizerState()
        for (index, half) in halves.enumerated() {
            state.state[.integer(index)] = try .sgd(momentumBuffer: half)
        }
        var group = ParamGroup.adam(params: [0])
        state.paramGroups = [group]
        group.params = [1]
        state.paramGroups.append(group)
        let bytes = try Checkpoint(state.checkpointValue()).serialized()
        let read = try Checkpoint(bytes: bytes)
        let states = try OptimizerState(checkpointValue: read.root)
        let buffers = try states.state.values.map { try $0.tensor("momentum_buffer").storage }
        #expect(buffers.count == 2 && buffers[0] === buffers[1])
        let betas = states.paramGroups.compactMap { $0["betas"]?.id }
        #expect(betas.count == 2 && betas[0] == betas[1])
    }

    @Test func `a large dictionary in very many places is refused`() throws {
        let entries = (0..<3000).map { (CheckpointKey.string("\($0)"), CheckpointValue($0)) }
        let large = try CheckpointValue.dictionary(OrderedDictionary(uniqueKeysWithValues: entries))
        let states = (0..<3000).map { (CheckpointKey.integer($0), large) }
        let root = try CheckpointValue.dictionary([
            "state": .dictionary(OrderedDictionary(uniqueKeysWithValues: states)),
            "param_groups": [],
        ])
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try OptimizerState(checkpointValue: root)
        }
    }

    @Test(arguments: ["1.13.1", "2.1.2", "2.6.0", "2.13.0"])
    func `states in older torch's checkpoints are written as they are there`(
        version: String
    ) throws {
        for (name, path) in [
            ("checkpoint_sgd", ["optimizer_state_dict"]),
            ("checkpoint_adam", ["optimizer_state_dict"]),
            ("checkpoint_adamw", ["optimizer_state_dict"]), ("optimizer_two_groups", []),
            ("scheduler", ["optimizer"]), ("lightning", ["optimizer_states", 0]),
        ] as [(String, CheckpointPath)] {
            let file = Fixture.path("torch-\(version)/training_\(name).pth")
            let value = try Checkpoint(contentsOf: file).value(at: path)
            let state = try OptimizerState(checkpointValue: value)
            #expect(!state.state.isEmpty && state.paramGroups.allSatisfy { $0.lr != nil })
            let copy = try Checkpoint(state.checkpointValue()).serialized()
            #expect(try copy == Checkpoint(value).serialized(), "\(name)")
        }
        let file = Fixture.path("torch-\(version)/training_scheduler.pth")
        for key in ["step_lr", "cosine"] {
            let value = try Checkpoint(contentsOf: file).value(at: [.string(key)])
            let state = try LRSchedulerState(checkpointValue: value)
            let copy = try Checkpoint(state.checkpointValue()).serialized()
            #expect(try copy == Checkpoint(value).serialized(), "\(key)")
        }
    }

    /// What a training run would keep.
    private struct Run: Codable {
        var epoch: Int
        var optimizer: OptimizerState
        var scheduler: LRSchedulerState
    }

    @Test func `states are properties of types that are coded`() throws {
        var run = Run(
            epoch: 3, optimizer: OptimizerState(paramGroups: [.adagrad(params: 0..<2)]),
            scheduler: LRSchedulerState())
        run.scheduler.lastEpoch = 3
        let checkpoint = try Checkpoint(encoding: run)
        let read = try checkpoint.decode(Run.self)
        #expect(read.optimizer.paramGroups.first?.params == [0, 1])
        #expect(read.epoch == 3 && read.scheduler.lastEpoch == 3)
        var damaged = checkpoint
        try damaged.set(1, at: ["optimizer", "param_groups", 0])
        let error = #expect(throws: CheckpointError.self) { try damaged.decode(Run.self) }
        #expect(error?.code == .typeMismatch)
        #expect(error?.keyPath == "['optimizer']['param_groups'][0]")
    }

    @Test func `what can't be set is reported when it is written`() throws {
        var state = OptimizerState()
        let step = try CheckpointValue(Tensor([1] as [Int8]))
        state.state[0] = ParameterState(["step": step])
        state.state[0]?.step = 1000
        #expect(throws: CheckpointError(.inconvertible, "")) { try state.checkpointValue() }
        state.state[0]?.step = 100
        let written = try OptimizerState(checkpointValue: state.checkpointValue())
        #expect(written.state[0]?.step == 100)
        state.state[.other("None")] = ParameterState()
        #expect(throws: CheckpointError(.typeMismatch, "")) { try state.checkpointValue() }
    }

    @Test func `a number that its form does not have is not written as another one`() throws {
        func written(
            _ old: CheckpointValue?, _ set: (inout ParamGroup) -> Void
        ) throws -> Double? {
            var group = ParamGroup()
            group["lr"] = old
            set(&group)
            return try CheckpointValue(encoding: OptimizerState(paramGroups: [group]))[
                "param_groups"]?[0]?["lr"]?.decode(Double.self)
        }
        let whole = try CheckpointValue(Tensor([1] as [Int64]))
        #expect(throws: CheckpointError(.inconvertible, "")) { try written(whole) { $0.lr = 0.5 } }
        #expect(try written(whole) { $0.lr = 2 } == 2)
        let single = try CheckpointValue(Tensor([1] as [Float]))
        #expect(throws: CheckpointError(.inconvertible, "")) {
            try written(single) { $0.lr = 1e300 }
        }
        #expect(try written(single) { $0.lr = 0.1 } == Double(Float(0.1)))
        #expect(try written(nil) { $0.lr = 0.1 } == 0.1)
    }

    @Test func `steps are counted exactly, or not at all`() throws {
        func written(_ old: CheckpointValue?, _ step: Int) throws -> Int? {
            var state = ParameterState()
            state["step"] = old
            state.step = step
            let optimizer = OptimizerState(state: [0: state])
            return try CheckpointValue(encoding: optimizer).decode(OptimizerState.self).state[0]?
                .step
        }
        #expect(try written(nil, 1 << 24) == 1 << 24)
        #expect(throws: CheckpointError(.inconvertible, "")) { try written(nil, (1 << 24) + 1) }
        #expect(try written(3, (1 << 53) + 1) == (1 << 53) + 1)
        #expect(try written(CheckpointValue(3), .max) == .max)
    }

    @Test func `one large state in many optimizers is not read for ever`() throws {
        let code = """
            import sys, torch
            state = {i: {} for i in range(5000)}
            torch.save([{"state": state, "param_groups": []} for _ in range(5000)], sys.argv[1])
            """
        let folder = try TemporaryFolder()
        let made = try TorchPython.run(code: code, [folder.path("a.pth")])
        try #require(made.status == 0, "\(made.error)")
        let checkpoint = try Checkpoint(contentsOf: folder.path("a.pth"))
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try checkpoint.decode([OptimizerState].self)
        }
        #expect(try checkpoint.decode(OptimizerState.self, at: [0]).state.count == 5000)
    }

    @Test func `one line describes a state and a group`() throws {
        var state = try OptimizerState(checkpointValue: original().root)
        #expect("\(state)" == "1 group, 1 parameter, 1 state")
        state.paramGroups.append(.sgd(params: 1..<3, lr: 0.5))
        #expect("\(state)" == "2 groups, 3 parameters, 1 state")
        #expect(
            "\(state.paramGroups[1])" == """
                2 parameters, lr=0.5, momentum=0, dampening=0, weight_decay=0, nesterov=False, \
                maximize=False, foreach=None, differentiable=False, fused=None
                """)
        #expect("\(OptimizerState())" == "0 groups, 0 parameters, 0 states")
        #expect("\(ParamGroup(["lr": 1]))" == "0 parameters, lr=1")
    }

    @Test func `a scheduler's state is a dictionary of names, and its values are of any kind`()
        throws
    {
        for value in try Self.values() {
            guard value.hasNames else {
                #expect(throws: CheckpointError(.typeMismatch, ""), "\(value.typeName)") {
                    try LRSchedulerState(checkpointValue: value)
                }
                continue
            }
            let state = try LRSchedulerState(checkpointValue: value)
            let written = try state.checkpointValue()
            #expect(written.kind == .dictionary && written.typeName.name == "dict")
            #expect(
                written.dictionary?.mapValues(\.description)
                    == value.dictionary?.mapValues(\.description))
        }
        for value in try Self.values() {
            var state = LRSchedulerState()
            for name in ["last_epoch", "_step_count", "base_lrs", "_last_lr"] {
                state[name] = value
            }
            #expect(state.lastEpoch == value.int && state.stepCount == value.int)
            let numbers = value.array.map { $0.map(\.double) }
            let areNumbers = numbers?.allSatisfy { $0 != nil } == true
            #expect(state.baseLRs == (areNumbers ? numbers?.compactMap { $0 } : nil))
            #expect(state.lastLR == state.baseLRs)
            let written = try LRSchedulerState(checkpointValue: state.checkpointValue())
            #expect(
                written.values.mapValues(\.description) == state.values.mapValues(\.description))
        }
    }
}

extension CheckpointValue {
    /// Whether this is a dictionary whose keys are all strings.
    fileprivate var hasNames: Bool {
        kind == .dictionary && dictionary?.keys.allSatisfy { $0.isName } == true
    }
}

extension CheckpointKey {
    fileprivate var isName: Bool { if case .string = self { true } else { false } }

    fileprivate var isMakeable: Bool { if case .other = self { false } else { true } }
}
