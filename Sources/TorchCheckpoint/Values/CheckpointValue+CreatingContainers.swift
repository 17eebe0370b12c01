import ByteIO
public import OrderedCollections
import Pickle

// Containers of values.
extension CheckpointValue {
    /// Creates a `list`.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func list(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addList($1) }
    }

    /// Creates a `tuple`.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func tuple(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addTuple($1) }
    }

    /// Creates a `set`; that its elements are hashable and differ is for Python to say.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func set(_ elements: some Sequence<CheckpointValue>) throws -> CheckpointValue {
        try containing(elements) { $0.addSet($1) }
    }

    /// Creates a `frozenset`, which torch's `weights_only` does not read.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func frozenSet(
        _ elements: some Sequence<CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(elements) { $0.addFrozenSet($1) }
    }

    /// Creates a `dict` with keys of any kind.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func dictionary(
        pairs: some Sequence<(key: CheckpointValue, value: CheckpointValue)>
    ) throws -> CheckpointValue {
        try containing(pairs.flatMap { [$0.key, $0.value] }) { $0.addDictionary($1) }
    }

    /// Creates a `dict` in the given order.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``; ``CheckpointError/Code/typeMismatch`` for a key that
    ///   is neither a string nor an integer.
    public static func dictionary(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(keysAndValues(entries)) { $0.addDictionary($1) }
    }

    /// Creates a `collections.OrderedDict`.
    ///
    /// - Throws: as ``dictionary(_:)``.
    public static func orderedDictionary(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>
    ) throws -> CheckpointValue {
        try containing(keysAndValues(entries)) { $0.addOrderedDictionary($1) }
    }

    /// Creates a `collections.OrderedDict` with keys of any kind.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)``.
    public static func orderedDictionary(
        pairs: some Sequence<(key: CheckpointValue, value: CheckpointValue)>
    ) throws -> CheckpointValue {
        try containing(pairs.flatMap { [$0.key, $0.value] }) { $0.addOrderedDictionary($1) }
    }

    /// Creates a `list` of `int`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public init(integers: some Sequence<Int>) {
        self.init(making: { contents in
            let ids = integers.map { contents.graph.addInteger($0) }
            return contents.graph.addList(ids)
        })
    }

    /// Creates a `list` of `float`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public init(floats: some Sequence<Double>) {
        self.init(making: { contents in
            let ids = floats.map { contents.graph.addFloat($0) }
            return contents.graph.addList(ids)
        })
    }

    /// Creates a `list` of `str`.
    ///
    /// - Complexity: O(*n*); faster than a list of values.
    public init(strings: some Sequence<String>) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for string in strings { try ids.append(contents.graph.addText(string)) }
            return contents.graph.addList(ids)
        }
    }

    private static func containing(
        _ elements: some Sequence<CheckpointValue>,
        _ add: (inout PickleGraph, [NodeID]) -> NodeID
    ) throws(CheckpointError) -> CheckpointValue {
        let contents = CheckpointContents()
        var ids: [NodeID] = []
        for element in elements { try ids.append(contents.add(element)) }
        let id = add(&contents.graph, ids)
        contents.updateRoles()
        return CheckpointValue(contents: contents, id: id)
    }

    private static func keysAndValues(
        _ entries: OrderedDictionary<CheckpointKey, CheckpointValue>
    ) throws(CheckpointError) -> [CheckpointValue] {
        var result: [CheckpointValue] = []
        for (key, value) in entries { try result += [CheckpointValue(key), value] }
        return result
    }

    /// Creates the `str` or `int` that a key is.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for another key, of which only the repr is
    ///   known.
    init(_ key: CheckpointKey) throws(CheckpointError) {
        switch key {
        case .string(let text): self.init(text)
        case .integer(let value): self.init(value)
        case .other(let repr):
            throw CheckpointError(
                .typeMismatch, "\(repr) is not a key that can be made of text or a number",
                advice: "Use CheckpointValue.dictionary(pairs:) with a value as the key")
        }
    }
}
