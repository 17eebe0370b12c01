package import ByteIO

extension Tensor {
    /// The same view of a copy of its storage, in memory of its own.
    ///
    /// The whole storage is copied and the layout stays, so the copy of a small slice takes as much
    /// memory as what it is a slice of. Dtype, device tag, byte order, ``requiresGrad`` and
    /// ``isParameter`` stay, too. The file that the tensor was read from may be changed or removed
    /// afterwards. Tensors that shared a storage share none after each was copied by itself;
    /// `StateDict.copied()` copies them together. The Python counterpart is
    /// `copy.deepcopy(tensor)`.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``; ``CheckpointError`` when a deflated record
    ///   can't be inflated.
    /// - Complexity: O(*n*) in the size of the storage. Several threads share the work on a large
    ///   one.
    public func copied() throws -> Tensor { try onto(storage.copied()).withCopiedScales() }

    /// The same tensor with scales and zero points in memory of their own, if it has some.
    ///
    /// - Throws: as ``copied()``.
    package func withCopiedScales() throws -> Tensor {
        guard case .perChannel(let channels) = quantization else { return self }
        return try quantized(
            .perChannel(
                ChannelQuantization(
                    scales: channels.scales.copied(), zeroPoints: channels.zeroPoints.copied(),
                    axis: channels.axis)))
    }

    /// The same view of another storage, which is as large.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when it is too small.
    package func onto(_ storage: Storage) throws(CheckpointError) -> Tensor {
        try onto(storage, requiresGrad: requiresGrad, isParameter: isParameter)
    }
}
