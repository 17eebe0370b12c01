import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The state dicts of `PythonFixtures/optimizer_states.py`.
@Suite struct OptimizerFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: "optimizer_states.py", ["write", folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }

    private func files(_ kind: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("saved"))
        return names.filter { $0.hasPrefix(kind) }.sorted()
    }

    private func optimizer(_ name: String) throws -> OptimizerState {
        let checkpoint = try Checkpoint(contentsOf: folder.path("saved/optimizer_\(name).pth"))
        return try OptimizerState(checkpointValue: checkpoint.root)
    }

    /// Expects that what is read from each file has that file's bytes when it is written.
    private func expectSameBytes(
        _ kind: String, _ count: Int, _ copy: (CheckpointValue) throws -> CheckpointValue
    ) throws {
        let names = try files(kind)
        #expect(names.count == count)
        let written = try TemporaryFolder()
        for name in names {
            let original = try Checkpoint(contentsOf: folder.path("saved/" + name))
            try Checkpoint(copy(original.root)).write(to: written.path(name))
            let bytes = try [folder.path("saved/" + name), written.path(name)].map {
                try Data(contentsOf: URL(fileURLWithPath: $0))
            }
            #expect(bytes[0] == bytes[1], "\(name)")
        }
    }

    @Test func `an optimizer's state is written with the bytes that torch gave it`() throws {
        try expectSameBytes("optimizer", 39) {
            try OptimizerState(checkpointValue: $0).checkpointValue()
        }
    }

    @Test func `a scheduler's state is written with the bytes that torch gave it`() throws {
        try expectSameBytes("scheduler", 10) {
            try LRSchedulerState(checkpointValue: $0).checkpointValue()
        }
    }

    @Test func `training goes on in torch with states that were made here`() throws {
        let json = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs.json")))
        let runs = try JSONDecoder().decode([JSONValue].self, from: json)
        #expect(runs.count == 11)
        try FileManager.default.createDirectory(
            atPath: folder.path("made"), withIntermediateDirectories: true)
        for run in runs {
            let name = try #require(run["name"]?.string)
            let state = try MadeState(run, from: optimizer(name + "_1")).result
            try Checkpoint(state.checkpointValue()).write(to: folder.path("made/\(name).pth"))
        }
        let outcome = try TorchPython.run(script: "optimizer_states.py", ["check", folder.path])
        #expect(outcome.output == "ok\n", "\(outcome.output)\(outcome.error.suffix(2000))")
    }

    @Test func `settings have torch's names in Swift`() throws {
        let group = try #require(try optimizer("sgd_momentum_2").paramGroups.last)
        #expect(group.params == [1, 2] && group.paramNames == nil)
        #expect(group.lr == 0.5 && group.momentum == 0.9 && group.weightDecay == 0.01)
        #expect(group.nesterov == true && group.dampening == 0 && group.maximize == false)
        #expect(group["foreach"]?.isNone == true)
        #expect(group.betas == nil && group.initialLR == nil && group["nothing"] == nil)
        let adam = try #require(try optimizer("adam_amsgrad_1").paramGroups.first)
        #expect(adam.betas.map { $0 == (0.8, 0.99) } == true)
        #expect(adam.eps == 1e-6 && adam.amsgrad == true && adam.decoupledWeightDecay == false)
        let rmsprop = try #require(try optimizer("rmsprop_centered_1").paramGroups.first)
        #expect(rmsprop.alpha == 0.9 && rmsprop.centered == true)
        let adagrad = try #require(try optimizer("adagrad_decay_1").paramGroups.first)
        #expect(adagrad.lrDecay == 0.01 && adagrad.initialAccumulatorValue == 0.5)
        #expect(try optimizer("scheduled").paramGroups.first?.initialLR == 0.004)
        #expect(
            try optimizer("named").paramGroups.first?.paramNames
                == ["layer.0", "layer.1", "layer.2"])
    }

    @Test func `a parameter's state has torch's names in Swift`() throws {
        for (name, number, tensors) in [
            ("sgd_momentum_1", 0, ["momentum_buffer"]),
            ("adam_amsgrad_1", 2, ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]),
            ("rmsprop_centered_1", 1, ["square_avg", "grad_avg", "momentum_buffer"]),
            ("adagrad_1", 1, ["sum"]),
        ] as [(String, CheckpointKey, [String])] {
            let state = try #require(try optimizer(name).state[number])
            let shape = [0: [3, 2], 1: [3], 2: [2, 2, 2]][number]
            for tensor in tensors { #expect(try state.tensor(tensor).shape == shape, "\(name)") }
            #expect(state.step == (name == "sgd_momentum_1" ? nil : 3))
            #expect(throws: CheckpointError(.keyNotFound, "")) { try state.tensor("nothing") }
        }
        let unused = try #require(try optimizer("unused").state[1])
        #expect(unused["momentum_buffer"]?.isNone == true)
        let error = #expect(throws: CheckpointError.self) { try unused.tensor("momentum_buffer") }
        #expect(error?.code == .typeMismatch && error?.keyPath == "['momentum_buffer']")
    }

    @Test func `a tensor that is set keeps its place, and a new one comes last`() throws {
        var state = try #require(try optimizer("adam_1").state[1])
        try state.set(Tensor([1, 2, 3] as [Float]), as: "exp_avg")
        try state.set(Tensor([4] as [Float]), as: "new")
        #expect(Array(state.values.keys) == ["step", "exp_avg", "exp_avg_sq", "new"])
        #expect(try state.tensor("exp_avg").array(of: Float.self) == [1, 2, 3])
        #expect(try state.tensor("new").array(of: Float.self) == [4])
    }

    @Test func `other keys and other writers' parameters are read`() throws {
        let sharded = try optimizer("sharded")
        #expect(Array(sharded.state.keys) == ["encoder.weight", "encoder.bias", "head.weight"])
        #expect(sharded.paramGroups.first?.params == Array(sharded.state.keys))
        #expect(Array(sharded.extras.keys) == ["format", "loss_scale", "last"])
        let older = try optimizer("older")
        #expect(older.state.keys.first == .integer(140_000_000_000_000))
        #expect(older.state.values.first?.step == 3)
        #expect(older.state.values.first?["step"]?.kind == .integer)
        let rate = try #require(try optimizer("tensor_rate").paramGroups.first)
        #expect(rate.lr == 0.25 && rate["lr"]?.isTensor == true)
    }

    @Test func `parameters are named in the order of the groups`() throws {
        let names = ["layer.0", "layer.1", "layer.2"]
        let shapes = [[3, 2], [3], [2, 2, 2]]
        for name in ["adam_1", "adam_2", "older", "sharded"] {
            let states = try optimizer(name).states(named: names)
            #expect(Array(states.keys) == names, "\(name)")
            #expect(try states.values.map { try $0.tensor("exp_avg").shape } == shapes, "\(name)")
        }
        #expect(try optimizer("fresh").states(named: names).isEmpty)
        var state = try optimizer("adam_2")
        state.state[1] = nil
        #expect(try Array(state.states(named: names).keys) == ["layer.0", "layer.2"])
        for (names, code) in [
            (["a", "b"], .shapeMismatch), (["a", "b", "a"], .duplicateName), ([], .shapeMismatch),
        ] as [([String], CheckpointError.Code)] {
            #expect(throws: CheckpointError(code, "")) { try state.states(named: names) }
        }
        state.paramGroups[1]["params"] = 3
        #expect(throws: CheckpointError(.typeMismatch, "")) { try state.states(named: names) }
    }

    @Test func `a number that is set keeps its form`() throws {
        var older = try #require(try optimizer("older").state.values.first)
        older.step = 12
        #expect(older["step"]?.int == 12)
        var adam = try #require(try optimizer("adam_1").state.values.first)
        adam.step = 12
        #expect(try adam.tensor("step").item(as: Float.self) == 12)
        #expect(try adam.tensor("step").shape == [] && adam.step == 12)
        adam.step = nil
        #expect(adam["step"] == nil)
        adam.step = 2
        #expect(try adam.tensor("step").dtype == .float32)
        var group = try #require(try optimizer("tensor_rate").paramGroups.first)
        group.lr = 0.5
        #expect(try group["lr"]?.tensor().item(as: Float.self) == 0.5)
        group.weightDecay = 0
        #expect(group["weight_decay"]?.int == 0)
        group.weightDecay = 0.5
        #expect(group["weight_decay"]?.double == 0.5)
        group.weightDecay = nil
        #expect(group["weight_decay"] == nil)
        group.weightDecay = 0
        #expect(group["weight_decay"]?.kind == .float)
    }

    @Test func `schedulers have torch's names in Swift`() throws {
        for (name, epoch) in [("StepLR", 4), ("OneCycleLR", 4), ("ReduceLROnPlateau", 4)] {
            let path = folder.path("saved/scheduler_\(name).pth")
            var state = try LRSchedulerState(checkpointValue: Checkpoint(contentsOf: path).root)
            #expect(state.lastEpoch == epoch, "\(name)")
            #expect(state.lastLR?.count == 2)
            #expect(state.stepCount == (name == "ReduceLROnPlateau" ? nil : 5))
            #expect(state.baseLRs?.count == (name == "ReduceLROnPlateau" ? nil : 2))
            state.lastEpoch = 7
            state.stepCount = 8
            state.lastLR = [0.5, 0.25]
            state.baseLRs = nil
            #expect(state["last_epoch"]?.int == 7 && state["_step_count"]?.int == 8)
            #expect(state["_last_lr"]?.description == "[0.5, 0.25]")
            #expect(state["base_lrs"] == nil)
        }
    }
}

