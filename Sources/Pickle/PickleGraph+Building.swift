package import BigInt
package import ByteIO

// Adding objects to a graph: what `GraphBuilder` does for a pickle, for values made in Swift.
extension PickleGraph {
    /// A graph of nothing but the objects that every graph has; its root is `None`.
    package init() { self = Self.empty }

    // Small graphs are made in great numbers; making their common objects anew would take most of
    // the time.
    private static let empty = {
        var contents = GraphContents(source: ByteRegion())
        contents.protocolVersion = 2
        return PickleGraph(contents)
    }()

    /// The `bool` with the given value.
    package static func bool(_ value: Bool) -> NodeID { value ? .true : .false }

    /// Adds an `int`; those from 0 to 255 are there already.
    package mutating func addInteger(_ value: Int) -> NodeID {
        contents.addInteger(value)
    }

    /// Adds an `int` of any size.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    package mutating func addInteger(_ value: BigInt) throws(CheckpointError) -> NodeID {
        if let small = Int(exactly: value) { return addInteger(small) }
        return try addOwned(.bigInteger, value.twosComplementBytes)
    }

    /// Adds a `float`.
    package mutating func addFloat(_ value: Double) -> NodeID {
        add(PackedNode(.float, payload: value.bitPattern))
    }

    /// Adds a `str`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it has 4 GiB or more.
    package mutating func addText(_ text: String) throws(CheckpointError) -> NodeID {
        try addString(.text, text.utf8)
    }

    /// The `str` that Python has once because it is a name in code, such as that of an attribute.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it has 4 GiB or more.
    package mutating func addInterned(_ name: String) throws(CheckpointError) -> NodeID {
        if let known = contents.internedTexts[name] { return known }
        let id = try addText(name)
        contents.internedTexts[name] = id
        return id
    }

    /// Adds a `str` that may hold lone surrogates.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it has 4 GiB or more.
    package mutating func addText(_ text: PickleText) throws(CheckpointError) -> NodeID {
        try addString(.text, text.utf8)
    }

    /// Adds a `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it has 4 GiB or more.
    package mutating func addBytes(
        _ contents: some Collection<UInt8>
    ) throws(CheckpointError) -> NodeID {
        try addString(.bytes, contents)
    }

    /// Adds a `bytearray`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when it has 4 GiB or more.
    package mutating func addByteArray(
        _ contents: some Collection<UInt8>
    ) throws(CheckpointError) -> NodeID {
        try addOwned(.byteArray, contents)
    }

    /// Adds a `tuple`; the empty one is there already.
    package mutating func addTuple(_ items: [NodeID]) -> NodeID { contents.addTuple(items) }

    /// Adds a `tuple` of `int`.
    package mutating func addTuple(integers: [Int]) -> NodeID {
        contents.addTuple(integers: integers)
    }

    /// Adds a `frozenset`.
    package mutating func addFrozenSet(_ items: [NodeID]) -> NodeID {
        contents.addFixed(.frozenSet, items)
    }

    /// Adds a `list`.
    package mutating func addList(_ items: [NodeID] = []) -> NodeID { addSequence(.list, items) }

    /// Adds a `set`.
    package mutating func addSet(_ items: [NodeID]) -> NodeID { addSequence(.set, items) }

    /// Adds a `dict` of keys and values in turn.
    package mutating func addDictionary(_ entries: [NodeID] = []) -> NodeID {
        addSequence(.dictionary, entries)
    }

    /// The class or function with the given name, added when it is not there.
    package mutating func addGlobal(_ name: GlobalName) -> NodeID {
        if let known = contents.globals[name] { return known }
        contents.names.append(name)
        let id = add(PackedNode(.global, index: contents.names.count - 1))
        contents.globals[name] = id
        return id
    }

    /// Adds an object that Python would make by a call.
    package mutating func addCall(_ callable: NodeID, _ arguments: [NodeID] = []) -> NodeID {
        contents.addCall(callable, arguments)
    }

    /// Adds what lies outside the pickle under the given id.
    package mutating func addPersistent(_ identifier: NodeID) -> NodeID {
        contents.addPersistent(identifier)
    }

    /// Adds an object that was made in Swift, which has no place in the pickle.
    mutating func add(_ node: PackedNode) -> NodeID { contents.append(node, at: 0) }

    mutating func addSequence(_ kind: PickleKind, _ items: [NodeID]) -> NodeID {
        contents.sequences.append(items)
        return add(PackedNode(kind, index: contents.sequences.count - 1))
    }

    /// Adds a `str`, `bytes` or the like; the empty ones of these two are one object, as in Python.
    mutating func addString(
        _ kind: PickleKind, _ contents: some Collection<UInt8>
    ) throws(CheckpointError) -> NodeID {
        guard contents.isEmpty, kind == .text || kind == .bytes else {
            return try addOwned(kind, contents)
        }
        if let known = self.contents.emptyStrings[kind] { return known }
        let id = try addOwned(kind, contents)
        self.contents.emptyStrings[kind] = id
        return id
    }

    /// Adds an object whose bytes are not in the pickle.
    mutating func addOwned(
        _ kind: PickleKind, _ contents: some Collection<UInt8>
    ) throws(CheckpointError) -> NodeID {
        try add(self.contents.ownedNode(kind, contents))
    }
}
