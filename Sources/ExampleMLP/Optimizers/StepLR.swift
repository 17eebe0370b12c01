public import TorchCheckpoint

/// Multiplies the learning rate by a factor every few epochs, as `torch.optim.lr_scheduler.StepLR`.
public struct StepLR: Sendable {
    private var saved: LRSchedulerState
    private let stepSize: Int
    private let gamma: Double
    private var epoch: Int

    /// Creates the scheduler of a new run.
    ///
    /// - Parameters:
    ///   - optimizer: The optimizer, whose groups are told their initial learning rates.
    ///   - stepSize: After how many epochs the learning rate changes.
    ///   - gamma: What it is multiplied by.
    /// - Throws: `CheckpointError` with `numberOutOfRange` for a step size below 1, and a factor that
    ///   is negative or no number.
    public init<Scalar>(
        _ optimizer: inout Optimizer<Scalar>, stepSize: Int, gamma: Double = 0.1
    ) throws {
        let rates = optimizer.learningRates
        for (index, rate) in rates.enumerated() {
            optimizer.groups[index].settings.initialLR = rate
        }
        var state = LRSchedulerState()
        state["step_size"] = CheckpointValue(stepSize)
        state["gamma"] = CheckpointValue(gamma)
        state.baseLRs = rates
        state.lastEpoch = 0
        state.stepCount = 1
        state["_is_initial"] = false
        state["_get_lr_called_within_step"] = false
        state.lastLR = rates
        try self.init(state)
    }

    /// Creates a scheduler in the state that another had when it was saved.
    ///
    /// - Throws: `CheckpointError` for a state that is not one of this kind of scheduler.
    public init(_ state: LRSchedulerState) throws {
        guard let stepSize = state["step_size"]?.int, let gamma = state["gamma"]?.double,
            let epoch = state.lastEpoch, state.stepCount != nil
        else {
            throw CheckpointError(
                .keyNotFound, "the state of the scheduler lacks step_size, gamma or last_epoch",
                advice: "Resume with a checkpoint that was saved with a StepLR")
        }
        try checkHyperparameter("gamma", gamma)
        guard stepSize > 0, 0..<Int(Int32.max) ~= epoch else {
            throw CheckpointError(
                .numberOutOfRange, "step_size is \(stepSize) and last_epoch \(epoch)",
                advice: "Choose a step size of 1 or more")
        }
        (saved, self.stepSize, self.gamma, self.epoch) = (state, stepSize, gamma, epoch)
    }

    /// Ends an epoch: `scheduler.step()`.
    public mutating func step<Scalar>(_ optimizer: inout Optimizer<Scalar>) {
        epoch += 1
        if epoch.isMultiple(of: stepSize) {
            optimizer.learningRates = optimizer.learningRates.map { $0 * gamma }
        }
        saved.lastEpoch = epoch
        saved.stepCount = saved.stepCount.map { $0 &+ 1 }
        saved.lastLR = optimizer.learningRates
    }

    /// The state as torch saves it: `scheduler.state_dict()`.
    public func state() -> LRSchedulerState { saved }
}
