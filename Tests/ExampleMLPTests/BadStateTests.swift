import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// States of optimizers, schedulers and runs that make no sense or are of another model.
struct BadStateTests {
    private let model: MLP<Float>

    init() throws { model = try MLP(features: 2, hidden: [3], classes: 2, seed: 1) }

    private func code(
        _ kind: OptimizerKind, _ change: (inout OptimizerState) throws -> Void
    ) throws -> CheckpointError.Code? {
        var (model, data) = (model, SplitMix64(seed: 1))
        var optimizer = try Optimizer(kind, for: model, learningRate: 0.1, momentum: 0.5)
        _ = try model.computeGradients(
            inputs: Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 5]), targets: [0, 1],
            using: &data)
        try optimizer.step(&model)
        var state = try optimizer.state()
        try change(&state)
        return thrown(CheckpointError.self) { _ = try Optimizer(kind, state, for: model) }?.code
    }

    @Test(arguments: OptimizerKind.allCases)
    func `a state is taken by the optimizer and the model that it is of`(kind: OptimizerKind) throws
    {
        #expect(try code(kind) { _ in } == nil)
    }

    @Test(arguments: [.nan, .infinity, -1] as [Double])
    func `hyperparameters that make no sense are refused`(number: Double) throws {
        for kind in OptimizerKind.allCases {
            let numbers = kind == .sgd ? ["lr", "momentum", "weight_decay"] : ["lr", "eps"]
            for name in numbers {
                let found = try code(kind) { $0.paramGroups[0][name] = CheckpointValue(number) }
                #expect(found == .numberOutOfRange, "\(kind) \(name)")
            }
        }
        #expect(
            try code(.adam) { $0.paramGroups[0].betas = (0.5, number) } == .numberOutOfRange)
        #expect(try code(.adam) { $0.paramGroups[0].betas = (1, 0.5) } == .numberOutOfRange)
    }

    @Test func `nesterov goes with momentum and without dampening`() throws {
        #expect(try code(.sgd) { $0.paramGroups[0].nesterov = true } == nil)
        #expect(
            try code(.sgd) {
                $0.paramGroups[0].nesterov = true
                $0.paramGroups[0].dampening = 0.5
            } == .numberOutOfRange)
        #expect(
            try code(.sgd) {
                $0.paramGroups[0].nesterov = true
                $0.paramGroups[0].momentum = 0
            } == .numberOutOfRange)
    }

    @Test func `what is missing or of another kind is refused`() throws {
        #expect(try code(.sgd) { $0.paramGroups[0].lr = nil } == .keyNotFound)
        #expect(try code(.adam) { $0.paramGroups[0]["betas"] = nil } == .keyNotFound)
        #expect(try code(.adam) { $0.paramGroups[0]["betas"] = 0.5 } == .typeMismatch)
        #expect(try code(.adam) { $0.paramGroups[0]["eps"] = "small" } == .typeMismatch)
        #expect(try code(.sgd) { $0.paramGroups[0]["nesterov"] = "yes" } == .typeMismatch)
        #expect(try code(.adam) { $0.paramGroups[0]["amsgrad"] = nil } == .keyNotFound)
        #expect(try code(.adam) { $0.paramGroups[0]["maximize"] = nil } == nil)
        #expect(try code(.adam) { $0.state[0]?["exp_avg"] = 1 } == .typeMismatch)
        #expect(
            try code(.adam) { $0.paramGroups[0]["momentum_decay"] = 0.5 } == .incompatibleStateDict)
        #expect(try code(.sgd) { $0.paramGroups[0]["alpha"] = 0.5 } == .incompatibleStateDict)
        #expect(try code(.sgd) { $0.paramGroups[0]["initial_lr"] = 0.5 } == nil)
        for step in [.nan, -1, 0.5, 1e300] {
            let found = try code(.adam) { $0.state[0]?["step"] = CheckpointValue(step) }
            #expect(found == .numberOutOfRange, "\(step)")
        }
    }

    @Test func `a state of another model is refused`() throws {
        #expect(try code(.sgd) { $0.paramGroups = [] } == .shapeMismatch)
        #expect(try code(.sgd) { $0.paramGroups.append($0.paramGroups[0]) } == .shapeMismatch)
        #expect(try code(.sgd) { $0.paramGroups[0].params = [0, 1] } == .shapeMismatch)
        #expect(try code(.sgd) { $0.paramGroups[0].params = [0, 1, 2, 3, 9] } == .keyNotFound)
        #expect(try code(.sgd) { $0.paramGroups[0].params = ["weight"] } == .keyNotFound)
        #expect(try code(.sgd) { $0.state[9] = ParameterState() } == .keyNotFound)
        let short = try CheckpointValue(Tensor([1, 2] as [Float]))
        #expect(try code(.sgd) { $0.state[0]?["momentum_buffer"] = short } == .shapeMismatch)
        var other = try MLP<Float>(features: 3, hidden: [3], classes: 2, seed: 1)
        var optimizer = try Optimizer(.adam, for: model, learningRate: 0.1)
        #expect(throws: CheckpointError(.shapeMismatch, "")) { try optimizer.step(&other) }
    }

    @Test func `a scheduler needs its settings, and sensible ones`() throws {
        func code(_ change: (inout LRSchedulerState) -> Void) throws -> CheckpointError.Code? {
            var optimizer = try Optimizer(.sgd, for: model, learningRate: 0.1)
            var state = try StepLR(&optimizer, stepSize: 2).state()
            change(&state)
            return thrown(CheckpointError.self) { _ = try StepLR(state) }?.code
        }
        #expect(try code { _ in } == nil)
        #expect(try code { $0["gamma"] = nil } == .keyNotFound)
        #expect(try code { $0["gamma"] = CheckpointValue(Double.nan) } == .numberOutOfRange)
        #expect(try code { $0["step_size"] = 0 } == .numberOutOfRange)
        #expect(try code { $0.lastEpoch = .max } == .numberOutOfRange)
        #expect(try code { $0.lastEpoch = -1 } == .numberOutOfRange)
    }

    @Test(arguments: [-1, .max, .min])
    func `a run of an impossible epoch is refused`(epoch: Int) throws {
        let run = RunCase(kind: .adam, dtype: .float32)
        var state = try Reference.checkpoint("\(run)/torch_5.pth").decode(TrainingState.self)
        state.epoch = epoch
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try Trainer<Float>(
                resuming: state, kind: .adam,
                dataset: Dataset(Reference.checkpoint("\(run)/data.pth")), batchSize: 16)
        }
    }
}
