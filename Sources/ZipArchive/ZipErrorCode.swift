public import ByteIO

// The codes of the archive layer.
extension CheckpointError.Code {
    /// The archive's directory can't be read, or an entry does not inflate to what it promises.
    public static let damagedArchive = Self(rawValue: "damagedArchive")
    /// Two entries have the same name, or names that differ in case only.
    public static let duplicateRecord = Self(rawValue: "duplicateRecord")
    /// Two entries claim the same bytes.
    public static let overlappingRecords = Self(rawValue: "overlappingRecords")
    /// An entry's own header says something else than the directory.
    public static let contradictoryHeaders = Self(rawValue: "contradictoryHeaders")
    /// An entry's contents have another checksum than the directory says.
    public static let checksumMismatch = Self(rawValue: "checksumMismatch")
    /// An entry is encrypted.
    public static let encryptedRecord = Self(rawValue: "encryptedRecord")
    /// An entry is compressed by a method other than deflate.
    public static let unsupportedCompression = Self(rawValue: "unsupportedCompression")
    /// A record that has to be there is not.
    public static let missingRecord = Self(rawValue: "missingRecord")
    /// A record can't be written like that: by its name, its size or the padding before it.
    public static let unwritableRecord = Self(rawValue: "unwritableRecord")
}
