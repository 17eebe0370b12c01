package import ByteIO

extension Tensor {
    /// The integers of this tensor with a meaning: a quantized tensor on the same storage.
    ///
    /// The Python counterparts are `torch._make_per_tensor_quantized_tensor` and
    /// `torch._make_per_channel_quantized_tensor`.
    ///
    /// - Parameter quantization: How the integers stand for real numbers.
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when the dtype is none of the quantized ones;
    ///   ``CheckpointError/Code/invalidTensor`` when scales and zero points do not fit the tensor.
    public func quantized(_ quantization: Quantization) throws -> Tensor {
        try quantizedChecked(quantization)
    }

    package func quantizedChecked(
        _ quantization: Quantization
    ) throws(CheckpointError) -> Tensor {
        guard dtype.isQuantized else {
            throw CheckpointError(
                .dtypeMismatch, "a \(dtype) tensor can't be quantized as it is",
                advice: "Make its integers a tensor of dtype qint8, quint8 or qint32")
        }
        try check(quantization)
        return try Tensor(
            storage: storage, dtype: dtype, layout: layout, numberLayout: numberLayout,
            requiresGrad: requiresGrad, isParameter: isParameter,
            pendingOperations: pendingOperations, quantization: quantization)
    }

    // What torch checks when it makes such a tensor.
    private func check(_ quantization: Quantization) throws(CheckpointError) {
        guard case .perChannel(let channels) = quantization else { return }
        guard shape.indices.contains(channels.axis) else {
            throw .invalidTensor(
                "of shape \(shape) is quantized along dimension \(channels.axis), which it has not")
        }
        let count = shape[channels.axis]
        for (name, part) in [("scales", channels.scales), ("zero points", channels.zeroPoints)] {
            guard part.shape == [count] else {
                throw .invalidTensor(
                    "has \(name) of shape \(part.shape), but \(count) places along dimension "
                        + "\(channels.axis)")
            }
        }
        guard channels.scales.dtype.isSingleFloat, channels.zeroPoints.dtype.isZeroPoint else {
            throw .invalidTensor(
                "has \(channels.scales.dtype) scales and \(channels.zeroPoints.dtype) zero points: "
                    + "scales are floating-point numbers, zero points those or integers")
        }
    }
}

extension DType {
    fileprivate var isSingleFloat: Bool { isFloatingPoint && self != .float4E2M1FNx2 }

    fileprivate var isZeroPoint: Bool {
        switch self {
        case .int64, .int32, .int16, .int8, .uint8: true
        default: isSingleFloat
        }
    }

    /// The integers that a zero point of a whole tensor or channel may be, as torch has it.
    var zeroPointRange: ClosedRange<Int> {
        switch self {
        case .qint8: -128...127
        case .qint32: Int(Int32.min)...Int(Int32.max)
        // The packed ones, too: torch takes the limits of the byte.
        default: 0...255
        }
    }
}
