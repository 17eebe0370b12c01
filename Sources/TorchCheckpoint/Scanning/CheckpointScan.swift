import ByteIO
public import SystemPackage

/// What a Python `torch.load` of a file would import and call, and what else is wrong with the file.
///
/// The file is only read: nothing of it is run. Unlike opening a ``Checkpoint``, which ends at the
/// first mistake, a scan goes on as Python would, looks at what other readers would see, and reports
/// what it could not read. What is looked for: `Specs/scanning.md`. The Python counterparts are
/// `torch.serialization.get_unsafe_globals_in_checkpoint` and the packages picklescan and fickling.
///
///     let scan = try CheckpointScan(contentsOf: "model.pth")
///     guard scan.isClean else { throw Untrusted(scan.findings) }
public struct CheckpointScan: Sendable {
    /// The format of the file; nil for none that is known.
    public let format: FileFormat?
    /// The classes and functions that all pickles in the file name, in the order in which they were
    /// found.
    public let globals: [ScannedGlobal]
    /// What was found, the worst first.
    public let findings: [ScanFinding]

    /// How bad the worst finding is, or nil when there is none.
    public var severity: ScanFinding.Severity? { findings.map(\.severity).max() }

    /// Whether nothing was found but what is good to know.
    public var isClean: Bool { (severity ?? .note) == .note }

    /// Whether the file is of a known format, has a pickle somewhere, or is dangerous.
    public var isRecognized: Bool { format != nil || !globals.isEmpty || severity == .danger }

    /// Scans the file at `path`, mapped or, where others may write to it meanwhile, buffered.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be read, and
    ///   ``CheckpointError/Code/outOfMemory`` when it is buffered and too large. Whatever is wrong
    ///   with its contents is a finding.
    /// - Complexity: O(*n*) in the size of the file, whose checksums are compared.
    public init(
        contentsOf path: FilePath, fileAccess: FileAccess = .mapped, limits: ScanLimits = .default
    ) throws {
        self.init(try ByteRegion(contentsOf: path, access: fileAccess), limits: limits)
    }

    /// Scans a file that is in memory.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    /// - Complexity: O(*n*) in the number of bytes, which are copied.
    public init(bytes: some Collection<UInt8>, limits: ScanLimits = .default) throws {
        self.init(try ByteRegion(copying: bytes), limits: limits)
    }

    private init(_ region: ByteRegion, limits: ScanLimits) {
        var scanner = FileScanner(limits: limits)
        scanner.scan(region)
        format = scanner.format
        globals = scanner.report.globals
        findings = scanner.report.findings.sorted { $0.severity > $1.severity }
    }
}
