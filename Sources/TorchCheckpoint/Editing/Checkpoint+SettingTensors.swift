public import Tensors

extension Checkpoint {
    /// Sets the tensor at a path, as ``set(_:at:)-(CheckpointValue,_)`` does with a value.
    ///
    /// - Throws: as ``set(_:at:)-(CheckpointValue,_)`` and ``CheckpointValue/init(_:)-(Tensor)``.
    public mutating func set(_ tensor: Tensor, at path: CheckpointPath) throws {
        try set(CheckpointValue(tensor), at: path)
    }

    /// Sets the state dict at a path, as ``set(_:at:)-(CheckpointValue,_)`` does with a value.
    ///
    /// - Throws: as ``set(_:at:)-(CheckpointValue,_)`` and
    ///   ``CheckpointValue/init(_:)-(StateDict)``.
    /// - Complexity: O(*n*) in the number of tensors.
    public mutating func set(_ stateDict: StateDict, at path: CheckpointPath) throws {
        try set(CheckpointValue(stateDict), at: path)
    }
}
