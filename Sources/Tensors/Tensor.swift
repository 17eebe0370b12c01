package import ByteIO

/// A multi-dimensional array of numbers: a typed, strided view of a ``Storage``.
///
/// Making, copying and describing a tensor reads none of its elements; ``array(of:)`` and its
/// relatives do. The Python counterpart is `torch.Tensor`.
public struct Tensor: Sendable {
    /// The bytes that this tensor is a view of, shared with other views of them.
    public let storage: Storage
    /// The type of the elements.
    public let dtype: DType
    /// Where the stored elements are.
    ///
    /// Of ``shape``, ``strides`` and ``storageOffset``, except for ``DType/quint4x2`` and
    /// ``DType/quint2x4``: there those count numbers, and this the bytes that hold several each.
    public let layout: TensorLayout
    // Of nearly no tensor, so in a box: a tensor is small, and copied often.
    private let rare: RareFacts?
    /// Whether gradients are recorded, as `torch.Tensor.requires_grad`.
    public let requiresGrad: Bool
    /// Whether the tensor was saved as a `torch.nn.Parameter`.
    public let isParameter: Bool
    /// What is still to be done to the stored values when they are read.
    package let pendingOperations: PendingOperations

    /// Creates a view of `storage` after checking that it stays inside.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when an element would lie outside;
    ///   ``CheckpointError/Code/numberOutOfRange`` when the size in bytes overflows.
    package init(
        storage: Storage, dtype: DType, layout: TensorLayout, requiresGrad: Bool = false,
        isParameter: Bool = false, pendingOperations: PendingOperations = [],
        quantization: Quantization? = nil
    ) throws(CheckpointError) {
        let isPacked = dtype.numbersPerByte > 1
        try self.init(
            storage: storage, dtype: dtype,
            layout: isPacked ? layout.packed(dtype.numbersPerByte) : layout,
            numberLayout: isPacked ? layout : nil, requiresGrad: requiresGrad,
            isParameter: isParameter, pendingOperations: pendingOperations,
            quantization: quantization)
    }

    init(
        storage: Storage, dtype: DType, layout: TensorLayout, numberLayout: TensorLayout?,
        requiresGrad: Bool, isParameter: Bool, pendingOperations: PendingOperations,
        quantization: Quantization? = nil
    ) throws(CheckpointError) {
        // An expanded view (stride 0) can have far more elements than its storage has bytes.
        _ = try layout.elementCount.multipliedChecked(by: dtype.itemSize)
        let needed = try layout.extent().upperBound.multipliedChecked(by: dtype.itemSize)
        guard layout.elementCount == 0 || needed <= storage.byteCount || !storage.hasData else {
            throw .invalidTensor(
                "reaches byte \(needed) of storage \(storage.key ?? "?"), which has "
                    + "\(storage.byteCount): \(dtype), shape \(layout.shape), strides "
                    + "\(layout.strides), offset \(layout.offset)")
        }
        self.storage = storage
        self.dtype = dtype
        self.layout = layout
        rare = RareFacts(numberLayout: numberLayout, quantization: quantization)
        self.requiresGrad = requiresGrad
        self.isParameter = isParameter
        self.pendingOperations = pendingOperations
    }

    /// The layout in numbers, for dtypes that hold several in a byte.
    var numberLayout: TensorLayout? { rare?.numberLayout }

    /// How the integers stand for real numbers, if the tensor is quantized.
    ///
    /// Nil for ordinary tensors, and for quantized integers that are by themselves: those made with
    /// ``init(_:shape:dtype:device:requiresGrad:isParameter:)``. The Python counterparts are
    /// `torch.Tensor.qscheme()`, `q_scale()` and the like.
    public var quantization: Quantization? { rare?.quantization }

    /// A view of some stored elements, which are bytes where the dtype packs numbers: the shape of
    /// such a view counts bytes, too.
    ///
    /// - Throws: as ``init(storage:dtype:layout:requiresGrad:isParameter:pendingOperations:)``.
    func view(ofStored layout: TensorLayout) throws(CheckpointError) -> Tensor {
        try Tensor(
            storage: storage, dtype: dtype, layout: layout, numberLayout: nil,
            requiresGrad: requiresGrad, isParameter: isParameter,
            pendingOperations: pendingOperations)
    }
}

extension Tensor {
    /// The size of each dimension; empty for a scalar tensor.
    public var shape: [Int] { (numberLayout ?? layout).shape }
    /// The number of dimensions, as `torch.Tensor.dim()`; 0 for a scalar tensor.
    public var rank: Int { layout.rank }
    /// The distance between neighbours along each dimension, in elements.
    public var strides: [Int] { (numberLayout ?? layout).strides }
    /// The number of the first element in the storage, as `torch.Tensor.storage_offset()`.
    public var storageOffset: Int { (numberLayout ?? layout).offset }
    /// The number of stored elements: `torch.Tensor.numel()`, except for ``DType/quint4x2`` and
    /// ``DType/quint2x4``, whose elements are bytes that hold several numbers.
    public var elementCount: Int { layout.elementCount }
    /// The size of the elements in bytes, without gaps, as `torch.Tensor.nbytes`.
    public var byteCount: Int { elementCount * dtype.itemSize }
    /// The device tag of the storage.
    public var device: Device { storage.device }
    /// Whether the elements lie one after the other in row-major order.
    public var isContiguous: Bool { layout.isContiguous }
}

/// Operations that torch leaves undone in memory and applies when elements are read.
package struct PendingOperations: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The imaginary parts are to be negated: `torch.Tensor.is_conj()`.
    package static let conjugation = PendingOperations(rawValue: 1)
    /// The values are to be negated: `torch.Tensor.is_neg()`.
    package static let negation = PendingOperations(rawValue: 2)
}

private final class RareFacts: Sendable {
    let numberLayout: TensorLayout?
    let quantization: Quantization?

    /// Nil when there are none.
    init?(numberLayout: TensorLayout?, quantization: Quantization?) {
        guard numberLayout != nil || quantization != nil else { return nil }
        self.numberLayout = numberLayout
        self.quantization = quantization
    }
}
