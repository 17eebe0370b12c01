import ByteIO

/// What an archive of `torch.jit.save` has beside its module: code, constants and other files.
///
/// The layout: `Specs/archive.md`.
public struct TorchScriptInfo: Sendable {
    private let records: RecordArchive
    /// The tensors and other values that the code calls `CONSTANTS.c0` and so on: a tuple; nil where
    /// the archive has none.
    ///
    /// They are no part of the state dict. `torch.jit.freeze` moves all parameters here.
    public let constants: CheckpointValue?
    /// The program that wrote the archive and its version; only in archives of 2019.
    public let producer: String?

    static let codeFolder = "code/"
    static let extraFolder = "extra/"

    init?(_ contents: CheckpointContents) {
        guard let records = contents.source.records, contents.source.format == .torchscript else {
            return nil
        }
        self.records = records
        constants = contents.constantsValue
        producer = contents.producer
    }

    /// The names of the texts of code, such as `__torch__.py`, in the order of the file.
    ///
    /// - Complexity: O(*n*) in the number of records.
    public var codeNames: [String] {
        records.names(below: Self.codeFolder, suffix: ".py").map { $0 + ".py" }
    }

    /// A text of code.
    ///
    /// The Python counterpart is `torch.jit.ScriptModule.code`, which is one method of it.
    ///
    /// - Throws: ``CheckpointError/Code/missingRecord``, ``CheckpointError/Code/limitExceeded``, or what
    ///   inflating throws.
    /// - Complexity: O(*n*) in the length of the text.
    public func code(named name: String) throws -> String {
        String(decoding: try bytes(of: Self.codeFolder + name), as: UTF8.self)
    }

    /// The names of the files that were saved with the module (`_extra_files`), in the order of the
    /// file.
    ///
    /// - Complexity: O(*n*) in the number of records.
    public var extraFileNames: [String] { records.names(below: Self.extraFolder) }

    /// The contents of a file that was saved with the module.
    ///
    /// The Python counterpart is the parameter `_extra_files` of `torch.jit.load`.
    ///
    /// - Throws: as ``code(named:)``.
    /// - Complexity: O(*n*) in the number of bytes.
    public func extraFile(named name: String) throws -> [UInt8] {
        try bytes(of: Self.extraFolder + name)
    }

    private func bytes(of record: String) throws(CheckpointError) -> [UInt8] {
        try records.wholeContents(of: records.requireEntry(record)).copyBytes()
    }
}

extension Checkpoint {
    /// What an archive of `torch.jit.save` has beside its module, or nil for any other file.
    public var torchScript: TorchScriptInfo? { TorchScriptInfo(contents) }

    /// The constants that a program in the archive has beside its state: of TorchScript a tuple, of
    /// `torch.export` a dictionary; nil for any other file.
    ///
    /// The Python counterpart for the latter is `torch.export.load(path).constants`.
    public var constants: CheckpointValue? { contents.constantsValue }

    /// The tensors among the constants, with paths that begin with the step `<constants>`.
    ///
    /// - Throws: as ``tensorValues()``.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    public func constantTensors() throws -> [TensorValueEntry] {
        guard let constants = contents.constants else { return [] }
        return try Checkpoint(contents: constants).tensorValues().map {
            TensorValueEntry(
                path: CheckpointPath([CheckpointPath.constantsKey] + $0.path.keys),
                value: $0.value)
        }
    }
}

extension Checkpoint {
    /// The classes and functions that the object or the constants of a program name, each once.
    package var globalNames: [GlobalName] {
        guard let others = contents.constants?.graph.globalNames else { return graph.globalNames }
        let known = Set(graph.globalNames)
        return graph.globalNames + others.filter { !known.contains($0) }
    }
}

extension CheckpointPath {
    /// The step to the constants of a program.
    package static let constantsKey = CheckpointKey.string("<constants>")
}

extension CheckpointContents {
    /// The constants as a value.
    var constantsValue: CheckpointValue? {
        constants.map { CheckpointValue(contents: $0, id: $0.graph.root) }
    }

    /// Reads the pickle of the constants of TorchScript's code.
    convenience init(
        constantsOf records: RecordArchive, region: ByteRegion, filePath: String?,
        options: LoadOptions
    ) throws(CheckpointError) {
        let part = ArchivePart.constants
        let pickle = try records.contents(of: records.requireEntry(part.pickle))
        do throws(CheckpointError) {
            let graph = try PickleGraph(parsing: pickle, limits: options.pickleLimits)
            let source = try CheckpointSource(
                filePath: filePath, region: region, records: records, part: part)
            try self.init(source, graph: graph, options: options)
        } catch {
            throw error.inRecord(part.pickle)
        }
    }
}
