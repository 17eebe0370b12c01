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
        if let items = itemIDs, case .integer(let index) = key, 0..<items.count ~= index {
            return value(items[items.startIndex + index])
        }
        if let content = configurationContent, let found = content[key] { return found.withoutNode }
        // Keys that only have a repr may need their place to be told apart.
        if case .other = key, let value = dictionary?[key] { return value }
        // In Python the last of equal keys wins.
        let fields = kind == .object || isAnyTensor ? stateEntries : []
        let entry = (fields + (entryIDs ?? []).entryPairs).last { contents.key($0.key) == key }
        if let entry { return value(entry.value) }
        if case .string(let name) = key,
            let field = argumentFields.last(where: { $0.name == name })
        {
            return field.value
        }
        switch key {
        case CheckpointPath.argumentsKey: return arguments
        case CheckpointPath.keywordArgumentsKey: return keywordArguments
        case CheckpointPath.stateKey: return tensorState.map(value) ?? unnamedStates.last
        default: return nil
        }
    }

    /// The arguments that an object would be made of, as a tuple.
    public var arguments: CheckpointValue? {
        graph.call(id).map { value($0.arguments) }
    }

    /// The keyword arguments that an object would be made of, as a dictionary; nearly always nil.
    public var keywordArguments: CheckpointValue? {
        graph.object(id)?.keywordArguments.map(value)
    }

    /// The number of elements or entries of a container.
    public var count: Int? {
        itemIDs?.count ?? entryIDs.map { $0.count / 2 } ?? configurationContent?.count
    }

    /// The elements of a list, tuple, set or frozenset, or of an object that is filled like a list.
    ///
    /// - Complexity: O(*n*).
    public var array: [CheckpointValue]? {
        itemIDs?.map(value) ?? configurationContent?.array?.map(\.withoutNode)
    }

    /// The entries of a dictionary, in file order; the last of equal keys wins.
    ///
    /// Keys that Python tells apart by identity, such as tensors and NaNs, may have the same repr.
    /// From the second on, they have their place in the pickle behind it.
    ///
    /// - Complexity: O(*n*).
    public var dictionary: OrderedDictionary<CheckpointKey, CheckpointValue>? {
        ownDictionary ?? configurationContent?.dictionary?.mapValues(\.withoutNode)
    }

    /// The entries that this value has itself.
    private var ownDictionary: OrderedDictionary<CheckpointKey, CheckpointValue>? {
        guard let entries = entryIDs else { return nil }
        var dictionary = OrderedDictionary<CheckpointKey, CheckpointValue>()
        dictionary.reserveCapacity(entries.count / 2)
        for (keyID, id) in entries.entryPairs {
            var key = contents.key(keyID)
            if case .other(let repr) = key, dictionary[key] != nil {
                key = .other(value(keyID).placed(repr))
            }
            dictionary[key] = value(id)
        }
        return dictionary
    }

    /// The attributes of an object of a Python class, as its state has them, in file order.
    ///
    /// A dictionary class can have attributes beside its entries: a state dict's `_metadata`. Of
    /// some classes of Python's library the arguments have names, too: the `start`, `stop` and
    /// `step` of a `slice` (`Specs/values.md`).
    ///
    /// - Complexity: O(*n*).
    public var fields: OrderedDictionary<String, CheckpointValue> {
        var fields = OrderedDictionary<String, CheckpointValue>()
        for (name, value) in argumentFields { fields[name] = value }
        for entry in stateEntries {
            guard let name = graph.string(entry.key) ?? graph.plainString(entry.key) else {
                continue
            }
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
        case .size, .builtin(.set), .builtin(.frozenset): return contents.constructorItems(id)
        case .typeMark: return contents.markedValue(id).flatMap(graph.items)
        case .numPy: return contents.numPyObjects(id).flatMap(graph.items)
        case .python(let known) where known == PythonClass.dequeNumber:
            return contents.dequeItems(id)
        default:
            let items = graph.object(id)?.items ?? []
            return items.isEmpty ? nil : items[...]
        }
    }

    /// The keys and values in turn of a dictionary, or of an object filled like one.
    var entryIDs: [NodeID]? {
        if let entries = graph.entries(id) { return entries }
        guard let object = graph.object(id) else { return nil }
        if let marked = contents.markedValue(id) { return graph.entries(marked) }
        if case .dictionary(let constructor) = contents.role(ofObject: id),
            let entries = contents.constructorEntries(id, constructor)
        {
            return entries + object.entries
        }
        return object.entries.isEmpty ? nil : object.entries
    }

    /// The fields that the states of an object set.
    var stateEntries: [(key: NodeID, value: NodeID)] {
        guard graph.call(id) != nil else { return [] }
        if let tensorState { return fieldEntries(tensorState) ?? [] }
        return (graph.object(id)?.states ?? []).flatMap { fieldEntries($0) ?? [] }
    }

    /// The states of an object that are no dictionaries of fields: its class knows what they mean.
    var unnamedStates: [CheckpointValue] {
        guard graph.call(id) != nil else { return [] }
        return (graph.object(id)?.states ?? []).filter { fieldEntries($0) == nil }.map(value)
    }

    /// The dictionaries of fields that the states of an object are.
    var fieldDictionaries: [NodeID] {
        (graph.object(id)?.states ?? []).flatMap { state in
            guard fieldEntries(state) != nil else { return [NodeID]() }
            let parts = graph.kind(of: state) == .tuple ? Array(graph.items(state) ?? []) : [state]
            return parts.filter { graph.entries($0) != nil }
        }
    }

    // A state is a dictionary of fields, or a pair of that (or None) and one of slots.
    private func fieldEntries(_ state: NodeID) -> [(key: NodeID, value: NodeID)]? {
        if let entries = graph.entries(state) { return Array(entries.entryPairs) }
        guard graph.kind(of: state) == .tuple, let parts = graph.items(state), parts.count == 2,
            let last = parts.last, let slots = graph.entries(last), let first = parts.first
        else { return nil }
        if first == .none { return Array(slots.entryPairs) }
        return graph.entries(first).map { $0.entryPairs + Array(slots.entryPairs) }
    }
}

