import ByteIO
public import SystemPackage

/// Whether a checkpoint is whole and as torch would have written it, checked byte for byte.
///
/// Opening a ``Checkpoint`` reads its pickle and looks at no storage; a verification reads all of the
/// file. What is checked: `Specs/verifying.md`.
public struct CheckpointVerification: Sendable {
    /// One thing that was checked.
    public struct Check: Hashable, Sendable {
        /// How a check came out.
        public enum Outcome: String, Hashable, Sendable {
            /// It is as it has to be.
            case passed
            /// It can be lived with, but is not what torch writes, or could not be checked.
            case noted
            /// It is wrong.
            case failed
        }

        /// What was checked, such as `checksums`: a name of the table in `Specs/verifying.md`.
        public let name: String
        /// How it came out.
        public let outcome: Outcome
        /// What was found, in a sentence.
        public let message: String
    }

    /// How many elements of a tensor are no finite numbers.
    public struct NonFinite: Hashable, Sendable {
        /// Where the tensor is.
        public let path: CheckpointPath
        /// The number of elements that are not a number.
        public let nanCount: Int
        /// The number of elements that are infinite.
        public let infinityCount: Int
    }

    /// The format of the file; nil when it could not be opened.
    public internal(set) var format: FileFormat?
    /// What was checked, in the order of the table in `Specs/verifying.md`.
    public internal(set) var checks: [Check] = []
    /// The tensors with elements that are no finite numbers; empty unless they were counted.
    public internal(set) var nonFinite: [NonFinite] = []

    /// Whether nothing is wrong.
    public var isPassed: Bool { !checks.contains { $0.outcome == .failed } }

    /// Verifies the file at `path`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - countsNonFinite: Whether every tensor is read and its NaNs and infinities are counted.
    ///     They are noted, not wrong: models in training have them at times.
    ///   - options: How the checkpoint is opened.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be read. Whatever is wrong
    ///   with its contents is a failed check.
    /// - Complexity: O(*n*) in the size of the file.
    public init(
        contentsOf path: FilePath, countsNonFinite: Bool = false,
        options: LoadOptions = LoadOptions()
    ) throws {
        do {
            let checkpoint = try Checkpoint(contentsOf: path, options: options)
            try verify(checkpoint, countsNonFinite: countsNonFinite)
        } catch let error as CheckpointError where error.code != .fileSystem {
            add("opening", .failed, error)
        }
        let strict = LoadOptions(
            globals: .weightsOnly, fileAccess: options.fileAccess, zipLimits: options.zipLimits,
            pickleLimits: options.pickleLimits, valueLimits: options.valueLimits)
        let loadability = try TorchLoadability(contentsOf: path, options: strict)
        add("weights_only", loadability.weightsOnly, "torch.load(weights_only=True)")
        add("mmap", loadability.memoryMapped, "torch.load(mmap=True)")
    }

    mutating func add(_ name: String, _ outcome: Check.Outcome, _ message: String) {
        checks.append(Check(name: name, outcome: outcome, message: message))
    }

    /// Adds what torch would do: that it does not load a file is no fault of the file.
    private mutating func add(
        _ name: String, _ outcome: TorchLoadability.Outcome, _ call: String
    ) {
        switch outcome {
        case .loads: add(name, .passed, "\(call) loads it")
        case .refused(let error): add(name, .noted, "\(call) refuses it: \(error.withoutFile)")
        case .misread(let reason): add(name, .noted, "\(call) misreads it: \(reason)")
        }
    }

    /// Adds an error, without the file's name.
    mutating func add(_ name: String, _ outcome: Check.Outcome, _ error: CheckpointError) {
        add(name, outcome, "\(error.withoutFile)")
    }
}
