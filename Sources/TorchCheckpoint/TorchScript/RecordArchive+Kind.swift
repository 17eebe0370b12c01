import ByteIO
import ZipArchive

extension RecordArchive {
    /// What lies in the archive, by the records that torch goes by.
    func kind() throws(CheckpointError) -> ArchiveKind {
        if root.isEmpty { return .rootlessExport }
        if has(ArchivePart.data.pickle) { return isTorchScript ? .script : .pickle }
        if has(ModelJSON.recordName) { return .scriptOf2019 }
        return try text(of: "archive_format") == "pt2" ? .export : .pickle
    }

    /// Whether an archive is one of `torch.export.save` up to torch 2.7, which has no root folder.
    static func isRootlessExport(_ archive: ZipArchive) -> Bool {
        archive.entry(named: "serialized_exported_program.json") != nil
            && archive.entry(named: ExportedProgram.oldStateDictName) != nil
    }

    /// The contents of a record that is read whole, such as code.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it is longer than ``maximumTextByteCount``;
    ///   what inflating throws.
    func wholeContents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        guard entry.byteCount <= Self.maximumTextByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "has \(entry.byteCount) bytes, more than the \(Self.maximumTextByteCount) that are "
                    + "read of code"
            ).inRecord(String(entry.name.dropFirst(folder.count)))
        }
        return try contents(of: entry)
    }

    /// The most bytes of one record of code, or of an object that is kept as bytes.
    static let maximumTextByteCount = 1 << 28

    /// The names of the records below a folder, without it, in the order of the file.
    func names(below folder: String, suffix: String = "") -> [String] {
        entriesInFileOrder.map(\.name).filter { $0.hasPrefix(folder) && $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(folder.count).dropLast(suffix.count)) }
    }
}
