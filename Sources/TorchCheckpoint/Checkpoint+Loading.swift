import ByteIO
import Pickle
public import SystemPackage
import Tensors
import ZipArchive

extension Checkpoint {
    /// Opens the checkpoint at `path`.
    ///
    /// The file is mapped into memory, so it must not be changed in place while the checkpoint or a
    /// tensor of it is in use; replacing it by another file is fine. A file that others may cut or
    /// overwrite, or on a disk that may fail, is opened with ``LoadOptions/fileAccess``
    /// ``FileAccess/buffered``: `Specs/faults.md`. The Python counterpart is `torch.load`.
    ///
    /// - Parameters:
    ///   - path: The file. Its name does not matter, only its contents do.
    ///   - range: The bytes of the file that are the checkpoint, when it is inside a larger file.
    ///   - options: Device mapping, policy, limits, and how the file is read.
    /// - Throws: ``CheckpointError`` that says what the file is and what is wrong with it.
    /// - Complexity: O(*n*) in the size of the pickle and the number of records; no tensor is read.
    ///   O(*n*) in the size of the file, or of `range`, when it is buffered.
    public init(
        contentsOf path: FilePath, range: Range<Int>? = nil, options: LoadOptions = LoadOptions()
    ) throws {
        contents = try CheckpointContents(contentsOf: path, range: range, options: options)
    }

    /// Opens the checkpoint at `path`, as ``init(contentsOf:range:options:)`` does with a file path.
    ///
    /// - Throws: ``CheckpointError`` that says what the file is and what is wrong with it.
    public init(
        contentsOf path: String, range: Range<Int>? = nil, options: LoadOptions = LoadOptions()
    ) throws {
        try self.init(contentsOf: FilePath(path), range: range, options: options)
    }

    /// Opens a checkpoint that is in memory.
    ///
    /// - Throws: ``CheckpointError`` that says what the bytes are and what is wrong with them.
    /// - Complexity: O(*n*) in the number of bytes, which are copied.
    public init(
        bytes: some Collection<UInt8>, options: LoadOptions = LoadOptions()
    ) throws {
        contents = try CheckpointContents(filePath: nil, options: options) {
            () throws(CheckpointError) in
            try ByteRegion(copying: bytes)
        }
    }

    /// Opens a checkpoint that fills `region`.
    init(region: ByteRegion, options: LoadOptions) throws(CheckpointError) {
        contents = try CheckpointContents(filePath: nil, options: options) {
            () throws(CheckpointError) in region
        }
    }

    /// Opens the checkpoint at `path` to be looked at.
    ///
    /// Nothing that happens to the file can end the process. The contents of large storages in an
    /// archive of torch are read when they are asked for.
    ///
    /// - Throws: as ``init(contentsOf:range:options:)-(FilePath,_,_)``.
    init(outlineOf path: FilePath, options: LoadOptions) throws(CheckpointError) {
        do throws(CheckpointError) {
            let file = try PartialFile(path)
            try file.read(0..<min(FileSignature.byteCount, file.byteCount))
            switch FileSignature(of: file.region) {
            case .zip: try ArchiveOutline.read(file) { $0.isNumberedStorageName }
            // Refused for what it begins with, or for its size.
            case .other, .safetensors: break
            case .pickle, .unknown:
                if file.byteCount <= options.pickleLimits.bytes { try file.readAll() }
            case .legacy, .tar: try file.readAll()
            }
            contents = try CheckpointContents(
                file.region, filePath: path.string, options: options)
        } catch {
            throw error.inFile(path.string).advising(CheckpointContents.adviceOnDamage)
        }
    }
}

extension CheckpointContents {
    /// Reads the file at `path`.
    convenience init(
        contentsOf path: FilePath, range: Range<Int>? = nil, options: LoadOptions
    ) throws(CheckpointError) {
        try self.init(filePath: path.string, options: options) { () throws(CheckpointError) in
            try ByteRegion(
                contentsOf: path, range: range, access: options.fileAccess, keepsOpen: true)
        }
    }

