import ByteIO
import ZipArchive

/// What lies in an archive of torch.
enum ArchiveKind: Sendable {
    /// One object of `torch.save`, or no archive at all.
    case pickle
    /// A module of `torch.jit.save`, with its code.
    case script
    /// A module as `torch.jit.save` wrote it in 2019, described by `model.json`.
    case scriptOf2019
    /// A program of `torch.export.save` since torch 2.8.
    case export
    /// A program of `torch.export.save` up to torch 2.7, whose records have no root folder.
    case rootlessExport

    /// The format that a file of this kind is said to have.
    var format: FileFormat {
        switch self {
        case .script, .scriptOf2019: .torchscript
        case .pickle, .export, .rootlessExport: .zip
        }
    }

    /// Whether there is code that belongs to the tensors, so that neither is changed alone.
    var holdsProgram: Bool { self != .pickle }

    /// The error that a program can't be written with other tensors.
    var editingError: CheckpointError {
        let isScript = format == .torchscript
        let what = isScript ? "a TorchScript archive" : "an archive of torch.export"
        let function = isScript ? "torch.jit.save" : "torch.export.save"
        return CheckpointError(
            .unsupportedFormat,
            "is \(what), whose code and tensors belong together, so it can only be copied unchanged",
            advice: "Save the edited model with \(function), or take its stateDict() out")
    }
}

/// A pickle of an archive and the records that its storages are in.
struct ArchivePart: Sendable {
    /// The record of the pickle.
    let pickle: String
    /// How the names of the records of its storages begin.
    let folder: String

    /// The object.
    static let data = ArchivePart(pickle: "data.pkl", folder: "data/")
    /// The constants of TorchScript's code.
    static let constants = ArchivePart(pickle: "constants.pkl", folder: "constants/")
    /// The attributes of a TorchScript archive of 2019, whose tensors are elsewhere.
    static let attributes = ArchivePart(pickle: "attributes.pkl", folder: "tensors/")
}

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

    /// The contents of a record that is read whole, such as text.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it is longer than ``maximumTextByteCount``;
    ///   what inflating throws.
    func wholeContents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        guard entry.byteCount <= Self.maximumTextByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "has \(entry.byteCount) bytes, more than the \(Self.maximumTextByteCount) that are "
                    + "read of code and JSON"
            ).inRecord(String(entry.name.dropFirst(folder.count)))
        }
        return try contents(of: entry)
    }

    /// The most bytes of one record of code or JSON.
    static let maximumTextByteCount = 1 << 28

    /// The names of the records below a folder, without it, in the order of the file.
    func names(below folder: String, suffix: String = "") -> [String] {
        entriesInFileOrder.map(\.name).filter { $0.hasPrefix(folder) && $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(folder.count).dropLast(suffix.count)) }
    }
}
