import ByteIO

/// The names of an archive that is being written: each fit to be read, and unlike the others.
struct RecordNames {
    private var folded: Set<String> = []

    /// Takes in the next name.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateRecord`` or
    ///   ``CheckpointError/Code/unwritableRecord``.
    mutating func insert(_ name: String) throws(CheckpointError) {
        guard !name.isEmpty, name.utf8.count <= Int(UInt16.max), !name.utf8.contains(0) else {
            throw CheckpointError(
                .unwritableRecord, "the name of a record has 1 to 65535 bytes, none of them 0",
                advice: "Choose another name"
            ).inRecord(String(name.prefix(64)))
        }
        guard folded.insert(name.foldingASCIICase()).inserted else {
            throw CheckpointError(
                .duplicateRecord,
                "is written twice, or under names that differ in the case of letters only",
                advice: "torch's reader would find only one of them; choose another name"
            ).inRecord(name)
        }
    }
}