/// A state made by the factories, with numbers of one that torch made.
private struct MadeState {
    let result: OptimizerState

    init(_ run: JSONValue, from original: OptimizerState) throws {
        let group = try Self.group(run)
        var states: OrderedDictionary<CheckpointKey, ParameterState> = [:]
        for (key, state) in original.state {
            states[key] = try Self.state(run["class"]?.string, state)
        }
        result = OptimizerState(state: states, paramGroups: [group])
    }

    private static func state(
        _ kind: String?, _ original: ParameterState
    ) throws -> ParameterState {
        let step = original.step ?? 0
        func copy(_ name: String) throws -> Tensor {
            let tensor = try original.tensor(name)
            return try Tensor(tensor.array(of: Float.self), shape: tensor.shape)
        }
        func copyIfThere(_ name: String) throws -> Tensor? {
            original[name] == nil ? nil : try copy(name)
        }
        switch kind {
        case "SGD": return try .sgd(momentumBuffer: copyIfThere("momentum_buffer"))
        case "RMSprop":
            return try .rmsprop(
                step: step, squareAvg: copy("square_avg"),
                momentumBuffer: copyIfThere("momentum_buffer"), gradAvg: copyIfThere("grad_avg"))
        case "Adagrad": return try .adagrad(step: step, sum: copy("sum"))
        default:
            return try .adam(
                step: step, expAvg: copy("exp_avg"), expAvgSq: copy("exp_avg_sq"),
                maxExpAvgSq: copyIfThere("max_exp_avg_sq"))
        }
    }

