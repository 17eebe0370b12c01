import ByteIO
public import Tensors

/// An array of NumPy in a checkpoint.
///
/// The Python counterpart is `numpy.ndarray`.
///
/// Making one checks that shape and bytes agree, and reads no element. The bytes are those of the
/// pickle itself where they are in it as they are (protocol 3 and later).
public struct NumPyArray: Sendable {
    /// The type of the elements.
    public let dtype: NumPyDType
    /// The size of each dimension; empty for an array of no dimensions.
    public let shape: [Int]
    /// Whether the first index runs fastest in the file, as `array.flags.f_contiguous` says of
    /// arrays that are not C-contiguous too.
    public let isFortranOrder: Bool
    /// The number of elements, as `numpy.ndarray.size`.
    public let elementCount: Int
    /// The elements of an array of Python objects, in the order of the file; nil for any other.
    public let objects: [CheckpointValue]?

    let region: ByteRegion
    /// The distance between neighbours along each dimension, in bytes.
    let byteStrides: [Int]
    /// The byte of the region that the first element begins with.
    let offset: Int

    init(
        dtype: NumPyDType, shape: [Int], byteStrides: [Int], elementCount: Int,
        isFortranOrder: Bool = false, region: ByteRegion, offset: Int = 0,
        objects: [CheckpointValue]? = nil
    ) {
        self.dtype = dtype
        self.shape = shape
        self.byteStrides = byteStrides
        self.elementCount = elementCount
        self.isFortranOrder = isFortranOrder
        self.region = region
        self.offset = offset
        self.objects = objects
    }
}

extension NumPyArray {
    /// The number of dimensions, as `numpy.ndarray.ndim`.
    public var rank: Int { shape.count }

    /// The bytes of all elements in row-major order, each in the byte order of the dtype, as
    /// `array.tobytes()`.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elementCount * dtype.itemSize)
        forEachOffset { start in
            let element = region.bytes.extracting(start..<(start + dtype.itemSize))
            bytes += Array(copying: element)
        }
        return bytes
    }

    /// Calls `body` with the place of each element in the region, in row-major order.
    func forEachOffset(_ body: (Int) -> Void) {
        guard elementCount > 0, objects == nil else { return }
        var indices = [Int](repeating: 0, count: rank)
        var place = offset
        while true {
            body(place)
            var axis = rank - 1
            while axis >= 0 {
                indices[axis] += 1
                place += byteStrides[axis]
                if indices[axis] < shape[axis] { break }
                place -= byteStrides[axis] * shape[axis]
                indices[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}

extension NumPyArray {
    /// The array as a tensor; its storage is the bytes of the file where they are in the pickle as
    /// they are, in whichever byte order.
    ///
    /// Times become `int64`. The Python counterpart is `torch.from_numpy(array)`.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` when torch has no such numbers.
    /// - Complexity: O(1); O(*n*) in the number of bytes for a field that is not aligned in its
    ///   record.
    public func tensor() throws -> Tensor { try checkedTensor() }

    func checkedTensor() throws(CheckpointError) -> Tensor {
        guard objects == nil, let numbers = dtype.torchDType else {
            throw CheckpointError(
                .unsupportedDType, "torch has no numbers of NumPy's dtype \(dtype)",
                advice: "Read its bytes, strings, objects or fields instead")
        }
        let size = dtype.itemSize
        guard offset % size == 0, byteStrides.allSatisfy({ $0 % size == 0 }) else {
            let copy = try ByteRegion(copying: bytes)
            return try view(of: copy, numbers, TensorLayout(rowMajor: shape))
        }
        let layout = try TensorLayout(
            shape: shape, strides: byteStrides.map { $0 / size }, offset: offset / size)
        return try view(of: region, numbers, layout)
    }

    private func view(
        of region: ByteRegion, _ numbers: DType, _ layout: TensorLayout
    ) throws(CheckpointError) -> Tensor {
        // A storage is a whole number of elements.
        let storage = Storage(
            key: nil, device: .cpu, region: region, byteOrder: dtype.byteOrder ?? .native)
        return try Tensor(storage: storage, dtype: numbers, layout: layout)
    }
}
