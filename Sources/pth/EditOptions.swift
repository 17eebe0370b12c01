public import ArgumentParser
public import TorchCheckpoint

/// What is changed in a checkpoint before it is written.
struct EditOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Start at this key; repeat it for each level further in.")
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out entries whose key, or dotted path, fits; * stands for any text.",
            valueName: "pattern"))
    var drop: [String] = []

    @Option(
        help: ArgumentHelp(
            "Rename keys that fit, in all dictionaries: 'module.*=*' takes a prefix off.",
            valueName: "from=to"))
    var rename: [String] = []

    @Option(
        help: ArgumentHelp(
            "Cast floating-point tensors; others stay as they are.", valueName: "dtype"))
    var dtype: DType?

    /// Whether anything is to be changed.
    var isEmpty: Bool { key.isEmpty && drop.isEmpty && rename.isEmpty && dtype == nil }

    /// Whether there are options that go by the names of entries.
    var hasPatterns: Bool { !drop.isEmpty || !rename.isEmpty }

    func validate() throws {
        for rule in rename where !rule.contains("=") {
            throw ValidationError("--rename takes FROM=TO, but '\(rule)' has no '='.")
        }
    }

    /// The checkpoint with all changes made.
    ///
    /// - Parameter replaced: Makes state dicts of modules, whose names the other options then mean.
    /// - Throws: ``CheckpointError``, also for a pattern that nothing fits.
    func apply(
        to checkpoint: Checkpoint, replacingModules replaced: (Checkpoint) throws -> Checkpoint
    ) throws -> Checkpoint {
        let start = try checkpoint.extracting(at: checkpoint.path(from: key))
        var checkpoint = try KeyAdvice.onMissing(in: start, from: key) { try replaced(start) }
        for word in drop { try Self.drop(word, from: &checkpoint) }
        for rule in rename { try Self.rename(rule, in: &checkpoint) }
        if let dtype { try checkpoint.castFloatingPoint(to: dtype) }
        return checkpoint
    }

    private static func drop(_ word: String, from checkpoint: inout Checkpoint) throws {
        let pattern = KeyPattern(word)
        let count = try checkpoint.removeAll { path in
            pattern.matches(path.dotted)
                || path.keys.last.map { pattern.matches($0.description) } == true
        }
        guard count > 0 else { throw nothingFits(word, "--drop") }
    }

    private static func rename(_ rule: String, in checkpoint: inout Checkpoint) throws {
        // The last '=', because names of tensors have none but other keys may.
        guard let sign = rule.lastIndex(of: "=") else { return }
        let pattern = KeyPattern(String(rule[..<sign]))
        let replacement = String(rule[rule.index(after: sign)...])
        let count = try checkpoint.renameKeys { pattern.renaming($0, to: replacement) }
        guard count > 0 else { throw nothingFits(rule, "--rename") }
    }

    private static func nothingFits(_ word: String, _ option: String) -> CheckpointError {
        CheckpointError(
            .keyNotFound, "nothing fits \(option) '\(word)'",
            advice: "'pth inspect' shows the keys; * stands for any text")
    }
}

extension DType: ExpressibleByArgument {
    /// The dtypes that tensors can be cast to.
    public static var allValueStrings: [String] {
        allCases.filter(\.isCastable).map(\.rawValue)
    }

    /// The dtype of a name, if tensors can be cast to it.
    public init?(argument: String) {
        guard Self.allValueStrings.contains(argument) else { return nil }
        self.init(rawValue: argument)
    }
}
