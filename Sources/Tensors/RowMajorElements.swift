import ByteIO

/// The elements of a tensor in row-major order, in the wanted byte order and with nothing pending,
/// to be read from any of them on.
struct RowMajorElements {
    /// The storage's bytes from the first element to the last.
    private let stored: ByteRegion
    private let transform: ElementTransform
    private let itemSize: Int
    private let first: RowMajorCursor
    /// Whether the stored bytes are what is wanted.
    private let isStored: Bool

    /// The elements of `tensor`, which has some.
    init(_ tensor: Tensor, _ stored: ByteRegion, _ transform: ElementTransform) {
        self.stored = stored
        self.transform = transform
        itemSize = tensor.dtype.itemSize
        first = RowMajorCursor(tensor.layout, itemSize: itemSize)
        isStored = tensor.isContiguous && transform.isIdentity
    }

    /// How many elements are best read together, so that neighbours in the storage that are none in
    /// the view are read at the same time.
    var granularity: Int { first.granularity }

    /// The size of chunks to ask for: at least so many bytes that ``granularity`` is kept, unless
    /// that would be too many for the processor's cache.
    func chunkSize(wanted size: Int) -> Int {
        min(max(size, granularity * itemSize), max(size, 1 << 19))
    }

    /// Fills `destination` with the elements in `range`.
    func copy(_ range: Range<Int>, into destination: UnsafeMutableRawBufferPointer) {
        var cursor = first
        cursor.advance(toElement: range.lowerBound)
        unsafe stored.withUnsafeBytes { unsafe cursor.copyNext(from: $0, into: destination) }
        unsafe transform.apply(to: destination)
    }

    /// Calls `body` with the elements in `range`, in chunks of up to `maximumBytes` but at least
    /// one element; or in one chunk, when the stored bytes are what is wanted.
    func forEachChunk<Failure: Error>(
        of range: Range<Int>, maximumBytes: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try unsafe stored.withUnsafeBytes { bytes throws(Failure) in
            if isStored {
                let part = range.lowerBound * itemSize..<range.upperBound * itemSize
                try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[part]))
            } else {
                try unsafe gather(bytes, range, maximumBytes: maximumBytes, body)
            }
        }
    }

    private func gather<Failure: Error>(
        _ source: UnsafeRawBufferPointer, _ range: Range<Int>, maximumBytes: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let step = min(max(maximumBytes / itemSize, 1), range.count)
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: step * itemSize, alignment: 64)
        defer { unsafe room.deallocate() }
        var cursor = first
        cursor.advance(toElement: range.lowerBound)
        for start in stride(from: 0, to: range.count, by: step) {
            let size = min(step, range.count - start) * itemSize
            let chunk = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<size])
            unsafe cursor.copyNext(from: source, into: chunk)
            unsafe transform.apply(to: chunk)
            try unsafe body(UnsafeRawBufferPointer(chunk))
        }
    }
}
