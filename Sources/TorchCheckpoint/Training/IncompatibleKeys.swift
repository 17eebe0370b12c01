/// The names that a model and a state dict do not have in common.
///
/// The Python counterpart is what `torch.nn.Module.load_state_dict` returns.
public struct IncompatibleKeys: Sendable, Hashable {
    /// The names that the model has and the state dict lacks, module by module, depth first.
    public let missingKeys: [String]
    /// The names that the state dict has and the model lacks, module by module, depth first.
    public let unexpectedKeys: [String]

    /// Creates a list of names.
    public init(missingKeys: [String] = [], unexpectedKeys: [String] = []) {
        self.missingKeys = missingKeys
        self.unexpectedKeys = unexpectedKeys
    }

    /// Whether the model and the state dict have the same names.
    public var isEmpty: Bool { missingKeys.isEmpty && unexpectedKeys.isEmpty }
}

extension IncompatibleKeys: CustomStringConvertible {
    /// One line, as torch shows it, with all names.
    ///
    /// - Complexity: O(*n*) in the number of names.
    public var description: String {
        guard !isEmpty else { return "<All keys matched successfully>" }
        let missing = missingKeys.map(PythonRepr.quote).joined(separator: ", ")
        let unexpected = unexpectedKeys.map(PythonRepr.quote).joined(separator: ", ")
        return "_IncompatibleKeys(missing_keys=[\(missing)], unexpected_keys=[\(unexpected)])"
    }
}
