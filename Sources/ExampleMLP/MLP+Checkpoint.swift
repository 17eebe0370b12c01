public import TorchCheckpoint

extension MLP {
    /// Creates a model with the weights of a checkpoint: of a training state, or of a state dict that
    /// was saved by itself, also with the names that `torch.nn.DataParallel` gives.
    ///
    /// - Parameters:
    ///   - checkpoint: What was saved, by torch or by Swift.
    ///   - dropout: The share of numbers that dropout takes away in training, which is not saved.
    /// - Throws: `CheckpointError` when there is no state dict, or one of another model.
    public init(_ checkpoint: Checkpoint, dropout: Double = 0) throws {
        let stateDict = try checkpoint.modelStateDict().strippingPrefix("module.")
        try self.init(stateDict, dropout: dropout)
    }
}

extension Checkpoint {
    /// The state dict of the model that a training state has, or that was saved by itself.
    ///
    /// - Throws: as `stateDict(_:)`, which lists the places where there are state dicts.
    public func modelStateDict() throws -> StateDict {
        let key = TrainingState.CodingKeys.model.rawValue
        return try self[key] == nil ? stateDict() : stateDict(key)
    }
}
