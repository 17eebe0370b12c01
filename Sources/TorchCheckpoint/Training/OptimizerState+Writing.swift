extension OptimizerState {
    /// The `dict` that torch's `optimizer.load_state_dict` takes.
    ///
    /// Saved by itself, a state that torch wrote has the very bytes of that file. Dictionaries are
    /// plain `dict`s, and groups are in a `list`.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateName`` when one of ``extras`` is named `state` or
    ///   `param_groups`; ``CheckpointError/Code/typeMismatch`` for a key of a parameter that is
    ///   neither a string nor an integer; as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    /// - Complexity: O(*n*) in the number of parameters and settings.
    public func checkpointValue() throws -> CheckpointValue {
        for key in [Self.stateKey, Self.paramGroupsKey] where extras[key] != nil {
            throw CheckpointError(
                .duplicateName, "'\(key)' is the name of a part of the state and of one of extras",
                advice: "Rename or drop the one in extras")
        }
        // As they were read, then new ones.
        let known = Set(order)
        let keys = order + extras.keys.filter { !known.contains($0) }
        var writer = StateWriter()
        let entries = keys.compactMap { key in
            part(key, &writer).map { (key: StateWriter.Part.name(key), value: $0) }
        }
        return try writer.finish(.dictionary(entries))
    }

    /// What is under a key, or nil when there is nothing any more.
    private func part(_ key: String, _ writer: inout StateWriter) -> StateWriter.Part? {
        switch key {
        case Self.stateKey: states(&writer)
        case Self.paramGroupsKey: .list(paramGroups.map { writer.dictionary($0.values) })
        default: extras[key].map { writer.copy($0) }
        }
    }

    private func states(_ writer: inout StateWriter) -> StateWriter.Part {
        .dictionary(
            state.map { key, state in
                let name = writer.copy(of: key, in: readNames, orNew: .key(key))
                return (name, writer.dictionary(state.values))
            })
    }
}
