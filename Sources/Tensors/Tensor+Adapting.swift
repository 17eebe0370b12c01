package import ByteIO

// What is done to a tensor before it takes the place of another one.
extension Tensor {
    /// The same elements in row-major order, in a storage of their own, as numbers of another
    /// dtype.
    ///
    /// The Python counterpart is `tensor.to(dtype)`, which wraps around, dequantizes or drops
    /// imaginary parts where this is an error.
    ///
    /// - Throws: ``CheckpointError/Code/inconvertible`` as ``array(converting:)``, and between
    ///   quantized numbers and others, for want of scales.
    /// - Complexity: O(``elementCount``).
    package func converted(to target: DType) throws(CheckpointError) -> Tensor {
        guard !dtype.isQuantized, !target.isQuantized else {
            throw CheckpointError(
                .inconvertible,
                "a conversion from \(dtype) to \(target) takes scales, which a tensor has not here",
                advice: "Quantize or dequantize it in torch")
        }
        let storage = try Storage(
            key: nil, device: device, region: bytes(converting: target), byteOrder: .native)
        return try Tensor(
            storage: storage, dtype: target, layout: TensorLayout(rowMajor: shape))
    }

    /// The same view with other marks, on a storage of the same size.
    ///
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when a dtype without gradients is to require
    ///   them and did not; ``CheckpointError/Code/invalidTensor`` when the storage is too small.
    package func onto(
        _ storage: Storage, requiresGrad: Bool, isParameter: Bool
    ) throws(CheckpointError) -> Tensor {
        if !self.requiresGrad { try dtype.checkGradients(requiresGrad) }
        return try Tensor(
            storage: storage, dtype: dtype, layout: layout, numberLayout: numberLayout,
            requiresGrad: requiresGrad, isParameter: isParameter,
            pendingOperations: pendingOperations, quantization: quantization)
    }

    /// The first element of a tensor with one dimension of size 1, as a scalar tensor: `tensor[0]`.
    package func withoutDimension() throws(CheckpointError) -> Tensor {
        let scalar = try TensorLayout(shape: [], strides: [], offset: storageOffset)
        return try Tensor(
            storage: storage, dtype: dtype, layout: scalar, requiresGrad: requiresGrad,
            isParameter: isParameter, pendingOperations: pendingOperations)
    }

    /// The first element as a `Double`; there has to be one.
    ///
    /// - Throws: as ``array(converting:)``.
    package func onlyNumber() throws(CheckpointError) -> Double {
        let region = try bytes(converting: .float64)
        guard region.count >= 8 else { throw .notSingle(self) }
        return Double(bitPattern: region.bytes.littleEndian64(at: 0))
    }

    /// A tensor of one number: `torch.full(shape, number, dtype=dtype, device=device)`.
    ///
    /// - Throws: ``CheckpointError/Code/inconvertible`` when the dtype has no such number;
    ///   ``CheckpointError/Code/invalidTensor`` when the shape has more elements.
    package init(
        _ number: Double, shape: [Int] = [], dtype: DType = .float32, device: Device = .cpu
    ) throws(CheckpointError) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: number.bitPattern)
        let storage = try Storage(key: nil, device: device, region: ByteRegion(copying: bytes))
        let wide = try Tensor(
            storage: storage, dtype: .float64, layout: TensorLayout(rowMajor: shape))
        self = try wide.converted(to: dtype)
    }
}
