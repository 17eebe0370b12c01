import ByteIO

/// What the small records of a torch archive say of it.
///
/// What each record is for: `Specs/archive.md`.
public struct ArchiveInfo: Hashable, Sendable {
    /// The folder that all records are in, which torch names after the file.
    public let root: String
    /// The record `version`: the version of the archive's format; nil where it is missing.
    public let version: Int?
    /// The record `.format_version`, since torch 2.7.
    public let formatVersion: String?
    /// The record `.storage_alignment`, since torch 2.7: storages begin at multiples of so many
    /// bytes.
    public let storageAlignment: Int?
    /// The record `.data/serialization_id`, since torch 2.1: a hash of names and checksums.
    public let serializationID: String?

    /// The newest version that torch 2.13 reads.
    static let maximumVersion = 10

    /// - Throws: ``CheckpointError/Code/unsupportedFormat`` when the version is newer than known;
    ///   ``CheckpointError/Code/damagedArchive`` when a record is not what it has to be.
    init(_ records: RecordArchive) throws(CheckpointError) {
        root = records.root
        version = try records.integer(in: "version")
        formatVersion = try records.text(of: ".format_version")
        storageAlignment = try records.integer(in: ".storage_alignment")
        serializationID = try records.text(of: ".data/serialization_id")
        if let version, !(1...Self.maximumVersion ~= version) {
            throw CheckpointError(
                .unsupportedFormat,
                "has version \(version) of the archive format, and 1 to \(Self.maximumVersion) are "
                    + "known", advice: "Save it with a released version of torch"
            ).inRecord("version")
        }
    }
}
