import ByteIO
import Tensors

/// The storages that a description in JSON names by their records, each once.
struct ProgramStorages {
    let records: RecordArchive
    private let source: ArchiveStorageSource
    private var storages: [String: Storage] = [:]

    init(_ records: RecordArchive) throws(CheckpointError) {
        self.records = records
        source = try ArchiveStorageSource(
            records: records, folder: "", byteOrder: records.byteOrder())
    }

    /// The storage in a record.
    ///
    /// - Throws: ``CheckpointError/Code/missingRecord``;
    ///   ``CheckpointError/Code/invalidStorage`` when it was on another device before.
    mutating func storage(
        inRecord record: String, device: Device
    ) throws(CheckpointError) -> Storage {
        try StorageIdentifier.check(device)
        if let known = storages[record] {
            guard known.device == device else {
                throw CheckpointError(
                    .invalidStorage,
                    "record '\(record)' is on \(known.device) and on \(device) at once",
                    advice: CheckpointContents.adviceOnDamage)
            }
            return known
        }
        let entry = try records.requireEntry(record)
        let key = record.split(separator: "/").last.map(String.init) ?? record
        let storage = try source.storage(inRecord: entry.index, key: key, device: device)
        storages[record] = storage
        return storage
    }
}
