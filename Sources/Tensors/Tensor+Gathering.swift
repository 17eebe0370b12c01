package import ByteIO

// Everything that reads elements comes through here: it knows about strides, byte orders and pending
// operations, and nobody else needs to.

extension Tensor {
    /// Calls `body` with the elements in row-major order, some at a time, without building them
    /// whole.
    ///
    /// Contiguous elements whose bytes need no change come in one chunk, straight from the storage,
    /// and may be misaligned. All others come in chunks of up to `maximumBytes`. A tensor without
    /// elements makes no call.
    ///
    /// - Throws: ``CheckpointError`` when the storage can't be read,
    ///   ``CheckpointError/Code/limitExceeded`` when a small storage claims a huge result, and what
    ///   `body` throws.
    package func withRowMajorChunks(
        byteOrder: ByteOrder = .little, maximumBytes: Int = 1 << 20,
        _ body: (RawSpan) throws -> Void
    ) throws {
        try checkResultSize(byteCount)
        guard let elements = try rowMajorElements(byteOrder: byteOrder) else { return }
        try unsafe elements.forEachChunk(of: 0..<elementCount, maximumBytes: maximumBytes) {
            try unsafe body(RawSpan(_unsafeBytes: $0))
        }
    }

    /// Fills `destination`, which has ``byteCount`` bytes and any alignment, with the elements in
    /// row-major order.
    ///
    /// - Throws: ``CheckpointError`` when the storage can't be read.
    package func writeRowMajor(
        into destination: UnsafeMutableRawBufferPointer, byteOrder: ByteOrder = .little
    ) throws(CheckpointError) {
        precondition(destination.count == byteCount, "the destination has the tensor's size")
        guard let elements = try rowMajorElements(byteOrder: byteOrder) else { return }
        unsafe destination.preferLargePages()
        let size = dtype.itemSize
        try PieceWork.perform(on: elementCount, ofSize: size, granularity: elements.granularity) {
            let part = unsafe destination[$0.lowerBound * size..<$0.upperBound * size]
            unsafe elements.copy($0, into: UnsafeMutableRawBufferPointer(rebasing: part))
        }
    }

    /// The elements in row-major order, little-endian, without gaps.
    ///
    /// The Python counterpart is `tensor.numpy().tobytes()`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when a small storage claims a huge result
    ///   (``maximumExpandedByteCount``); ``CheckpointError`` when the storage can't be read.
    /// - Complexity: O(``byteCount``).
    public func rowMajorBytes() throws -> [UInt8] {
        try checkResultSize(byteCount)
        return try unsafe Array(unsafeUninitializedCapacity: byteCount) { buffer, initialized in
            try unsafe writeRowMajor(into: UnsafeMutableRawBufferPointer(buffer))
            initialized = byteCount
        }
    }
}

extension Tensor {
    /// What is to be done to copied elements so that they are in the given byte order.
    func transform(to byteOrder: ByteOrder) throws(CheckpointError) -> ElementTransform {
        try ElementTransform(
            dtype: dtype, from: storage.byteOrder, to: byteOrder, pending: pendingOperations)
    }

    /// The elements as they are to be read, or nil when there are none.
    ///
    /// - Throws: ``CheckpointError`` when the storage can't be read.
    func rowMajorElements(
        byteOrder: ByteOrder
    ) throws(CheckpointError) -> RowMajorElements? {
        let transform = try transform(to: byteOrder)
        guard elementCount > 0 else { return nil }
        return RowMajorElements(self, try storedRegion(), transform)
    }

    /// Calls `body` with the storage's bytes from the first element to the last.
    func withStoredBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try unsafe storedRegion().withUnsafeBytes(body)
    }

    private func storedRegion() throws(CheckpointError) -> ByteRegion {
        guard elementCount > 0 else { return ByteRegion() }
        let extent = try layout.extent()
        return try storage.region().slice(
            at: extent.lowerBound * dtype.itemSize, count: extent.count * dtype.itemSize)
    }
}
