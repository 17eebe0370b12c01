import ByteIO
import SystemPackage

/// What is done to save a checkpoint, settled before the first byte is written.
enum SavePlan {
    /// The file that was read is written as it is.
    case copy(ByteRegion)
    /// An archive is written.
    case archive(ArchivePlan)
    /// A file as of torch before 1.6 is written.
    case legacy(LegacyPlan)

    /// - Parameter path: The file to be written, which names the root folder; nil for memory.
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``;
    ///   ``CheckpointError/Code/unsupportedFormat`` for what can only be copied; what makes an
    ///   archive impossible.
    init(
        _ contents: CheckpointContents, _ options: SaveOptions, path: FilePath?
    ) throws(CheckpointError) {
        try options.check()
        let source = contents.source
        if options.keepsFile, !contents.isEdited, let region = source.region {
            try options.globals.checkSaving(contents)
            self = .copy(region)
            return
        }
        guard !source.archiveKind.holdsProgram else {
            throw source.archiveKind.editingError
        }
        if options.layout == .legacy
            || options.layout == .preserved && source.format == .legacy
        {
            self = try .legacy(LegacyPlan(contents, options))
        } else if options.layout == .preserved, let records = source.records {
            self = try .archive(ArchivePlan(preserving: records, contents, options))
        } else {
            self = try .archive(ArchivePlan(contents, options, path: path))
        }
    }
}
