import ByteIO

@testable import Tensors

/// A view of `bytes` with any layout, as a file may declare it.
func view(
    _ bytes: [UInt8], _ dtype: DType, shape: [Int], strides: [Int]? = nil, offset: Int = 0,
    byteOrder: ByteOrder = .little, pending: PendingOperations = [], misalignment: Int = 0
) throws -> Tensor {
    let padded = [UInt8](repeating: 0xEE, count: misalignment) + bytes
    let region = try ByteRegion(copying: padded).slice(at: misalignment, count: bytes.count)
    let storage = Storage(key: "0", device: .cpu, region: region, byteOrder: byteOrder)
    let rowMajor = try TensorLayout(rowMajor: shape)
    let layout = try TensorLayout(
        shape: shape, strides: strides ?? rowMajor.strides, offset: offset)
    return try Tensor(
        storage: storage, dtype: dtype, layout: layout, pendingOperations: pending)
}

/// The bytes of values in native order.
func bytes<Value>(_ values: [Value]) -> [UInt8] {
    values.withUnsafeBytes { Array($0) }
}

/// The bytes of integers in big-endian order.
func bigEndian<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in bytes([value.bigEndian]) }
}
