import ByteIO
import Tensors
import ZipArchive

extension ArchivePlan {
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
        let (total, folder) = (byteCount, root + "/")
        var written = 0
        for record in records {
            let (contents, crc32) = try bytes(of: record, behind: writer.records)
            try writer.write(folder + record.name, contents.bytes, crc32: crc32) { count in
                written += count
                try progress(min(written, total), total)
            }
        }
    }

    /// The size of all records, but for the few bytes of the serialization id.
    var byteCount: Int {
        records.reduce(0) { sum, record in
            switch record.contents {
            case .bytes(let bytes): sum.addingCapped(bytes.count)
            case .entry(_, let byteCount, _): sum.addingCapped(byteCount)
            case .storage(let storage): sum.addingCapped(storage.byteCount)
            case .serializationID: sum
            }
        }
    }

    /// A record's bytes, and their checksum where the file that was read has it.
    private func bytes(
        of record: Record, behind written: [WrittenRecord]
    ) throws(CheckpointError) -> (ByteRegion, crc32: UInt32?) {
        do throws(CheckpointError) {
            switch record.contents {
            case .bytes(let bytes): return (bytes, nil)
            case .storage(let storage): return try (swaps.region(of: storage), nil)
            case .entry(let index, _, let archive):
                // Its checksum is kept, so that damage that it would show is not covered up.
                let entry = archive.entries[index]
                return try (archive.contents(of: entry), keepsChecksums ? entry.crc32 : nil)
            case .serializationID(let names):
                return try (Self.serializationID(names, written), nil)
            }
        } catch {
            throw error.inRecord(record.name).inFile(sourcePath)
        }
    }

    /// The bytes of the record of hashes, of which those over the names are known.
    private static func serializationID(
        _ names: String, _ written: [WrittenRecord]
    ) throws(CheckpointError) -> ByteRegion {
        var checksums: [UInt32] = []
        for record in written { record.appendIdentityChecksums(to: &checksums) }
        let id = names + SerializationID.checksumsPart(of: checksums)
        return try ByteRegion(copying: id.utf8)
    }
}
