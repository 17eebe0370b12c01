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
        let transform = try transform(to: byteOrder)
        guard elementCount > 0 else { return }
        try unsafe withStoredBytes { stored in
            if isContiguous && transform.isIdentity {
                try unsafe body(RawSpan(_unsafeBytes: stored))
            } else {
                let size = max(maximumBytes / dtype.itemSize, 1) * dtype.itemSize
                try unsafe streamChunks(stored, transform, size: min(size, byteCount), body)
            }
        }
    }

    private func streamChunks(
        _ stored: UnsafeRawBufferPointer, _ transform: ElementTransform, size: Int,
        _ body: (RawSpan) throws -> Void
    ) throws {
        var cursor = RowMajorCursor(layout, itemSize: dtype.itemSize)
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { unsafe chunk.deallocate() }
        for start in stride(from: 0, to: byteCount, by: size) {
            let count = min(size, byteCount - start)
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: chunk[..<count])
            unsafe cursor.copyNext(from: stored, into: part)
            unsafe transform.apply(to: part)
            try unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(part)))
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
        let transform = try transform(to: byteOrder)
        guard elementCount > 0 else { return }
        let region = try storedRegion()
        unsafe region.withUnsafeBytes { stored in
            var cursor = RowMajorCursor(layout, itemSize: dtype.itemSize)
            unsafe cursor.copyNext(from: stored, into: destination)
        }
        unsafe transform.apply(to: destination)
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
