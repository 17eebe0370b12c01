import ByteIO

extension Tensor {
    /// The real numbers of a quantized tensor as `float32`, in row-major order.
    ///
    /// The Python counterpart is `tensor.dequantize()`, with the same bits, except where a
    /// difference of `qint32` numbers does not fit into 32 bits, which torch leaves undefined.
    ///
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when ``quantization`` is nil;
    ///   ``CheckpointError/Code/invalidTensor`` when the dtype has no integer for a zero point;
    ///   ``CheckpointError/Code/noData``; ``CheckpointError/Code/limitExceeded`` when a small
    ///   storage claims a huge result.
    /// - Complexity: O(*n*) in the number of elements.
    public func dequantized() throws -> Tensor {
        guard let quantization else {
            throw CheckpointError(
                .dtypeMismatch, "a \(dtype) tensor without scales can't be dequantized",
                advice: "Only tensors whose quantization is known can")
        }
        let count = numberLayout?.elementCount ?? elementCount
        try checkResultSize(count.multipliedChecked(by: 4))
        let integers = try storedIntegers(count)
        let numbers: [Float]
        switch quantization {
        case .perTensor(let scale, let zeroPoint):
            try checkZeroPoints(of: [zeroPoint])
            let scale = Float(scale)
            numbers = integers.map { Float(Int64($0) - Int64(zeroPoint)) * scale }
        case .perChannel(let channels):
            numbers = try dequantize(integers, channels)
        }
        return try Tensor(numbers, shape: shape, device: device, isParameter: isParameter)
    }

    private func storedIntegers(_ count: Int) throws -> [Int32] {
        let perByte = dtype.numbersPerByte
        guard perByte > 1 else { return try array(converting: Int32.self) }
        // torch packs numbers without regard to rows.
        let bytes = try array(of: UInt8.self)
        let bits = 8 / perByte
        return (0..<count).map { place in
            Int32(bytes[place / perByte] >> UInt8(place % perByte * bits)) & (1 << bits - 1)
        }
    }

    private func dequantize(_ integers: [Int32], _ channels: ChannelQuantization) throws -> [Float]
    {
        guard !integers.isEmpty else { return [] }
        // All places along the axis are as far apart as the dimensions behind it have elements.
        let width = shape[(channels.axis + 1)...].reduce(1, *)
        let channelCount = shape[channels.axis]
        guard !channels.hasFloatParameters else {
            let scales = try channels.scales.array(converting: Float.self)
            let zeroPoints = try channels.zeroPoints.array(converting: Float.self)
            return integers.enumerated().map { place, integer in
                let channel = place / width % channelCount
                return (Float(integer) - zeroPoints[channel]) * scales[channel]
            }
        }
        let scales = try channels.scales.array(converting: Double.self)
        let zeroPoints = try channels.zeroPoints.array(converting: Int64.self).map { Int($0) }
        try checkZeroPoints(of: zeroPoints)
        return integers.enumerated().map { place, integer in
            let channel = place / width % channelCount
            // torch subtracts in single and multiplies in double precision.
            let difference = Float(integer) - Float(zeroPoints[channel])
            return Float(Double(difference) * scales[channel])
        }
    }

    private func checkZeroPoints(of zeroPoints: [Int]) throws(CheckpointError) {
        let range = dtype.zeroPointRange
        guard let wrong = zeroPoints.first(where: { !range.contains($0) }) else { return }
        throw .invalidTensor(
            "of dtype \(dtype) has the zero point \(wrong), outside \(range.lowerBound) to "
                + "\(range.upperBound)")
    }
}
