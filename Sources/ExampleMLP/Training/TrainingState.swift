public import TorchCheckpoint

/// All that a run is resumed from: what PyTorch's tutorial saves, and the losses so far.
///
/// torch reads it, too: `torch.load(path, weights_only=True)`.
public struct TrainingState: Codable, Sendable {
    /// How many epochs are done.
    public var epoch: Int
    /// `model.state_dict()`.
    public var model: StateDict
    /// `optimizer.state_dict()`.
    public var optimizer: OptimizerState
    /// `scheduler.state_dict()`.
    public var scheduler: LRSchedulerState?
    /// The mean loss of the last epoch; NaN before the first.
    public var loss: Double
    /// The mean losses of all epochs.
    public var losses: [Double]

    enum CodingKeys: String, CodingKey {
        case epoch
        case model = "model_state_dict"
        case optimizer = "optimizer_state_dict"
        case scheduler = "scheduler_state_dict"
        case loss, losses
    }
}
