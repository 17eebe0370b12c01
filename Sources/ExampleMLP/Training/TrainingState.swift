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
    /// The mean losses of all epochs, as far as they are known: `loss` alone from a file without them.
    public var losses: [Double]

    enum CodingKeys: String, CodingKey {
        case epoch
        case model = "model_state_dict"
        case optimizer = "optimizer_state_dict"
        case scheduler = "scheduler_state_dict"
        case loss, losses
    }
}

extension TrainingState {
    /// Reads what was saved, also by PyTorch's tutorial, which has no scheduler and no `losses`.
    ///
    /// - Throws: `CheckpointError` when anything else is missing, or of another kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        epoch = try container.decode(Int.self, forKey: .epoch)
        model = try container.decode(StateDict.self, forKey: .model)
        optimizer = try container.decode(OptimizerState.self, forKey: .optimizer)
        scheduler = try container.decodeIfPresent(LRSchedulerState.self, forKey: .scheduler)
        loss = try container.decode(Double.self, forKey: .loss)
        losses =
            try container.decodeIfPresent([Double].self, forKey: .losses)
            ?? (loss.isNaN ? [] : [loss])
    }
}
