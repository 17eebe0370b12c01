import ByteIO
import Pickle
import Tensors

// Scales and zero points as lists of numbers, which old versions of torch wrote.
extension TensorResolver {
    /// The quantization of two lists; nil when these are no lists.
    func listedChannels(
        _ scales: NodeID?, _ zeroPoints: NodeID?, axis: Int, isFloat: Bool, of call: RebuildCall
    ) throws(CheckpointError) -> ChannelQuantization? {
        guard let scales, let zeroPoints, graph.kind(of: scales) == .list,
            graph.kind(of: zeroPoints) == .list
        else { return nil }
        let numbers = try numbers(scales, of: call)
        guard !isFloat else {
            return try ChannelQuantization(
                scales: single(numbers), zeroPoints: single(self.numbers(zeroPoints, of: call)),
                axis: axis)
        }
        var integers: [UInt8] = []
        for item in graph.items(zeroPoints) ?? [] {
            guard let integer = graph.integer(item) else {
                throw .invalidCall(call, "has something other than integers as zero points")
            }
            integers.append(littleEndian: UInt64(bitPattern: Int64(integer)))
        }
        var doubles: [UInt8] = []
        for number in numbers { doubles.append(littleEndian: number.bitPattern) }
        return try ChannelQuantization(
            scales: Tensor(vector: doubles, dtype: .float64),
            zeroPoints: Tensor(vector: integers, dtype: .int64), axis: axis)
    }

    private func single(_ numbers: [Double]) throws(CheckpointError) -> Tensor {
        var bytes: [UInt8] = []
        for number in numbers { bytes.append(littleEndian: Float(number).bitPattern) }
        return try Tensor(vector: bytes, dtype: .float32)
    }

    private func numbers(
        _ list: NodeID, of call: RebuildCall
    ) throws(CheckpointError) -> [Double] {
        var numbers: [Double] = []
        for item in graph.items(list) ?? [] {
            guard let number = graph.float(item) ?? graph.integer(item).map(Double.init) else {
                throw .invalidCall(call, "has something other than numbers as scales")
            }
            numbers.append(number)
        }
        return numbers
    }
}

extension Tensor {
    /// A tensor of one dimension with little-endian elements.
    fileprivate init(vector bytes: [UInt8], dtype: DType) throws(CheckpointError) {
        let storage = try Storage(key: nil, device: .cpu, region: ByteRegion(copying: bytes))
        try self.init(
            storage: storage, dtype: dtype,
            layout: TensorLayout(rowMajor: [bytes.count / dtype.itemSize]))
    }
}
