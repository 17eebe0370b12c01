import Pickle

extension CheckpointValue {
    /// Creates what torch's `optimizer.load_state_dict` takes.
    ///
    /// Saved by itself, a state that torch wrote has the very bytes of that file. Dictionaries are
    /// plain `dict`s, and groups are in a `list`.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``;
    ///   ``CheckpointError/Code/typeMismatch`` for a key of a parameter that is neither a string
    ///   nor an integer.
    /// - Complexity: O(*n*) in the number of parameters and settings.
    public init(_ state: OptimizerState) throws {
        let contents = CheckpointContents()
        let id = try state.add(to: contents)
        contents.updateRoles()
        self.init(contents: contents, id: id)
    }
}

extension OptimizerState {
    /// The keys in the order in which they are written: as they were read, then new ones.
    private var keys: [String] {
        let kept = order.filter { isOwn($0) || extras[$0] != nil }
        let known = Set(order)
        return kept + extras.keys.filter { !known.contains($0) && !isOwn($0) }
    }

    /// What is in the parts, in the order in which ``add(to:)`` takes it.
    private var parts: [CheckpointValue] {
        let names = state.keys.compactMap { readNames[$0] }
        return names + state.values.flatMap(\.values.values)
            + paramGroups.flatMap(\.values.values)
            + keys.filter { !isOwn($0) }.compactMap { extras[$0] }
    }

    fileprivate func add(to contents: CheckpointContents) throws(CheckpointError) -> NodeID {
        var writer = try StateWriter(adding: parts, to: contents)
        let state = try addState(&writer)
        let groups = try addGroups(&writer)
        var entries: [NodeID] = []
        for key in keys {
            try entries.append(contents.graph.addInterned(key))
            switch key {
            case Self.stateKey: entries.append(state)
            case Self.paramGroupsKey: entries.append(groups)
            default: entries.append(writer.next())
            }
        }
        return contents.graph.addDictionary(entries)
    }

    private func addState(_ writer: inout StateWriter) throws(CheckpointError) -> NodeID {
        var keys: [NodeID] = []
        for key in state.keys {
            let isRead = readNames[key] != nil
            try keys.append(isRead ? writer.next() : writer.contents.add(key))
        }
        var entries: [NodeID] = []
        for (key, state) in zip(keys, state.values) {
            try entries += [key, writer.dictionary(state.values.keys)]
        }
        return writer.contents.graph.addDictionary(entries)
    }

    private func addGroups(_ writer: inout StateWriter) throws(CheckpointError) -> NodeID {
        var groups: [NodeID] = []
        for group in paramGroups { try groups.append(writer.dictionary(group.values.keys)) }
        return writer.contents.graph.addList(groups)
    }

    private func isOwn(_ key: String) -> Bool {
        key == Self.stateKey || key == Self.paramGroupsKey
    }
}
