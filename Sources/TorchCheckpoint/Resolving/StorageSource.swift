import ByteIO
import Tensors

/// Where the bytes of storages come from.
protocol StorageSource {
    /// The storage with the given key.
    func storage(for identifier: StorageIdentifier) throws(CheckpointError) -> Storage
}

/// Storages that are records `data/<key>` of an archive.
struct ArchiveStorageSource: StorageSource {
    let records: RecordArchive
    let byteOrder: ByteOrder

    func storage(for identifier: StorageIdentifier) throws(CheckpointError) -> Storage {
        let entry = try records.requireEntry("data/\(identifier.key)")
        if entry.compression == .stored {
            return try Storage(
                key: identifier.key, device: identifier.device, region: records.contents(of: entry),
                byteOrder: byteOrder)
        }
        let records = records
        return Storage(
            key: identifier.key, device: identifier.device, byteCount: entry.byteCount,
            byteOrder: byteOrder
        ) { () throws(CheckpointError) in
            try records.contents(of: entry)
        }
    }
}
