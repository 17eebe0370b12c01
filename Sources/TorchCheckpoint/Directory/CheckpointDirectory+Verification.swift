extension CheckpointDirectory {
    /// What a checkpoint has to stand to be taken for whole.
    ///
    /// Files are not mapped for it, so one that is cut meanwhile is damaged and no more. The contents
    /// of large storages are not held in memory: `Specs/faults.md`.
    public enum Verification: Hashable, Sendable {
        /// It opens, and every tensor lies inside a storage that is there.
        ///
        /// Takes reading the pickle. Tells a file that was cut off, not one with a flipped bit.
        case structure
        /// The same, and the contents of every record have the checksum that is there for them.
        ///
        /// Takes reading the file. See ``Checkpoint/verifyChecksums()``.
        case checksums
    }
}
