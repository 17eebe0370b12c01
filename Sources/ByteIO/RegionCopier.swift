import SystemPackage

/// Copies the bytes of a region, any number of parts at a time.
///
/// Those of a mapped file are read from the file if it is still there: that takes less time than
/// mapping each page to copy it once, and a file that can't be read is an error.
package final class RegionCopier: Sendable {
    private let region: ByteRegion
    /// The file and where in it the region begins; nil when its memory is to be read.
    private let source: (file: OpenFile, start: Int)?
    private let reopened: FileDescriptor?

    /// A copier of `region`, which keeps its file open if it has one.
    package init(_ region: ByteRegion) {
        self.region = region
        guard let file = region.keeper?.file, let start = region.fileOffset else {
            (source, reopened) = (nil, nil)
            return
        }
        reopened = file.isOpen ? nil : file.reopened()
        source = file.isOpen || reopened != nil ? (file, start) : nil
    }

    deinit { try? reopened?.close() }

    /// Copies a part of the region, which must be inside, to memory that is as large.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be read, or was cut.
    package func copy(
        _ range: Range<Int>, to memory: UnsafeMutableRawBufferPointer
    ) throws(CheckpointError) {
        guard let (file, start) = source else {
            return unsafe region.withUnsafeBytes { bytes in
                unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
        }
        try unsafe file.readAll(at: start + range.lowerBound, into: memory, from: reopened)
    }

    /// Calls `body` with the bytes of a part of the region, which must be inside, piece by piece.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be read, or was cut; what
    ///   `body` throws.
    package func forEachPiece(
        of range: Range<Int>, ofSize size: Int, _ body: (RawSpan) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let region = region
        let bytes = region.bytes
        var buffer = [UInt8](repeating: 0, count: source == nil ? 0 : min(size, range.count))
        var rest = range
        while !rest.isEmpty {
            let piece = rest.prefix(size)
            if source == nil {
                try body(bytes.extracting(piece))
            } else {
                buffer.removeLast(buffer.count - piece.count)
                try read(piece, into: &buffer)
                try unsafe body(buffer.span.bytes)
            }
            rest = piece.upperBound..<range.upperBound
        }
    }

    private func read(
        _ range: Range<Int>, into buffer: inout [UInt8]
    ) throws(CheckpointError) {
        var failure: CheckpointError?
        unsafe buffer.withUnsafeMutableBytes { memory in
            do throws(CheckpointError) {
                try unsafe copy(range, to: memory)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