    fileprivate convenience init(
        filePath: String?, options: LoadOptions,
        region: () throws(CheckpointError) -> ByteRegion
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            let region = try region()
            defer { region.closeFile() }
            try self.init(region, filePath: filePath, options: options)
        } catch {
            throw error.inFile(filePath).advising(CheckpointContents.adviceOnDamage)
        }
    }

    /// Reads a file of whichever format its contents show.
    fileprivate convenience init(
        _ region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        switch FileSignature(of: region) {
        case .zip: try self.init(archive: region, filePath: filePath, options: options)
        case .pickle: try self.init(pickle: region, filePath: filePath, options: options)
        case .legacy: try self.init(legacy: region, filePath: filePath, options: options)
        case .tar:
            try options.globals.checkTar()
            try self.init(tar: region, filePath: filePath, options: options)
        case .safetensors:
            throw CheckpointError(
                .unsupportedFormat, "is a safetensors file, whatever its name says",
                advice: "It needs no conversion; open it with SafetensorsFile")
        case .other(let what, let advice):
            throw CheckpointError(.unrecognizedFormat, what, advice: advice)
        case .unknown: try self.init(guessing: region, filePath: filePath, options: options)
        }
        try readStoragesInBytes(options)
        try checkWeightsOnly(options)
    }

    /// Reads a zip archive.
    convenience init(
        archive region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let records = try RecordArchive(region, limits: options.zipLimits)
        let source = try CheckpointSource(filePath: filePath, region: region, records: records)
        try options.globals.check(source.archiveKind)
        switch source.archiveKind {
        case .scriptOf2019:
            try self.init(scriptOf2019: source, records, options: options)
        case .export, .rootlessExport:
            try self.init(export: source, records, options: options)
        case .pickle, .script:
            try self.init(pickleOf: records, source, options: options)
        }
        if records.has(ArchivePart.constants.pickle) {
            constants = try CheckpointContents(
                constantsOf: records, region: region, filePath: filePath, options: options)
        }
    }

    /// Reads the object of an archive.
    private convenience init(
        pickleOf records: RecordArchive, _ source: CheckpointSource, options: LoadOptions
    ) throws(CheckpointError) {
        let pickle = try records.contents(of: records.requireEntry(source.part.pickle))
        do throws(CheckpointError) {
            let graph = try PickleGraph(parsing: pickle, limits: options.pickleLimits)
            try self.init(source, graph: graph, options: options)
        } catch {
            throw error.inRecord(source.part.pickle)
        }
    }

    /// Reads a pickle that has no archive around it.
    fileprivate convenience init(
        pickle region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let graph = try PickleGraph(
            parsing: region, limits: options.pickleLimits, allowsTrailingBytes: true)
        guard graph.byteCount == region.count else {
            throw CheckpointError(
                .malformedPickle, "\(region.count - graph.byteCount) bytes follow behind STOP",
                offset: graph.byteCount,
                advice: "The file is damaged or hides something behind its pickle")
        }
        let source = CheckpointSource(format: .pickle, filePath: filePath, region: region)
        try self.init(source, graph: graph, options: options)
    }

    /// Reads a file that nothing is known of: a pickle of protocol 0 or 1 begins with any byte.
    fileprivate convenience init(
        guessing region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            try self.init(pickle: region, filePath: filePath, options: options)
        } catch  where error.code.isOfPickles {
            let start = Array(copying: region.bytes.extracting(first: 8)).map(\.hexadecimal)
            throw CheckpointError(
                .unrecognizedFormat,
                "is not a PyTorch checkpoint: it begins with the bytes "
                    + "\(start.joined(separator: " ")), and is no pickle because \(error.reason)",
                offset: error.offset, advice: "Name a file that torch.save has written",
                underlying: error)
        }
    }
}

extension CheckpointError.Code {
    /// Whether the code says that bytes are no pickle.
    fileprivate var isOfPickles: Bool {
        let codes: [Self] = [
            .unknownOpcode, .truncated, .stackUnderflow, .missingMark, .unknownMemoSlot,
            .unexpectedObject, .malformedPickle,
        ]
        return codes.contains(self)
    }
}
