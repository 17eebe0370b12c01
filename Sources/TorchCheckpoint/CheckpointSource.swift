import ByteIO
import Tensors

/// The file that a checkpoint was read from, as it is whatever was changed since.
struct CheckpointSource: Sendable {
    let format: FileFormat
    /// The file, for errors; nil when the checkpoint is from memory.
    let filePath: String?
    /// All bytes of the checkpoint; nil when it was made in Swift.
    let region: ByteRegion?
    let records: RecordArchive?
    let archiveInfo: ArchiveInfo?
    let byteOrder: ByteOrder
    /// What a legacy file has besides; nil for other formats.
    let legacy: LegacySource?
    /// What lies in the archive.
    let archiveKind: ArchiveKind
    /// The record of the pickle and the folder of its storages.
    let part: ArchivePart

    /// No file: the checkpoint is made in Swift.
    init() {
        (format, filePath, region, records, archiveInfo) = (.zip, nil, nil, nil, nil)
        legacy = nil
        byteOrder = .little
        (archiveKind, part) = (.pickle, .data)
    }

    /// A file without an archive.
    init(
        format: FileFormat, filePath: String?, region: ByteRegion, legacy: LegacySource? = nil
    ) {
        (self.format, self.filePath, self.region) = (format, filePath, region)
        self.legacy = legacy
        (records, archiveInfo) = (nil, nil)
        byteOrder = .little
        (archiveKind, part) = (.pickle, .data)
    }

    /// An archive.
    ///
    /// - Throws: ``CheckpointError`` when a small record is not what it has to be.
    init(
        filePath: String?, region: ByteRegion, records: RecordArchive, part: ArchivePart = .data
    ) throws(CheckpointError) {
        archiveKind = try records.kind()
        (format, self.filePath, self.region) = (archiveKind.format, filePath, region)
        self.records = records
        legacy = nil
        self.part = part
        archiveInfo = records.root.isEmpty ? nil : try ArchiveInfo(records)
        byteOrder = try records.byteOrder()
    }
}
