import ByteIO
import Pickle

/// A place in a checkpoint that can be changed in the way that is asked for.
enum ChangedPlace {
    case root
    /// An element of a list or tuple, or of an object that is filled like a list.
    case item(of: NodeID, Int, isTuple: Bool)
    /// The entries of a dictionary with a key; none when it is new.
    case entries(of: NodeID, [Int], CheckpointKey)
    /// The arguments of an object.
    case arguments(of: NodeID)
    /// A state of an object that is no dictionary of fields.
    case state(of: NodeID, Int)

    /// Finds the place that `holder` has for `key`.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound``, ``CheckpointError/Code/typeMismatch`` or
    ///   ``CheckpointError/Code/duplicateName`` when the change can't be made there.
    init(
        _ change: Change, _ key: CheckpointKey, in holder: CheckpointValue
    ) throws(CheckpointError) {
        switch (holder.kind, holder.graph.kind(of: holder.id)) {
        case (.list, .list), (.tuple, .tuple):
            self = try Self.item(change, key, in: holder)
        case (.dictionary, _):
            try Self.refuseStandIn(key, in: holder, holder.entryIDs ?? [])
            self = try Self.entries(change, key, holder.entryIDs ?? [], of: holder.id, in: holder)
        case (.object, _): self = try Self.part(change, key, of: holder)
        default: throw holder.unchangeable("changed", at: nil)
        }
    }

    private static func item(
        _ change: Change, _ key: CheckpointKey, in holder: CheckpointValue
    ) throws(CheckpointError) -> ChangedPlace {
        var end = holder.itemIDs?.count ?? 0
        switch change {
        case .insert: end += 1
        case .rename: throw holder.unchangeable("renamed in", at: nil)
        case .set, .remove: break
        }
        guard case .integer(let index) = key, 0..<end ~= index else {
            throw holder.missing(key, at: nil)
        }
        return .item(of: holder.id, index, isTuple: holder.kind == .tuple)
    }

    private static func entries(
        _ change: Change, _ key: CheckpointKey, _ entries: [NodeID], of id: NodeID,
        in holder: CheckpointValue
    ) throws(CheckpointError) -> ChangedPlace {
        let indices = holder.contents.indices(of: key, in: entries)
        switch change {
        case .set: break
        case .insert: guard indices.isEmpty else { throw holder.taken(key) }
        case .remove: guard !indices.isEmpty else { throw holder.missing(key, at: nil) }
        case .rename(let newKey):
            guard !indices.isEmpty else { throw holder.missing(key, at: nil) }
            guard holder.contents.indices(of: newKey, in: entries).isEmpty else {
                throw holder.taken(newKey)
            }
            try newKey.checkMakeable()
        }
        if indices.isEmpty { try key.checkMakeable() }
        return .entries(of: id, indices, key)
    }

    /// A part of an object of a class that is not known.
    private static func part(
        _ change: Change, _ key: CheckpointKey, of holder: CheckpointValue
    ) throws(CheckpointError) -> ChangedPlace {
        let (contents, graph) = (holder.contents, holder.graph)
        if case .integer(let index) = key, holder.itemIDs?.indices.contains(index) == true {
            return try item(change, key, in: holder)
        }
        let entries = graph.object(holder.id)?.entries ?? []
        let states = holder.fieldDictionaries
        let state = states.last { state in
            !contents.indices(of: key, in: graph.entries(state) ?? []).isEmpty
        }
        if let state, contents.indices(of: key, in: entries).isEmpty {
            return try Self.entries(change, key, graph.entries(state) ?? [], of: state, in: holder)
        }
        if let place = try standIn(change, key, of: holder, entries) { return place }
        // What is new goes where such an object has most: its entries, else its fields.
        if !entries.isEmpty {
            return try Self.entries(change, key, entries, of: holder.id, in: holder)
        }
        guard let first = states.first, case .string = key else {
            throw holder.unchangeable("given \(key.pythonRepr)", at: nil)
        }
        return try Self.entries(change, key, graph.entries(first) ?? [], of: first, in: holder)
    }

    /// The arguments or the state that a step such as `<args>` stands for; nil for other steps.
    private static func standIn(
        _ change: Change, _ key: CheckpointKey, of holder: CheckpointValue, _ entries: [NodeID]
    ) throws(CheckpointError) -> ChangedPlace? {
        guard key.isStandIn, holder.contents.indices(of: key, in: entries).isEmpty else {
            return nil
        }
        guard case .set(let value) = change else {
            throw holder.unchangeable("changed so", at: nil)
        }
        let states = holder.graph.object(holder.id)?.states ?? []
        if key == CheckpointPath.argumentsKey, value.isTuple(in: holder.graph) {
            return .arguments(of: holder.id)
        }
        if key == CheckpointPath.stateKey, let last = holder.unnamedStates.last,
            let index = states.lastIndex(of: last.id)
        {
            return .state(of: holder.id, index)
        }
        throw holder.unchangeable("given another \(key)", at: nil)
    }

    private static func refuseStandIn(
        _ key: CheckpointKey, in holder: CheckpointValue, _ entries: [NodeID]
    ) throws(CheckpointError) {
        guard key.isStandIn, holder.contents.indices(of: key, in: entries).isEmpty else { return }
        throw holder.unchangeable("given another \(key)", at: nil)
    }
}

extension Change.NewValue {
    /// Whether the value is a tuple, or stands for one that will be made.
    fileprivate func isTuple(in graph: PickleGraph) -> Bool {
        switch self {
        case .own(let id): graph.kind(of: id) == .tuple
        case .foreign(let value): value.graph.kind(of: value.id) == .tuple
        case .replacedTuple: true
        }
    }
}

extension CheckpointKey {
    /// Whether the step stands for a part of an object that has no name in Python.
    fileprivate var isStandIn: Bool {
        [
            CheckpointPath.argumentsKey, CheckpointPath.keywordArgumentsKey,
            CheckpointPath.stateKey,
        ].contains(self)
    }

    /// - Throws: ``CheckpointError/Code/typeMismatch`` for a key of which only the repr is known.
    func checkMakeable() throws(CheckpointError) {
        if case .other(let repr) = self { throw Self.unmakeable(repr) }
    }

    /// The error that a key can't be made of its repr.
    static func unmakeable(_ repr: String) -> CheckpointError {
        CheckpointError(
            .typeMismatch, "\(repr) is not a key that can be made of text or a number",
            advice: "Use CheckpointValue.dictionary(pairs:) with a value as the key")
    }
}

extension CheckpointValue {
    func unchangeable(_ what: String, at path: CheckpointPath?) -> CheckpointError {
        let error = CheckpointError(
            .typeMismatch, "a \(typeName) can't be \(what)", offset: graph.offset(of: id),
            advice: "Set a new value in its place")
        return contents.locating(error, at: path)
    }

    fileprivate func taken(_ key: CheckpointKey) -> CheckpointError {
        let error = CheckpointError(
            .duplicateName, "there is an entry \(key.pythonRepr) already",
            advice: "Remove it first, or choose another key")
        return contents.locating(error, at: nil)
    }
}