extension CheckpointValue {
    /// The values one step further in, with their keys, in the order in which they are walked.
    ///
    /// An object of a class that is not known gives its constructor's arguments (below `<args>` and
    /// `<kwargs>`), its elements and entries, and its fields, or its state (below `<state>`).
    var children: [(key: CheckpointKey, value: CheckpointValue)] {
        var children: [(key: CheckpointKey, value: CheckpointValue)] = []
        if hasAttributes { return tensorState.map { [(CheckpointPath.stateKey, value($0))] } ?? [] }
        let isOpaque = kind == .object
        if isOpaque, let arguments {
            children.append((CheckpointPath.argumentsKey, arguments))
        }
        if isOpaque, let keywordArguments {
            children.append((CheckpointPath.keywordArgumentsKey, keywordArguments))
        }
        for (place, item) in (itemIDs ?? []).enumerated() {
            children.append((.integer(place), value(item)))
        }
        let entries = ownDictionary ?? [:]
        for (key, value) in entries { children.append((key, value)) }
        if isOpaque {
            // A dictionary class may have its entries as attributes, too.
            for (key, id) in stateEntries where entries[contents.key(key)]?.id != id {
                children.append((contents.key(key), value(id)))
            }
            for state in unnamedStates { children.append((CheckpointPath.stateKey, state)) }
        }
        return children
    }
}

// What old protocols pass to the constructors of Python's containers.
extension CheckpointContents {
    /// The elements that `set(x)`, `frozenset(x)` or `torch.Size(x)` would have; nil when `x` is
    /// something else than a container of elements.
    func constructorItems(_ id: NodeID) -> ArraySlice<NodeID>? {
        var source = id
        // A set may be made of a set, which is made of a list: follow, but not for ever.
        for _ in 0..<4 {
            guard let first = argument(0, of: source) else { return [] }
            if let items = graph.items(first) { return items }
            source = first
            switch role(ofObject: source) {
            case .builtin(.set), .builtin(.frozenset): continue
            default: return nil
            }
        }
        return nil
    }

    /// The elements of `deque(x)` and what was appended to it.
    func dequeItems(_ id: NodeID) -> ArraySlice<NodeID>? {
        let appended = graph.object(id)?.items ?? []
        guard let first = argument(0, of: id) else { return appended[...] }
        guard let items = graph.items(first) else { return nil }
        return items.isEmpty ? appended[...] : (Array(items) + appended)[...]
    }

    /// The entries that a dictionary class is made with; nil when its arguments are not understood.
    func constructorEntries(
        _ id: NodeID, _ constructor: GlobalRole.DictionaryConstructor
    ) -> [NodeID]? {
        // The first argument of defaultdict makes its default values.
        let place = constructor == .defaultFactory ? 1 : 0
        guard argument(place + 1, of: id) == nil else { return nil }
        guard let source = argument(place, of: id) else { return [] }
        if let entries = graph.entries(source) { return entries }
        guard let pairs = graph.items(source) else { return nil }
        var entries: [NodeID] = []
        // Python 2 writes OrderedDict([[key, value], …]).
        for pair in pairs {
            guard let items = graph.items(pair), items.count == 2 else { return nil }
            entries += items
        }
        return entries
    }
}