    private static func group(_ run: JSONValue) throws -> ParamGroup {
        let given = try #require(run["arguments"])
        let number = { (name: String, other: Double) in given[name]?.double ?? other }
        let betas = given["betas"]?.array?.compactMap(\.double) ?? [0.9, 0.999]
        let momentum = number("momentum", 0)
        let decay = number("weight_decay", 0)
        let amsgrad = given["amsgrad"]?.bool ?? false
        switch run["class"]?.string {
        case "SGD":
            return .sgd(
                params: 0..<3, lr: number("lr", 1e-3), momentum: momentum,
                dampening: number("dampening", 0), weightDecay: decay,
                nesterov: given["nesterov"]?.bool ?? false)
        case "Adam":
            return .adam(
                params: 0..<3, lr: number("lr", 1e-3), betas: (betas[0], betas[1]),
                eps: number("eps", 1e-8), weightDecay: decay, amsgrad: amsgrad)
        case "AdamW" where given["lr"] == nil: return .adamW(params: 0..<3)
        case "AdamW":
            return .adamW(params: 0..<3, lr: number("lr", 0), weightDecay: decay, amsgrad: amsgrad)
        case "RMSprop":
            return .rmsprop(
                params: 0..<3, lr: number("lr", 1e-2), alpha: number("alpha", 0.99),
                weightDecay: decay, momentum: momentum, centered: given["centered"]?.bool ?? false)
        default:
            return .adagrad(
                params: 0..<3, lr: number("lr", 1e-2), lrDecay: number("lr_decay", 0),
                initialAccumulatorValue: number("initial_accumulator_value", 0),
                eps: number("eps", 1e-10))
        }
    }
}
