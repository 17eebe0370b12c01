/// All that keeps a state dict from being loaded into a model.
///
/// It is the ``CheckpointError/underlying`` error of
/// ``CheckpointError/Code/incompatibleStateDict``. The Python counterpart is the `RuntimeError` of
/// `torch.nn.Module.load_state_dict`.
public struct StateDictMismatch: Error, Sendable, Hashable {
    /// A tensor whose shape is not that of the model's.
    public struct ShapeMismatch: Sendable, Hashable {
        /// The name of the tensor.
        public let name: String
        /// The shape that it has in the model.
        public let expected: [Int]
        /// The shape that it has in the state dict.
        public let found: [Int]

        /// Creates a description of a tensor that does not fit.
        package init(name: String, expected: [Int], found: [Int]) {
            self.name = name
            self.expected = expected
            self.found = found
        }
    }

    /// An entry that is no tensor where the model has one.
    public struct NotTensor: Sendable, Hashable {
        /// The name of the entry.
        public let name: String
        /// Its class, as Python 3 names it: `builtins.int`.
        public let typeName: String

        /// Creates a description of an entry that does not fit.
        package init(name: String, typeName: String) {
            self.name = name
            self.typeName = typeName
        }
    }

    /// A tensor with an element that the dtype of the model's has no counterpart for, or of a dtype
    /// that a parameter can't have.
    public struct Inconvertible: Sendable, Hashable {
        /// The name of the tensor.
        public let name: String
        /// What was found and what was expected.
        public let reason: String

        /// Creates a description of a tensor that does not fit.
        package init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// The names that the state dict lacks; empty when loading was not strict.
    public let missingKeys: [String]
    /// The names that the model lacks; empty when loading was not strict.
    public let unexpectedKeys: [String]
    /// The tensors whose shapes differ.
    public let shapeMismatches: [ShapeMismatch]
    /// The entries that are no tensors where the model has some.
    public let notTensors: [NotTensor]
    /// The tensors that can't be converted; looked for when nothing else is wrong.
    public let inconvertible: [Inconvertible]

    /// Creates a list of what does not fit.
    package init(
        missingKeys: [String] = [], unexpectedKeys: [String] = [],
        shapeMismatches: [ShapeMismatch] = [], notTensors: [NotTensor] = [],
        inconvertible: [Inconvertible] = []
    ) {
        self.missingKeys = missingKeys
        self.unexpectedKeys = unexpectedKeys
        self.shapeMismatches = shapeMismatches
        self.notTensors = notTensors
        self.inconvertible = inconvertible
    }

    /// Whether nothing keeps the state dict from being loaded.
    var isEmpty: Bool {
        missingKeys.isEmpty && unexpectedKeys.isEmpty && shapeMismatches.isEmpty
            && notTensors.isEmpty && inconvertible.isEmpty
    }
}

extension StateDictMismatch: CustomStringConvertible {
    /// How many of each kind the text names; the properties have all.
    private static let namedCount = 20

    /// One line in torch's words.
    ///
    /// Of each kind the first 20 are named, and the others counted.
    ///
    /// - Complexity: O(*n*) in the number of shapes and entries that do not fit.
    public var description: String {
        let shapes = shapeMismatches.map {
            "size mismatch for \($0.name): copying a param with shape \($0.found) from checkpoint, "
                + "the shape in current model is \($0.expected)"
        }
        let others = notTensors.map {
            "while copying the parameter named \"\($0.name)\", expected a tensor but received "
                + $0.typeName
        }
        let conversions = inconvertible.map {
            "while copying the parameter named \"\($0.name)\": \($0.reason)"
        }
        let keys = [
            Self.line("Missing key(s) in state_dict: ", missingKeys),
            Self.line("Unexpected key(s) in state_dict: ", unexpectedKeys),
        ]
        let unfit = [shapes, others, conversions].flatMap(Self.named)
        return (keys.compactMap { $0 } + unfit).joined(separator: "; ")
    }

    private static func line(_ title: String, _ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        return title + named(names.map { "\"\($0)\"" }).joined(separator: ", ")
    }

    private static func named(_ items: [String]) -> [String] {
        guard items.count > namedCount else { return items }
        return items.prefix(namedCount) + ["and \(items.count - namedCount) more"]
    }
}

extension StateDictMismatch {
    /// The error that is thrown.
    ///
    /// - Parameter model: The name of the model's type.
    func error(loadingInto model: String) -> CheckpointError {
        CheckpointError(
            .incompatibleStateDict, "the state dict does not fit \(model): \(self)",
            advice: advice, underlying: self)
    }

    private var advice: String {
        if let prefix = Self.prefix(of: unexpectedKeys, before: missingKeys) {
            return "The names have a prefix: strippingPrefix(\"\(prefix)\")"
        }
        if let prefix = Self.prefix(of: missingKeys, before: unexpectedKeys) {
            return "The names lack a prefix: addingPrefix(\"\(prefix)\")"
        }
        guard inconvertible.isEmpty else {
            return "Give the model's tensors the dtypes of the checkpoint"
        }
        guard shapeMismatches.isEmpty, notTensors.isEmpty else {
            return "Make the model with the sizes that it had when it was saved"
        }
        return "load(strict: false) loads the tensors that both have"
    }

    /// What some of the longer names have before all of the others: a module's name, or another
    /// beginning if it is that of several.
    private static func prefix(of longer: [String], before shorter: [String]) -> String? {
        guard let short = shorter.first else { return nil }
        let known = Set(longer)
        let prefixes = longer.lazy.compactMap { $0.removing(suffix: short).map(String.init) }
        return prefixes.first { prefix in
            let isLikely = prefix.hasSuffix(".") || (shorter.count > 1 && !prefix.isEmpty)
            return isLikely && shorter.allSatisfy { known.contains(prefix + $0) }
        }
    }
}
