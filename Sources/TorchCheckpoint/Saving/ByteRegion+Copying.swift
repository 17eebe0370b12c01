import ByteIO

extension ByteRegion {
    /// Writes all bytes to a sink.
    ///
    /// - Parameter progress: Called now and then with the bytes written and all bytes.
    func write<Sink: ByteSink & ~Copyable>(
        to sink: inout Sink, progress: (_ written: Int, _ total: Int) throws -> Void
    ) throws {
        var rest = bytes
        while rest.byteCount > 0 {
            let piece = rest.extracting(first: ProgressPiece.byteCount)
            try sink.write(piece)
            rest = rest.extracting(droppingFirst: piece.byteCount)
            try progress(count - rest.byteCount, count)
        }
    }
}
