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
                .keyNotFound, "the parameter group has no '\(name)'",
                advice: "The state is one of another optimizer")
        }
        throw CheckpointError(.typeMismatch, "'\(name)' can't be a \(found.typeName)")
    }

    /// A hyperparameter that is true or false; false when it is not there, as older torch lacks some.
    ///
    /// - Throws: as ``require(_:_:)``, but for what is not there.
    func flag(_ name: String, _ value: Bool?) throws -> Bool {
        try self[name] == nil ? false : require(name, value)
    }
}
