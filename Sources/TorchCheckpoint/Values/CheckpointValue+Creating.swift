public import BigInt
public import OrderedCollections
import Pickle
public import Tensors

// Values made in Swift. Each is a small checkpoint of its own, which is copied into the one that it
// is set in.
extension CheckpointValue {
    /// Python's `None`.
    public static let pythonNone = CheckpointValue(contents: atoms, id: .none)

    /// Creates a `bool`.
    public init(_ value: Bool) {
        self.init(contents: Self.atoms, id: PickleGraph.bool(value))
    }

    /// Creates an `int`.
    public init(_ value: Int) {
        self.init(making: { $0.graph.addInteger(value) })
    }

    /// Creates an `int` of any size; torch's `weights_only` reads up to 255 bytes.
    public init(_ value: BigInt) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addInteger(value) }
    }

    /// Creates a `float`.
    public init(_ value: Double) {
        self.init(making: { $0.graph.addFloat(value) })
    }

    /// Creates a `complex`.
    public init(real: Double, imaginary: Double) {
        self.init(making: {
            let parts = [$0.graph.addFloat(real), $0.graph.addFloat(imaginary)]
            let name = GlobalName(module: "__builtin__", name: "complex")
            return $0.graph.addCall($0.graph.addGlobal(name), parts)
        })
    }

    /// Creates a `str`.
    public init(_ value: String) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addText(value) }
    }

    /// Creates a `str` that may hold lone surrogates.
    public init(_ value: PickleText) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addText(value) }
    }

    /// Creates a `bytes`.
    public init(bytes: some Collection<UInt8>) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addBytes(bytes) }
    }

    /// Creates a `bytearray`.
    public init(byteArray: some Collection<UInt8>) {
        self.init { (contents) throws(CheckpointError) in
            try contents.graph.addByteArray(byteArray)
        }
    }

    /// Creates a `torch.dtype`.
    public init(_ dtype: DType) {
        let name = GlobalName(module: "torch", name: dtype.rawValue)
        self.init(making: { $0.graph.addGlobal(name) })
    }

    /// Creates a `torch.device`.
    public init(_ device: Device) {
        self.init { (contents) throws(CheckpointError) in
            var arguments = [try contents.graph.addText(device.type)]
            if let index = device.index { arguments.append(contents.graph.addInteger(index)) }
            let name = GlobalName(module: "torch", name: "device")
            return contents.graph.addCall(contents.graph.addGlobal(name), arguments)
        }
    }

    /// Creates a `torch.Size`.
    public init(size: some Sequence<Int>) {
        self.init(making: { contents in
            let sizes = size.map { contents.graph.addInteger($0) }
            let name = GlobalName(module: "torch", name: "Size")
            let tuple = contents.graph.addTuple(sizes)
            return contents.graph.addCall(contents.graph.addGlobal(name), [tuple])
        })
    }

    /// Creates a tensor, or a `torch.nn.Parameter` if it is one.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` for a quantized tensor, which has no
    ///   scales by itself; ``CheckpointError/Code/invalidStorage`` when the size of its storage is
    ///   no multiple of its elements'.
    public init(_ tensor: Tensor) throws {
        let contents = CheckpointContents()
        try self.init(contents: contents, id: contents.add(tensor))
    }

    /// Values that every graph has.
    private static let atoms = CheckpointContents()

    private init(making add: (CheckpointContents) -> NodeID) {
        let contents = CheckpointContents()
        let id = add(contents)
        contents.updateRoles()
        self.init(contents: contents, id: id)
    }

    // A literal can't throw, nor should a string; what is too large is reported where it is used.
    private init(_ add: (CheckpointContents) throws(CheckpointError) -> NodeID) {
        let contents = CheckpointContents()
        do throws(CheckpointError) {
            let id = try add(contents)
            contents.updateRoles()
            self.init(contents: contents, id: id)
        } catch {
            contents.failedEdit = error
            self.init(contents: contents, id: .none)
        }
    }
}

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

    /// Creates a state dict: an `OrderedDict` of the tensors and then the other values, with
    /// `_metadata` when there is some.
    ///
    /// Saved by itself it has the very bytes that `torch.save` writes for the same dictionary.
    ///
    /// - Throws: as ``init(_:)-(Tensor)``.
    public init(_ stateDict: StateDict) throws {
        let contents = CheckpointContents()
        var entries: [NodeID] = []
        for (name, tensor) in stateDict.tensors {
            try entries += [contents.graph.addText(name), contents.add(tensor)]
        }
        for (name, value) in stateDict.extras {
            try entries += [contents.graph.addText(name), contents.add(value)]
        }
        let id = contents.graph.addOrderedDictionary(entries)
        if let metadata = stateDict.metadata {
            let state = try [contents.graph.addInterned("_metadata"), contents.add(metadata)]
            let attributes = contents.graph.addDictionary(state)
            _ = contents.graph.withStates(ofObject: id) { $0.append(attributes) }
        }
        contents.updateRoles()
        self.init(contents: contents, id: id)
    }

    /// Creates what state dicts have as `_metadata`: the versions of the modules by their names, the
    /// model itself under the empty name.
    ///
    /// The key `version` is one object in all of them, as it is in Python.
    public init(moduleVersions versions: OrderedDictionary<String, Int>) {
        self.init { (contents) throws(CheckpointError) in
            let key = try contents.graph.addInterned("version")
            var entries: [NodeID] = []
            for (name, version) in versions {
                let version = [key, contents.graph.addInteger(version)]
                try entries += [contents.graph.addText(name), contents.graph.addDictionary(version)]
            }
            return contents.graph.addOrderedDictionary(entries)
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

extension PickleGraph {
    /// Adds a `collections.OrderedDict` of keys and values in turn.
    fileprivate mutating func addOrderedDictionary(_ entries: [NodeID]) -> NodeID {
        let id = addCall(addGlobal(.orderedDict))
        if !entries.isEmpty { _ = withEntries(ofObject: id) { $0 = entries } }
        return id
    }
}

extension CheckpointValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
    /// Creates a `bool`.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// Creates an `int`.
    public init(integerLiteral value: Int) { self.init(value) }
    /// Creates a `float`.
    public init(floatLiteral value: Double) { self.init(value) }
    /// Creates a `str`.
    public init(stringLiteral value: String) { self.init(value) }
}

extension CheckpointValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// Creates a `list`.
    public init(arrayLiteral elements: CheckpointValue...) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for element in elements { try ids.append(contents.add(element)) }
            return contents.graph.addList(ids)
        }
    }

    /// Creates a `dict` in the order of the literal.
    public init(dictionaryLiteral entries: (CheckpointValue, CheckpointValue)...) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for entry in entries {
                try ids += [contents.add(entry.0), contents.add(entry.1)]
            }
            return contents.graph.addDictionary(ids)
        }
    }
}
