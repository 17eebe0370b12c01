import ByteIO
public import SystemPackage

/// A folder with the checkpoints of one training run: the last ones, and the best.
///
///     let directory = try CheckpointDirectory("runs/7", metric: .minimizing("val_loss"))
///     if let entry = try directory.latest() { try resume(from: entry.open()) }
///     for epoch in next... {
///         …
///         try directory.save(encoding: state, epoch: epoch, metric: loss)
///     }
///
/// The name of a file is all that is recorded of it: `epoch=12-val_loss=0.25.pth`, or `epoch=12.pth`
/// without a metric. So there is no list that could contradict the folder. A checkpoint appears when
/// it is whole and on disk, and only then are others removed; whenever the process dies, what was
/// announced as saved is there. Files with other names are left alone. Names, order and what is kept:
/// `Specs/training.md`.
///
/// Values with the same path may be used by several threads and processes; they save one at a time.
/// A value remembers which files it has read and found whole, so one should be kept for a run.
///
/// torch has no counterpart. The nearest is `ModelCheckpoint` of Lightning, which names its files
/// differently by default: `epoch=12-step=300.ckpt`.
public struct CheckpointDirectory: Sendable {
    /// The folder, which the first save makes.
    public let path: FilePath
    /// What tells which checkpoint is the best; nil when none is.
    public let metric: Metric?
    /// How many of the last checkpoints are kept; nil for all.
    public let lastCount: Int?
    /// How many of the best checkpoints are kept besides.
    public let bestCount: Int
    /// Every how many epochs ``saveIfDue(epoch:metric:options:_:)`` saves.
    public let every: Int
    /// The end of the files' names, without the dot.
    public let fileExtension: String
    /// What a checkpoint has to stand to be taken for whole.
    public let verification: Verification
    /// How checkpoints are opened, also to see whether they are whole.
    public let loadOptions: LoadOptions

    let verified = VerifiedFiles()

    /// Names a folder; nothing is read or made yet.
    ///
    /// - Parameters:
    ///   - path: The folder, which need not be there yet.
    ///   - metric: What tells which checkpoint is the best.
    ///   - keepingLast: How many of the last checkpoints are kept; nil for all.
    ///   - keepingBest: How many of the best checkpoints are kept besides.
    ///   - every: Every how many epochs ``saveIfDue(epoch:metric:options:_:)`` saves.
    ///   - fileExtension: The end of the files' names, without the dot.
    ///   - verification: What a checkpoint has to stand to be taken for whole.
    ///   - loadOptions: How checkpoints are opened, also to see whether they are whole.
    /// - Throws: ``CheckpointError/Code/invalidCheckpointName`` when the metric's name or the
    ///   extension can't be part of a file's name; ``CheckpointError/Code/numberOutOfRange`` when
    ///   `every` is below 1, or another number below 0.
    public init(
        _ path: FilePath, metric: Metric? = nil, keepingLast: Int? = 3, keepingBest: Int = 1,
        every: Int = 1, fileExtension: String = "pth", verification: Verification = .checksums,
        loadOptions: LoadOptions = LoadOptions()
    ) throws {
        do throws(CheckpointError) {
            try CheckpointName.check(metric: metric?.name, fileExtension: fileExtension)
            try Self.check(every, "every", atLeast: 1)
            try Self.check(keepingLast ?? 0, "keepingLast", atLeast: 0)
            try Self.check(keepingBest, "keepingBest", atLeast: 0)
        } catch {
            throw error.inFile(path.string)
        }
        self.path = path
        self.metric = metric
        lastCount = keepingLast
        bestCount = keepingBest
        self.every = every
        self.fileExtension = fileExtension
        self.verification = verification
        self.loadOptions = loadOptions
    }

    /// Names a folder, as the initializer that takes a file path does.
    ///
    /// - Throws: as that one.
    public init(
        _ path: String, metric: Metric? = nil, keepingLast: Int? = 3, keepingBest: Int = 1,
        every: Int = 1, fileExtension: String = "pth", verification: Verification = .checksums,
        loadOptions: LoadOptions = LoadOptions()
    ) throws {
        try self.init(
            FilePath(path), metric: metric, keepingLast: keepingLast, keepingBest: keepingBest,
            every: every, fileExtension: fileExtension, verification: verification,
            loadOptions: loadOptions)
    }

    private static func check(
        _ number: Int, _ name: String, atLeast least: Int
    ) throws(CheckpointError) {
        guard number < least else { return }
        throw CheckpointError(
            .numberOutOfRange, "\(name) is \(number), and has to be at least \(least)",
            advice: "Make the CheckpointDirectory with another number")
    }
}
