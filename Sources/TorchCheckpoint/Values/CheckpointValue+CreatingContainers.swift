import ByteIO
public import OrderedCollections
import Pickle

// Containers of values.
extension CheckpointValue {
    /// Creates a `list`.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func list(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addList($1) }
    }

    /// Creates a `tuple`.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func tuple(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addTuple($1) }
    }

    /// Creates a `set`; that its elements are hashable and differ is for Python to say.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func set(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addSet($1) }
    }

    /// Creates a `frozenset`, which torch's `weights_only` does not read.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func frozenSet(
        _ elements: some Sequence<CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(elements) { $0.addFrozenSet($1) }
    }

    /// Creates a `dict` in the given order.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``;
    ///   ``CheckpointError/Code/typeMismatch`` for a key that is neither a string nor an integer.
    public static func dictionary(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(entries) { $0.addDictionary($1) }
    }

    /// Creates a `dict` with keys of any kind.
    ///
    /// Where keys that are strings, integers or booleans are equal, the later value takes the place
    /// of the first, as in Python; there, `True` equals `1` and `False` equals `0`. That all other
    /// keys are hashable and differ is for Python to say.
    ///
    ///     try CheckpointValue.dictionary(pairs: zip(keys, values))
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func dictionary(
        pairs: some Sequence<(CheckpointValue, CheckpointValue)>
    ) throws -> CheckpointValue {
        try containing(mergedEntries(pairs)) { $0.addDictionary($1) }
    }

    /// Creates a `collections.OrderedDict`.
    ///
    /// - Throws: as ``dictionary(_:)``.
    public static func orderedDictionary(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(entries) { $0.addOrderedDictionary($1) }
    }

    /// Creates a `collections.OrderedDict` with keys of any kind; equal ones are treated as
    /// ``dictionary(pairs:)`` does.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    public static func orderedDictionary(
        pairs: some Sequence<(CheckpointValue, CheckpointValue)>
    ) throws -> CheckpointValue {
        try containing(mergedEntries(pairs)) { $0.addOrderedDictionary($1) }
    }

    private static func containing(
        _ elements: some Sequence<CheckpointValue>,
        _ add: (inout PickleGraph, [NodeID]) -> NodeID
    ) throws(CheckpointError) -> CheckpointValue {
        let contents = CheckpointContents()
        let ids = try contents.add(contentsOf: elements)
        let id = add(&contents.graph, ids)
        contents.updateRoles()
        return CheckpointValue(contents: contents, id: id)
    }

    private static func containing(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>,
        _ add: (inout PickleGraph, [NodeID]) -> NodeID
    ) throws(CheckpointError) -> CheckpointValue {
        let contents = CheckpointContents()
        var ids: [NodeID] = []
        for (key, value) in try zip(entries.keys, contents.add(contentsOf: entries.values)) {
            try ids += [contents.add(key), value]
        }
        let id = add(&contents.graph, ids)
        contents.updateRoles()
        return CheckpointValue(contents: contents, id: id)
    }
}

// Containers of one type of element.
extension CheckpointValue {
    /// Creates a `list` of `int`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public static func list(integers: some Sequence<Int>) -> CheckpointValue {
        CheckpointValue(making: { contents in
            let ids = integers.map { contents.graph.addInteger($0) }
            return contents.graph.addList(ids)
        })
    }

    /// Creates a `list` of `float`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public static func list(floats: some Sequence<Double>) -> CheckpointValue {
        CheckpointValue(making: { contents in
            let ids = floats.map { contents.graph.addFloat($0) }
            return contents.graph.addList(ids)
        })
    }

    /// Creates a `list` of `str`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public static func list(strings: some Sequence<String>) -> CheckpointValue {
        CheckpointValue { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for string in strings { try ids.append(contents.graph.addText(string)) }
            return contents.graph.addList(ids)
        }
    }

    /// Creates a `torch.Size`.
    ///
    /// - Complexity: O(*n*).
    public static func size(_ sizes: some Sequence<Int>) -> CheckpointValue {
        CheckpointValue(making: { contents in
            let ids = sizes.map { contents.graph.addInteger($0) }
            let name = GlobalName(module: "torch", name: "Size")
            let tuple = contents.graph.addTuple(ids)
            return contents.graph.addCall(contents.graph.addGlobal(name), [tuple])
        })
    }
}

extension CheckpointContents {
    /// Adds copies of values; those from one checkpoint share what they share there.
    ///
    /// - Throws: as ``add(_:)-(CheckpointValue)``.
    /// - Complexity: O(*n*) in the number of objects.
    func add(
        contentsOf values: some Sequence<CheckpointValue>
    ) throws(CheckpointError) -> [NodeID] {
        let values = Array(values)
        let groups = OrderedDictionary(grouping: values.indices) {
            ObjectIdentifier(values[$0].contents)
        }
        var ids = [NodeID](repeating: .none, count: values.count)
        for places in groups.values {
            let copies = try add(places.map { values[$0] })
            for (place, copy) in zip(places, copies) { ids[place] = copy }
        }
        return ids
    }
}
