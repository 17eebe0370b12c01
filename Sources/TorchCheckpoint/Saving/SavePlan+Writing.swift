import ByteIO
import Tensors
import ZipArchive

extension SavePlan {
    /// Copies the file that was read.
    ///
    /// - Parameter progress: Called now and then with the bytes written and all bytes.
    func copy<Sink: ByteSink & ~Copyable>(
        _ region: ByteRegion, to sink: inout Sink,
        progress: (_ written: Int, _ total: Int) throws -> Void
    ) throws {
        var rest = region.bytes
        while rest.byteCount > 0 {
            let piece = rest.extracting(first: Self.pieceByteCount)
            try sink.write(piece)
            rest = rest.extracting(droppingFirst: piece.byteCount)
            try progress(region.count - rest.byteCount, region.count)
        }
    }

    // How much is copied between two reports of progress.
    private static let pieceByteCount = 1 << 26

    /// An archive for the records, which goes to a sink.
    func writer<Sink: ByteSink & ~Copyable>(to sink: consuming Sink) -> ZipArchiveWriter<Sink> {
        ZipArchiveWriter(sink, alignment: alignment, computesChecksums: computesChecksums)
    }

    /// Writes all records.
    ///
    /// - Parameter progress: Called now and then with the bytes written and all bytes.
    func write<Sink: ByteSink & ~Copyable>(
        to writer: inout ZipArchiveWriter<Sink>,
        progress: (_ written: Int, _ total: Int) throws -> Void
    ) throws {
        let total = byteCount
        var written = 0
        for record in records {
            let (contents, crc32) = try bytes(of: record, behind: writer.records)
            try writer.write("\(root)/\(record.name)", contents.bytes, crc32: crc32) { count in
                written += count
                try progress(min(written, total), total)
            }
        }
    }

    /// The size of all records, but for the few bytes of the serialization id.
    private var byteCount: Int {
        records.reduce(0) { sum, record in
            switch record.contents {
            case .bytes(let bytes): sum + bytes.count
            case .entry(let entry): sum.addingCapped(entry.byteCount)
            case .storage(let storage): sum.addingCapped(storage.byteCount)
            case .serializationID: sum
            }
        }
    }

    /// A record's bytes, and their checksum where the file that was read has it.
    private func bytes(
        of record: Record, behind written: [WrittenRecord]
    ) throws(CheckpointError) -> (ByteRegion, crc32: UInt32?) {
        switch record.contents {
        case .bytes(let bytes): return try (ByteRegion(copying: bytes), nil)
        case .storage(let storage): return try (swaps.region(of: storage), nil)
        case .serializationID:
            return try (ByteRegion(copying: serializationID(of: written).utf8), nil)
        case .entry(let entry):
            // Its checksum is kept, so that damage that it would show is not covered up.
            let contents = try source?.contents(of: entry) ?? ByteRegion()
            return (contents, keepsChecksums ? entry.crc32 : nil)
        }
    }

    private func serializationID(of written: [WrittenRecord]) -> String {
        let checksums = SerializationID.checksumsPart(of: written.flatMap(\.identityChecksums))
        if let namesIdentity { return namesIdentity + checksums }
        let names = written.map { String($0.name.dropFirst(root.count + 1)) }
        return SerializationID.namesPart(of: names) + checksums
    }
}
