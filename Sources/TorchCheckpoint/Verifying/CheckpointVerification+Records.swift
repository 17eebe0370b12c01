import ByteIO
import ZipArchive

extension CheckpointVerification {
    /// Checks that the archive has the records that torch asks for, and says which nobody does.
    mutating func checkRecords(of records: RecordArchive, _ checkpoint: Checkpoint) {
        guard records.has("version") || checkpoint.contents.source.archiveKind.isWithoutVersion
        else {
            return add("records", .failed, "there is no record 'version', and torch refuses that")
        }
        let unused = unusedStorages(of: records, checkpoint)
        guard unused.isEmpty else {
            return add(
                "records", .noted,
                "\(unused.count.counted("storage is", "storages are")) referred to by nothing: "
                    + unused.listed(5))
        }
        let count = records.archive.entries.count
        add("records", .passed, "\(count.counted("record", "records")), each with a purpose")
    }

    private func unusedStorages(of records: RecordArchive, _ checkpoint: Checkpoint) -> [String] {
        guard checkpoint.contents.source.archiveKind == .pickle else { return [] }
        let used = Set(checkpoint.contents.storages.slots.map(\.key))
        return records.names(below: "data/").filter { !used.contains($0) && !$0.isEmpty }
    }

    /// Checks that storages are stored, and begin where the archive says that they do.
    mutating func checkAlignment(of records: RecordArchive) {
        let stated = (try? records.integer(in: ".storage_alignment")) ?? nil
        let alignment = stated.flatMap { $0 > 0 ? $0 : nil } ?? Self.usualAlignment
        let storages = records.entriesInFileOrder.filter { $0.name.hasPrefix("data/") }
        let compressed = storages.filter { $0.entry.compression != .stored }.map(\.name)
        let misplaced = storages.filter {
            $0.entry.compression == .stored && !$0.entry.dataOffset.isMultiple(of: alignment)
        }.map(\.name)
        if !compressed.isEmpty {
            add(
                "alignment", .noted,
                "\(compressed.count.counted("storage is", "storages are")) compressed, and can't be "
                    + "mapped: \(compressed.listed(5))")
        } else if !misplaced.isEmpty {
            add(
                "alignment", .noted,
                "\(misplaced.count.counted("storage does", "storages do")) not begin at a multiple "
                    + "of \(alignment): \(misplaced.listed(5))")
        } else {
            add(
                "alignment", .passed,
                "\(storages.count.counted("storage begins", "storages begin")) at a multiple of "
                    + "\(alignment)")
        }
    }

    /// What torch aligns storages to when nothing is said.
    private static let usualAlignment = 64
}

extension ArchiveKind {
    /// Whether torch reads an archive of this kind without the record `version`.
    fileprivate var isWithoutVersion: Bool { self == .rootlessExport || self == .scriptOf2019 }
}
