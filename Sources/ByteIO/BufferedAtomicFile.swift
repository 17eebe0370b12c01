package import SystemPackage

/// An ``AtomicFile`` for many small writes: collects them, and passes large ones straight through.
package struct BufferedAtomicFile: ByteSink, ~Copyable {
    private var file: AtomicFile
    private var buffer: [UInt8] = []
    private static let capacity = 1 << 20

    /// Begins the file that is to be at `path`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package init(replacing path: FilePath) throws(CheckpointError) {
        file = try AtomicFile(replacing: path)
        buffer.reserveCapacity(Self.capacity)
    }

    /// Appends `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
        // What goes straight through must not overtake what was written before it.
        let isLarge = bytes.byteCount > Self.capacity / 4
        if isLarge || bytes.byteCount > Self.capacity - buffer.count { try flush() }
        if isLarge {
            try file.write(bytes)
        } else {
            buffer.append(copying: bytes)
        }
    }

    /// Makes the bytes durable and puts the file in its place.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``; the old file is then still in place.
    package consuming func commit() throws(CheckpointError) {
        try flush()
        try file.commit()
    }

    private mutating func flush() throws(CheckpointError) {
        // Taken out, because the file can't change while a part of this value is looked at.
        var pending: [UInt8] = []
        swap(&pending, &buffer)
        try unsafe file.write(pending.span.bytes)
        pending.removeAll(keepingCapacity: true)
        buffer = pending
    }
}
