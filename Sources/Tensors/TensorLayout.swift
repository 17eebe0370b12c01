package import ByteIO

/// How a tensor's elements lie in its storage: shape, strides and offset, all in elements.
///
/// The element with indices `i` is number `offset + Σ i[d] × strides[d]` of the storage.
public struct TensorLayout: Hashable, Sendable {
    /// The size of each dimension; empty for a scalar tensor.
    public let shape: [Int]
    /// The distance, in elements, between neighbours along each dimension.
    public let strides: [Int]
    /// The number of the first element in the storage.
    public let offset: Int
    /// The number of elements: the product of the shape.
    public let elementCount: Int

    /// Creates a layout after checking that it makes sense by itself.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when the ranks differ, or a size, stride or
    ///   the offset is negative; ``CheckpointError/Code/limitExceeded`` when the rank is above
    ///   ``maximumRank``; ``CheckpointError/Code/numberOutOfRange`` when the number of elements
    ///   overflows.
    package init(shape: [Int], strides: [Int], offset: Int) throws(CheckpointError) {
        guard shape.count == strides.count else {
            throw .invalidTensor("has \(shape.count) sizes but \(strides.count) strides")
        }
        guard shape.count <= Self.maximumRank else {
            throw CheckpointError(
                .limitExceeded,
                "a tensor has \(shape.count) dimensions, more than \(Self.maximumRank)")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
            throw .invalidTensor(
                "has a negative size, stride or offset: shape \(shape), strides \(strides), "
                    + "offset \(offset)")
        }
        self.shape = shape
        self.strides = strides
        self.offset = offset
        elementCount = try Self.elementCount(of: shape)
    }

    /// The row-major layout of `shape`, from the start of a storage.
    ///
    /// - Throws: as ``init(shape:strides:offset:)``.
    package init(rowMajor shape: [Int]) throws(CheckpointError) {
        try self.init(shape: shape, strides: Self.rowMajorStrides(of: shape), offset: 0)
    }

    /// The largest rank that is read: torch's own limit for most operations.
    public static let maximumRank = 64

    /// The number of dimensions.
    public var rank: Int { shape.count }

    /// Whether the elements lie one after the other in row-major order, as
    /// `torch.Tensor.is_contiguous()` says.
    public var isContiguous: Bool {
        if elementCount == 0 { return true }
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// The numbers of the storage elements from the first to behind the last that are reached.
    ///
    /// - Throws: ``CheckpointError/Code/numberOutOfRange`` on overflow.
    package func extent() throws(CheckpointError) -> Range<Int> {
        guard elementCount > 0 else { return offset..<offset }
        var last = offset
        for (size, stride) in zip(shape, strides) {
            last = try last.addingChecked((size - 1).multipliedChecked(by: stride))
        }
        return offset..<(try last.addingChecked(1))
    }

    /// The layout of the bytes of which each holds `count` neighbours of the last dimension.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when this layout has gaps or an offset: torch
    ///   makes no such views.
    func packed(_ count: Int) throws(CheckpointError) -> TensorLayout {
        guard isContiguous, offset == 0 else {
            throw .invalidTensor("of packed numbers is a strided view: \(shape), \(strides)")
        }
        var bytes = shape
        if let last = bytes.popLast() { bytes.append(last / count + (last % count > 0 ? 1 : 0)) }
        return try TensorLayout(rowMajor: bytes)
    }

    // A size of 0 makes the product 0 in torch too, whatever the other sizes would overflow to.
    private static func elementCount(of shape: [Int]) throws(CheckpointError) -> Int {
        if shape.contains(0) { return 0 }
        var count = 1
        for size in shape { count = try count.multipliedChecked(by: size) }
        return count
    }

    /// The strides that torch gives a new tensor of `shape`.
    private static func rowMajorStrides(of shape: [Int]) throws(CheckpointError) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for index in shape.indices.dropLast().reversed() {
            strides[index] = try strides[index + 1].multipliedChecked(
                by: max(shape[index + 1], 1))
        }
        return strides
    }
}

extension CheckpointError {
    static func invalidTensor(_ what: String) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "a tensor \(what)",
            advice: "The file is damaged or was not written by torch")
    }
}
