import ByteIO

extension Tensor {
    /// Creates a tensor with a storage of its own that holds a copy of `elements`.
    ///
    /// The Python counterpart is `torch.tensor(elements, dtype=dtype).reshape(shape)`.
    ///
    /// - Parameters:
    ///   - elements: The elements in row-major order. Those of ``DType/quint4x2`` and
    ///     ``DType/quint2x4`` are bytes; a row of numbers that ends inside a byte fills it up.
    ///   - shape: The size of each dimension, in numbers; nil for one dimension that holds all.
    ///   - dtype: One of the dtypes that the elements' type represents; nil for the first of them.
    ///   - device: The device tag of the storage.
    ///   - requiresGrad: Whether gradients are recorded; only for floating-point and complex
    ///     dtypes.
    ///   - isParameter: Whether it is a `torch.nn.Parameter`.
    /// - Throws: ``CheckpointError/Code/shapeMismatch`` when `shape` has another number of
    ///   elements; ``CheckpointError/Code/dtypeMismatch`` when the elements can't be of `dtype` or
    ///   are not plain numbers (``TensorElement``), or a `dtype` without gradients requires them;
    ///   ``CheckpointError/Code/invalidTensor`` for a negative size.
    /// - Complexity: O(*n*), where *n* is the number of elements.
    public init<Element: TensorElement>(
        _ elements: [Element], shape: [Int]? = nil, dtype: DType? = nil, device: Device = .cpu,
        requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        let dtype = try Self.checkedDType(of: Element.self, dtype, requiresGrad: requiresGrad)
        let layout = try TensorLayout(
            rowMajor: shape ?? [elements.count.multipliedChecked(by: dtype.numbersPerByte)])
        let stored = try layout.packed(dtype.numbersPerByte)
        guard stored.elementCount == elements.count else {
            throw CheckpointError(
                .shapeMismatch,
                "\(elements.count) elements were given for a \(dtype) tensor of shape "
                    + "\(layout.shape), which has \(stored.elementCount)",
                advice: "Give as many elements as the shape has, or leave out the shape")
        }
        let region = try unsafe elements.withUnsafeBytes { bytes throws(CheckpointError) in
            try unsafe ByteRegion(copying: bytes)
        }
        let storage = Storage(key: nil, device: device, region: region, byteOrder: .native)
        try self.init(
            storage: storage, dtype: dtype, layout: layout, requiresGrad: requiresGrad,
            isParameter: isParameter)
    }

    /// Creates a view of a storage, which other tensors may be views of, too.
    ///
    /// The Python counterpart is `torch.empty(0, dtype=dtype).set_(storage, offset, shape, strides)`.
    ///
    /// - Parameters:
    ///   - storage: The storage.
    ///   - dtype: The type of the elements.
    ///   - shape: The size of each dimension.
    ///   - strides: The distance between neighbours along each dimension, in elements; nil for
    ///     row-major order.
    ///   - storageOffset: The number of the first element in the storage.
    ///   - requiresGrad: Whether gradients are recorded.
    ///   - isParameter: Whether it is a `torch.nn.Parameter`.
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when an element would lie outside the
    ///   storage, for a negative number, and when there are not as many strides as sizes;
    ///   ``CheckpointError/Code/dtypeMismatch`` when a dtype without gradients requires them.
    /// - Complexity: O(rank).
    public init(
        storage: Storage, dtype: DType, shape: [Int], strides: [Int]? = nil,
        storageOffset: Int = 0, requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        try dtype.checkGradients(requiresGrad)
        let strides = try strides ?? TensorLayout(rowMajor: shape).strides
        try self.init(
            storage: storage, dtype: dtype,
            layout: TensorLayout(shape: shape, strides: strides, offset: storageOffset),
            requiresGrad: requiresGrad, isParameter: isParameter)
    }

    private static func checkedDType<Element: TensorElement>(
        of type: Element.Type, _ wanted: DType?, requiresGrad: Bool
    ) throws(CheckpointError) -> DType {
        guard let dtype = wanted ?? type.dtypes.first, type.dtypes.contains(dtype) else {
            throw CheckpointError(
                .dtypeMismatch,
                "values of \(type) can't be elements of dtype \(wanted?.rawValue ?? "?"), only of "
                    + type.dtypes.map(\.rawValue).joined(separator: ", "))
        }
        try type.checkMemory(of: dtype)
        try dtype.checkGradients(requiresGrad)
        return dtype
    }
}

extension DType {
    func checkGradients(_ areRequired: Bool) throws(CheckpointError) {
        guard !areRequired || isFloatingPoint || isComplex else {
            throw CheckpointError(
                .dtypeMismatch, "a tensor of dtype \(self) can't require gradients",
                advice: "Only floating-point and complex tensors can")
        }
    }
}
