package import ByteIO

/// Writes a zip archive as torch does, byte for byte: stored records, each padded so that its
/// contents begin at a multiple of the alignment.
///
/// The layout: `Specs/archive.md`. After an error the archive can't be continued.
package struct ZipArchiveWriter<Sink: ByteSink & ~Copyable>: ~Copyable {
    /// The records so far, in their order.
    package private(set) var records: [WrittenRecord] = []

    /// What torch aligns the contents of records to, in bytes.
    package static var defaultAlignment: Int { 64 }

    private let alignment: Int
    private let computesChecksums: Bool
    private var names = RecordNames()
    private var position = 0
    private var current: RecordInProgress?
    // What is between the contents, before it is written.
    private var pending = ByteBuffer()
    private var sink: Sink

    /// An archive that goes to `sink`.
    ///
    /// - Parameters:
    ///   - alignment: What the contents of records are aligned to, at least 1.
    ///   - computesChecksums: Whether records have checksums; without, each is 0.
    package init(
        _ sink: consuming Sink, alignment: Int = ZipArchiveWriter.defaultAlignment,
        computesChecksums: Bool = true
    ) {
        precondition(alignment >= 1, "an alignment is at least 1")
        self.sink = sink
        self.alignment = alignment
        self.computesChecksums = computesChecksums
    }

    /// Writes a record whose contents are at hand.
    ///
    /// - Parameters:
    ///   - name: The whole name, with the root folder.
    ///   - crc32: The checksum of the contents, if it is known.
    ///   - progress: Called with the number of bytes written since the last call, about every
    ///     64 MiB and at the end of the contents; what it throws ends the writing.
    /// - Throws: What ``begin(_:byteCount:crc32:)`` and the sink throw, and what `progress` throws.
    /// - Complexity: O(*n*) in the size of the contents.
    package mutating func write(
        _ name: String, _ contents: RawSpan, crc32: UInt32? = nil,
        progress: (_ byteCount: Int) throws -> Void = { _ in }
    ) throws {
        try begin(name, byteCount: contents.byteCount, crc32: crc32)
        var rest = contents
        while rest.byteCount > 0 {
            let part = rest.extracting(first: ProgressPiece.byteCount)
            try append(part)
            try progress(part.byteCount)
            rest = rest.extracting(droppingFirst: part.byteCount)
        }
        try end()
    }

    /// Begins a record whose contents come in pieces.
    ///
    /// - Parameters:
    ///   - name: The whole name, with the root folder.
    ///   - byteCount: The size of the contents, which the pieces must add up to.
    ///   - crc32: The checksum of the contents, if it is known.
    /// - Throws: ``CheckpointError/Code/duplicateRecord`` when there is a record of that name,
    ///   upper and lower case being the same; ``CheckpointError/Code/unwritableRecord`` when the
    ///   name or the padding does not fit a header; what the sink throws.
    package mutating func begin(
        _ name: String, byteCount: Int, crc32: UInt32? = nil
    ) throws(CheckpointError) {
        precondition(current == nil, "the last record has not ended")
        precondition(byteCount >= 0, "a size is not negative")
        try names.insert(name)
        let record = try WrittenRecord(
            name, byteCount: byteCount, at: position, alignment: alignment)
        current = RecordInProgress(record, crc32: computesChecksums ? crc32 : 0)
        record.appendLocalHeader(to: &pending)
        try putPending()
    }

    /// Writes the next piece of the record's contents.
    ///
    /// - Throws: ``CheckpointError/Code/unwritableRecord`` when there is more than was announced;
    ///   what the sink throws.
    package mutating func append(_ bytes: RawSpan) throws(CheckpointError) {
        guard var record = current else { preconditionFailure("no record has begun") }
        var rest = bytes
        while rest.byteCount > 0 {
            let piece = rest.extracting(first: RecordInProgress.pieceByteCount)
            try record.take(piece)
            try sink.write(piece)
            rest = rest.extracting(droppingFirst: piece.byteCount)
        }
        position += bytes.byteCount
        current = record
    }

    /// Ends the record.
    ///
    /// - Throws: ``CheckpointError/Code/unwritableRecord`` when there is less than was announced;
    ///   what the sink throws.
    package mutating func end() throws(CheckpointError) {
        guard let record = try current?.finished() else {
            preconditionFailure("no record has begun")
        }
        current = nil
        records.append(record)
        record.appendDescriptor(to: &pending)
        try putPending()
    }

    /// Writes the directory and gives the sink back, which is to be committed.
    ///
    /// - Throws: What the sink throws.
    /// - Complexity: O(*n*) in the number of records.
    package consuming func finish() throws(CheckpointError) -> Sink {
        precondition(current == nil, "the last record has not ended")
        let directoryOffset = position
        for record in records {
            record.appendDirectoryEntry(to: &pending)
            try putPending()
        }
        let end = EndRecord.bytes(
            entryCount: records.count, directoryByteCount: position - directoryOffset,
            directoryOffset: directoryOffset)
        try unsafe sink.write(end.span.bytes)
        return sink
    }

    private mutating func putPending() throws(CheckpointError) {
        // Taken out, because the sink can't change while a part of this value is looked at.
        var bytes = ByteBuffer()
        swap(&bytes, &pending)
        try sink.write(bytes.bytes)
        position += bytes.count
        bytes.removeAll()
        pending = bytes
    }
}
