import ByteIO
import Tensors

/// Where the bytes of storages come from: records that are numbered.
protocol StorageSource {
    /// The number of records, not all of which need be storages.
    var recordCount: Int { get }

    /// The number of the record of the storage with a key, or nil when there is none.
    ///
    /// - Parameter key: ASCII characters.
    mutating func record(ofKey key: RawSpan) -> Int?

    /// What the record of a key is called, for errors.
    func recordName(ofKey key: String) -> String

    /// The storage in a record.
    func storage(
        inRecord record: Int, key: String, device: Device
    ) throws(CheckpointError) -> Storage
}

extension StorageSource {
    func recordName(ofKey key: String) -> String { ArchivePart.data.folder + key }
}

/// Storages that are records of an archive in one folder, usually `data/<key>`.
struct ArchiveStorageSource: StorageSource {
    private let records: RecordArchive
    private let byteOrder: ByteOrder
    // The name of a record, whose beginning is always the same.
    private var name: [UInt8]
    private let folderByteCount: Int
    private let folder: String
    // Most archives have the storages in the order in which the pickle refers to them.
    private var next = 0

    init(records: RecordArchive, folder: String, byteOrder: ByteOrder) {
        self.records = records
        self.byteOrder = byteOrder
        self.folder = folder
        name = Array((records.folder + folder).utf8)
        folderByteCount = name.count
    }

    var recordCount: Int { records.archive.entries.count }

    func recordName(ofKey key: String) -> String { folder + key }

    mutating func record(ofKey key: RawSpan) -> Int? {
        name.removeSubrange(folderByteCount...)
        name.append(copying: key)
        let found = unsafe records.archive.index(of: name.span.bytes, guess: next)
        next = (found ?? 0) + 1
        return found
    }

    func storage(
        inRecord record: Int, key: String, device: Device
    ) throws(CheckpointError) -> Storage {
        if let region = try records.archive.storedContents(of: record) {
            return Storage(key: key, device: device, region: region, byteOrder: byteOrder)
        }
        let (records, entry) = (records, records.archive.entries[record])
        return Storage(
            key: key, device: device, byteCount: entry.byteCount, byteOrder: byteOrder,
            storedByteCount: entry.compressedByteCount
        ) { () throws(CheckpointError) in
            try records.storageContents(of: entry)
        }
    }
}
