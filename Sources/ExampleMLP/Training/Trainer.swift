import TorchCheckpoint

/// A training run: one epoch after the other, from the beginning or from a saved state.
///
///     var trainer = try Trainer(model, optimizer, dataset: dataset, batchSize: 32)
///     while trainer.epoch < 10 {
///         let loss = try trainer.runEpoch()
///         try Checkpoint(encoding: trainer.state()).write(to: "runs/epoch-\(trainer.epoch).pth")
///     }
public struct Trainer<Scalar: NetworkScalar>: Sendable {
    /// The model as it is after the last epoch.
    public private(set) var model: MLP<Scalar>
    /// The optimizer as it is after the last epoch.
    public private(set) var optimizer: Optimizer<Scalar>
    /// What changes the learning rate, if anything does.
    public private(set) var scheduler: StepLR?
    /// How many epochs are done.
    public private(set) var epoch = 0
    /// The mean loss of each epoch.
    public private(set) var losses: [Double] = []
    private let batches: [Dataset<Scalar>]
    private let seed: UInt64

    /// Starts a run.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - optimizer: Its optimizer.
    ///   - scheduler: What changes the learning rate.
    ///   - dataset: The samples, whose order stays the same in all epochs.
    ///   - batchSize: The number of samples before each step; the last batch has what is left.
    ///   - seed: What dropout draws depends on it.
    /// - Throws: `CheckpointError` with `numberOutOfRange` for a batch size below 1.
    public init(
        _ model: MLP<Scalar>, _ optimizer: Optimizer<Scalar>, scheduler: StepLR? = nil,
        dataset: Dataset<Scalar>, batchSize: Int, seed: UInt64 = 0
    ) throws {
        self.model = model
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.seed = seed
        batches = try dataset.batches(of: batchSize)
    }

    /// Goes on where a saved run ended, Swift's or torch's.
    ///
    /// - Parameters:
    ///   - state: What was saved.
    ///   - kind: The optimizer that it was saved with.
    ///   - dropout: The share of numbers that dropout takes away, which is not saved.
    ///   - dataset: The samples.
    ///   - batchSize: The number of samples before each step.
    ///   - seed: What dropout draws depends on it: with the same one, the run goes on as if it had
    ///     never ended.
    /// - Throws: `CheckpointError` for a state that does not fit.
    public init(
        resuming state: TrainingState, kind: OptimizerKind, dropout: Double = 0,
        dataset: Dataset<Scalar>, batchSize: Int, seed: UInt64 = 0
    ) throws {
        let model = try MLP<Scalar>(state.model, dropout: dropout)
        guard 0..<Int(Int32.max) ~= state.epoch else {
            throw CheckpointError(
                .numberOutOfRange, "the checkpoint is one of epoch \(state.epoch)",
                advice: "Epochs are counted from 0")
        }
        try self.init(
            model, Optimizer(kind, state.optimizer, for: model),
            scheduler: state.scheduler.map { try StepLR($0) }, dataset: dataset,
            batchSize: batchSize, seed: seed)
        epoch = state.epoch
        losses = state.losses
    }

    /// Trains with all batches once.
    ///
    /// - Returns: The mean loss of the samples, each at the time of its batch.
    /// - Throws: `CheckpointError` for data that do not fit the model.
    public mutating func runEpoch() throws -> Double {
        var generator = SplitMix64(seed: seed, epoch: epoch)
        var (sum, count) = (0.0, 0)
        for batch in batches {
            let loss = try model.computeGradients(
                inputs: batch.inputs, targets: batch.targets, using: &generator)
            try optimizer.step(&model)
            sum += loss.widened * Double(batch.targets.count)
            count += batch.targets.count
        }
        scheduler?.step(&optimizer)
        epoch += 1
        losses.append(sum / Double(count))
        return sum / Double(count)
    }

    /// All that the run can be resumed from.
    ///
    /// - Throws: as `Tensor.init`.
    public func state() throws -> TrainingState {
        try TrainingState(
            epoch: epoch, model: model.stateDict(), optimizer: optimizer.state(),
            scheduler: scheduler?.state(), loss: losses.last ?? .nan, losses: losses)
    }
}
