public import OrderedCollections
import Pickle

extension CheckpointValue {
    /// The value under a string key of a dictionary, or of an object's field.
    ///
    /// - Complexity: O(*n*) in the number of entries; use ``dictionary`` for many look-ups.
    public subscript(key: String) -> CheckpointValue? { self[.string(key)] }

    /// The value at a place of a list or tuple, or under an integer key of a dictionary.
    ///
    /// - Complexity: O(1) for lists and tuples, else O(*n*) in the number of entries.
    public subscript(index: Int) -> CheckpointValue? { self[.integer(index)] }

    /// The value one step further in, or nil when there is none.
    ///
    /// - Complexity: O(*n*) in the number of entries.
    public subscript(key: CheckpointKey) -> CheckpointValue? {
        if let items = itemIDs, case .integer(let index) = key {
            return 0..<items.count ~= index
                ? value(items[items.startIndex + index]) : nil
        }
        if key == CheckpointPath.argumentsKey { return arguments }
        // In Python the last of equal keys wins.
        let entry = namedEntries.last { contents.key($0.key) == key }
        return entry.map { value($0.value) }
    }

    /// The arguments that an object would be made of, as a tuple.
    public var arguments: CheckpointValue? {
        graph.call(id).map { value($0.arguments) }
    }

    /// The number of elements or entries of a container.
    public var count: Int? { itemIDs?.count ?? entryIDs.map { $0.count / 2 } }

    /// The elements of a list, tuple, set or frozenset.
    ///
    /// - Complexity: O(*n*).
    public var array: [CheckpointValue]? { itemIDs?.map(value) }

    /// The entries of a dictionary, in file order; the last of equal keys wins.
    ///
    /// - Complexity: O(*n*).
    public var dictionary: OrderedDictionary<CheckpointKey, CheckpointValue>? {
        guard let entries = entryIDs else { return nil }
        var dictionary = OrderedDictionary<CheckpointKey, CheckpointValue>()
        dictionary.reserveCapacity(entries.count / 2)
        for (key, id) in pairs(entries) { dictionary[contents.key(key)] = value(id) }
        return dictionary
    }

    /// The fields of an object of a Python class, as its state has them, in file order.
    ///
    /// - Complexity: O(*n*).
    public var fields: OrderedDictionary<String, CheckpointValue> {
        var fields = OrderedDictionary<String, CheckpointValue>()
        for entry in stateEntries {
            guard let name = graph.string(entry.key) else { continue }
            fields[name] = value(entry.value)
        }
        return fields
    }
}

// What containers hold, however the protocol wrote it.
extension CheckpointValue {
    /// The elements of a list, tuple, set or frozenset, or of an object filled like a list.
    var itemIDs: ArraySlice<NodeID>? {
        if let items = graph.items(id) { return items }
        switch contents.role(ofObject: id) {
        case .size, .builtin(.set), .builtin(.frozenset):
            return contents.argument(0, of: id).flatMap(graph.items) ?? []
        default:
            let items = graph.object(id)?.items ?? []
            return items.isEmpty ? nil : items[...]
        }
    }

    /// The keys and values in turn of a dictionary, or of an object filled like one.
    var entryIDs: [NodeID]? {
        if let entries = graph.entries(id) { return entries }
        guard let object = graph.object(id) else { return nil }
        guard contents.role(ofObject: id) == .dictionary else {
            return object.entries.isEmpty ? nil : object.entries
        }
        return constructorEntries + object.entries
    }

    // Python 2 writes OrderedDict([[key, value], …]), and Counter is made of a dict.
    private var constructorEntries: [NodeID] {
        guard let first = contents.argument(0, of: id) else { return [] }
        if let entries = graph.entries(first) { return entries }
        return (graph.items(first) ?? []).flatMap { pair in
            let items = graph.items(pair) ?? []
            return items.count == 2 ? Array(items) : []
        }
    }

    /// The fields that the states of an object set.
    var stateEntries: [(key: NodeID, value: NodeID)] {
        guard graph.call(id) != nil else { return [] }
        return (graph.object(id)?.states ?? []).flatMap(fieldEntries)
    }

    // A state is a dictionary of fields, or a pair of that and one of slots.
    private func fieldEntries(_ state: NodeID) -> [(key: NodeID, value: NodeID)] {
        if let entries = value(state).entryIDs { return pairs(entries) }
        guard let parts = graph.items(state), parts.count == 2 else { return [] }
        return parts.flatMap { value($0).entryIDs.map(pairs) ?? [] }
    }

    private var namedEntries: [(key: NodeID, value: NodeID)] {
        stateEntries + (entryIDs.map(pairs) ?? [])
    }

    private func pairs(_ entries: [NodeID]) -> [(key: NodeID, value: NodeID)] {
        stride(from: 0, to: entries.count - 1, by: 2).map { (entries[$0], entries[$0 + 1]) }
    }
}

extension CheckpointValue {
    /// The values one step further in, with their keys, in the order in which they are walked.
    ///
    /// An object of a class that is not known gives its constructor's arguments (below `<args>`),
    /// its elements and entries, and its fields.
    var children: [(key: CheckpointKey, value: CheckpointValue)] {
        if contents.isOpaque(id) {
            let arguments = graph.call(id).map {
                [(key: CheckpointPath.argumentsKey, value: value($0.arguments))]
            }
            return (arguments ?? []) + ownChildren
                + stateEntries.map { (contents.key($0.key), value($0.value)) }
        }
        return ownChildren
    }

    private var ownChildren: [(key: CheckpointKey, value: CheckpointValue)] {
        if let items = itemIDs {
            return items.enumerated().map { (.integer($0.offset), value($0.element)) }
        }
        return dictionary.map { $0.map { ($0.key, $0.value) } } ?? []
    }
}
