import ByteIO

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
