import ByteIO

extension SparseTensor {
    /// The size of a dense tensor, in bytes, up to which it is made of anything: 128 MiB.
    ///
    /// A sparse tensor of some bytes can have any shape. A larger one has to be in proportion to
    /// what is stored (``Tensor/maximumExpansion``), or asked for.
    public static let maximumDenseByteCount = 1 << 27

    /// The same tensor with all its elements, in row-major order: `tensor.to_dense()`.
    ///
    /// Values for the same place are added in their order, in the arithmetic of the dtype: integers
    /// wrap around, `float16` and `bfloat16` are rounded after each step.
    ///
    /// - Parameter maximumByteCount: The size above which it is refused; nil for
    ///   ``maximumDenseByteCount``, or ``Tensor/maximumExpansion`` times the size of what is stored
    ///   when that is more.
    /// - Throws: ``CheckpointError/Code/invalidTensor`` as ``validateIndices()``;
    ///   ``CheckpointError/Code/limitExceeded``; ``CheckpointError/Code/dtypeMismatch`` when
    ///   values for one place are to be added whose dtype torch does not add.
    /// - Complexity: O(*n*) in the number of elements of the result.
    public func dense(maximumByteCount: Int? = nil) throws -> Tensor {
        let layout = try TensorLayout(rowMajor: shape)
        let byteCount = try layout.elementCount.multipliedChecked(by: dtype.itemSize)
        try checkDenseSize(byteCount, maximumByteCount)
        let region = try denseBytes(byteCount, elementCount: layout.elementCount)
        return try Tensor(
            storage: Storage(key: nil, device: device, region: region, byteOrder: .native),
            dtype: dtype, layout: layout)
    }

    private func checkDenseSize(_ byteCount: Int, _ maximum: Int?) throws(CheckpointError) {
        let stored = parts.reduce(0) { $0.addingCapped($1.tensor.storage.storedByteCount) }
        let multiple = stored.multipliedCapped(by: Tensor.maximumExpansion)
        let allowed = maximum ?? max(Self.maximumDenseByteCount, multiple)
        guard byteCount <= allowed else {
            throw CheckpointError(
                .limitExceeded,
                "a \(layout.rawValue) tensor of shape \(shape) takes \(byteCount) bytes as a "
                    + "dense one, more than \(allowed)",
                advice: "Ask for more with maximumByteCount if the file is to be trusted")
        }
    }

    /// The elements of the dense tensor, in memory that nothing else has.
    private func denseBytes(_ byteCount: Int, elementCount: Int) throws -> ByteRegion {
        let sums = ElementSums(dtype: dtype)
        let room = BlockPlaces(self)
        let values = try values.nativeBytes()
        var isTaken = sums.adds ? [] : [Bool](repeating: false, count: elementCount)
        let places = try validatedPlaces()
        let owner = try unsafe ByteOwner(allocating: byteCount) {
            (memory) throws(CheckpointError) in
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
            // Where a dense dimension is empty, the sparse ones may be of any size.
            for (number, place) in places.enumerated() where byteCount > 0 {
                try room.forEachRun(ofValue: number, at: place) {
                    (source, target, count) throws(CheckpointError) in
                    if !sums.adds { try sums.take(target..<target + count, &isTaken) }
                    unsafe sums.add(values, source, to: memory, target, count: count)
                }
            }
        }
        return ByteRegion(owner)
    }

    /// The same tensor with its coordinates in order and without duplicates: `tensor.coalesce()`.
    ///
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` for a layout other than
    ///   ``SparseLayout/coo``; otherwise as ``dense(maximumByteCount:)``, except for the limit.
    /// - Complexity: O(*n* log *n*) in the number of values.
    public func coalesced() throws -> SparseTensor {
        guard case .coordinates(let coordinates, let isCoalesced) = indices else {
            throw CheckpointError(
                .dtypeMismatch,
                "only \(SparseLayout.coo.rawValue) tensors are coalesced, not "
                    + layout.rawValue)
        }
        let places = try validatedPlaces()
        if isCoalesced == true { return self }
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        let width = storedCount == 0 ? 0 : values.elementCount / storedCount
        let sums = ElementSums(dtype: dtype)
        let bytes = try values.nativeBytes()
        var kept: [Int] = []
        var result: [UInt8] = []
        for place in order {
            if let last = kept.last, places[last] == places[place] {
                guard sums.adds else { throw sums.error }
            } else {
                kept.append(place)
                result += [UInt8](repeating: 0, count: width * dtype.itemSize)
            }
            unsafe result.withUnsafeMutableBytes { result in
                unsafe sums.add(
                    bytes, place * width, to: result, (kept.count - 1) * width, count: width)
            }
        }
        return try with(kept, of: coordinates, values: result)
    }

    private func with(
        _ kept: [Int], of coordinates: Tensor, values bytes: [UInt8]
    ) throws -> SparseTensor {
        let numbers = try coordinates.array(converting: Int64.self)
        let dimensions = sparseShape.count
        let indices = (0..<dimensions).flatMap { dimension in
            kept.map { numbers[dimension * storedCount + $0] }
        }
        let values = try Tensor(
            storage: Storage(
                key: nil, device: device, region: ByteRegion(copying: bytes),
                byteOrder: .native),
            dtype: dtype,
            layout: TensorLayout(rowMajor: [kept.count] + values.shape.dropFirst()))
        return try SparseTensor(
            coordinates: Tensor(
                indices, shape: [dimensions, kept.count], device: coordinates.device),
            values: values, shape: shape, isCoalesced: true, requiresGrad: requiresGrad,
            isParameter: isParameter)
    }
}

/// Where the elements of values and blocks go in the dense tensor.
private struct BlockPlaces {
    /// The number of elements of a place in the dense dimensions.
    private let width: Int
    private let block: [Int]
    /// The number of columns of blocks.
    private let columns: Int

    init(_ tensor: SparseTensor) {
        width = tensor.shape.suffix(tensor.denseDimensionCount).reduce(
            1, { $0.multipliedReportingOverflow(by: $1).partialValue })
        let block = tensor.blockSize
        self.block = block.isEmpty ? [1, 1] : block
        columns = tensor.layout == .coo ? 1 : tensor.sparseShape[1] / self.block[1]
    }

    /// Calls `body` with the first element of the value, that of the result, and how many follow on
    /// each other in both.
    func forEachRun(
        ofValue number: Int, at place: Int,
        _ body: (Int, Int, Int) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let (rows, run) = (block[0], block[1] * width)
        let (blockRow, blockColumn) = (place / columns, place % columns)
        for row in 0..<rows {
            let line = (blockRow * rows + row) * columns + blockColumn
            try body((number * rows + row) * run, line * run, run)
        }
    }
}

extension Tensor {
    /// The elements in row-major order and in the machine's byte order.
    func nativeBytes() throws -> [UInt8] {
        try checkResultSize(byteCount)
        return try unsafe Array(unsafeUninitializedCapacity: byteCount) { buffer, initialized in
            try unsafe writeRowMajor(
                into: UnsafeMutableRawBufferPointer(buffer), byteOrder: .native)
            initialized = byteCount
        }
    }
}
