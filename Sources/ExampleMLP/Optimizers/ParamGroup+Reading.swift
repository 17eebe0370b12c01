import TorchCheckpoint

extension ParamGroup {
    /// A hyperparameter that has to be there.
    ///
    /// - Throws: `CheckpointError` with `keyNotFound`, or with `typeMismatch` when it is there and
    ///   could not be read.
    func require<Value>(_ name: String, _ value: Value?) throws -> Value {
        if let value { return value }
        guard let found = self[name] else {
            throw CheckpointError(
                .keyNotFound, "the parameter group has no '\(name)'", advice: adviceOnSettings)
        }
        throw CheckpointError(.typeMismatch, "'\(name)' can't be a \(found.typeName)")
    }

    /// A hyperparameter that is true or false; false when it is not there, as older torch lacks some.
    ///
    /// - Throws: as ``require(_:_:)``, but for what is not there.
    func flag(_ name: String, _ value: Bool?) throws -> Bool {
        try self[name] == nil ? false : require(name, value)
    }

    /// The settings of all optimizers, and what torch's schedulers write down beside them.
    private static let common = [
        "params", "param_names", "lr", "weight_decay", "maximize", "foreach", "differentiable",
        "fused", "initial_lr", "max_lr", "min_lr", "swa_lr", "max_momentum", "base_momentum",
    ]

    /// Checks that there is no setting that a rule does not know.
    ///
    /// - Throws: `CheckpointError` with `incompatibleStateDict`.
    func checkSettings(of rule: any UpdateRule.Type, _ kind: OptimizerKind) throws {
        let known = Self.common + rule.settings
        guard let unknown = values.keys.first(where: { !known.contains($0) }) else { return }
        let name = CheckpointKey.string(unknown).pythonRepr
        throw CheckpointError(
            .incompatibleStateDict,
            "the parameter group has the setting \(name), which \(kind.torchName) has not",
            advice: adviceOnSettings)
    }

    private var adviceOnSettings: String {
        let names = values.keys.map { CheckpointKey.string($0).pythonRepr }
        return "It has \(names.joined(separator: ", ")): the state is one of another optimizer"
    }
}
