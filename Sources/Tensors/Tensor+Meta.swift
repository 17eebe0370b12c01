import ByteIO

extension Tensor {
    /// Whether there are elements to read.
    ///
    /// Tensors on the device `meta` and wrapper subclasses have shape, strides and dtype, and no
    /// data: reading elements throws ``CheckpointError/Code/noData``, and a huge shape costs nothing.
    public var hasData: Bool { storage.hasData }

    /// Creates a tensor without data: `torch.empty_strided(shape, strides, device="meta")`.
    ///
    /// - Parameters:
    ///   - shape: The size of each dimension.
    ///   - strides: The distance between neighbours along each dimension; nil for row-major order.
    ///   - dtype: The type that the elements would have.
    ///   - requiresGrad: Whether gradients are recorded.
    ///   - isParameter: Whether it is a `torch.nn.Parameter`.
    /// - Throws: ``CheckpointError/Code/invalidTensor`` for a negative number, and when there are
    ///   not as many strides as sizes; ``CheckpointError/Code/dtypeMismatch`` when a dtype without
    ///   gradients requires them; ``CheckpointError/Code/numberOutOfRange`` when the size overflows.
    public init(
        metaShape shape: [Int], strides: [Int]? = nil, dtype: DType = .float32,
        requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        try self.init(
            storage: Storage(absentOn: .meta), dtype: dtype, shape: shape, strides: strides,
            requiresGrad: requiresGrad, isParameter: isParameter)
    }
}
