import ByteIO

extension GraphEmitter {
    mutating func saveGlobal(_ id: NodeID) throws(CheckpointError) {
        // The id has the class in it, which is then written as it is.
        if let identifier = classIdentifiers.removeValue(forKey: id),
            try saveTupleAtOnce(identifier)
        {
            return writer.write(.binpersid)
        }
        let name = graph.contents.names[graph.contents.nodes[id.index].index]
        memo[id] = graph.protocolVersion > 3 ? try writePath(name) : try writeGlobal(name)
    }

    /// Writes a class or function that may not be in the graph, given by its name in Python 3.
    mutating func writeOwnGlobal(_ name: GlobalName) throws(CheckpointError) {
        try writeGlobal(graph.protocolVersion > 2 ? name : name.python2)
    }

    /// Writes a class or function, or where it is, and returns its slot.
    ///
    /// - Throws: ``CheckpointError/Code/unexpectedObject`` for a name that can't be written.
    @discardableResult private mutating func writeGlobal(
        _ name: GlobalName
    ) throws(CheckpointError) -> Int32 {
        if let slot = memo[.global(name)] {
            writer.writeGet(slot)
            return slot
        }
        guard name.fitsLines else {
            throw CheckpointError(
                .unexpectedObject,
                "a class or function can't be written: its module \(name.module.excerpt) or name "
                    + "\(name.name.excerpt) is no line of text",
                advice: Self.adviceOnOddities)
        }
        // Two classes of Python 3 can have one name in Python 2, and stay two objects.
        let written = graph.protocolVersion > 2 ? name.python2 : name
        writer.writeGlobal(written)
        if knownNames.insert(written).inserted { names.append(written) }
        let slot = put()
        memo[.global(name)] = slot
        return slot
    }

    /// Writes a class or function of a protocol that knows dotted names; older ones ask the outer
    /// class for the inner one.
    private mutating func writePath(_ name: GlobalName) throws(CheckpointError) -> Int32 {
        // Protocol 4 can say a long name in a few bytes.
        try spend(name.module.utf8.count + name.name.utf8.count)
        var path = name.name.split(separator: ".", omittingEmptySubsequences: false)
        let outer = GlobalName(module: name.module, name: String(path.removeFirst()))
        guard !path.isEmpty else { return try writeGlobal(outer) }
        var known = memo[.global(outer)]
        while let slot = known, let name = path.first, let inner = memo[.nested(slot, String(name))]
        {
            known = inner
            path.removeFirst()
        }
        for _ in path { try writeOwnGlobal(.getAttribute) }
        var slot = try writeOuter(outer, known)
        for name in path { slot = writeInner(String(name), of: slot) }
        return slot
    }

    private mutating func writeOuter(
        _ name: GlobalName, _ slot: Int32?
    ) throws(CheckpointError) -> Int32 {
        guard let slot else { return try writeGlobal(name) }
        writer.writeGet(slot)
        return slot
    }

    /// The outer class is on the stack, above `getattr`.
    private mutating func writeInner(_ name: String, of outer: Int32) -> Int32 {
        writeOwnText(name)
        writer.writeTuple(2)
        put()
        writer.write(.reduce)
        let slot = put()
        memo[.nested(outer, name)] = slot
        return slot
    }
}

// What the emitter itself names.
extension GlobalName {
    static let encode = GlobalName(module: "_codecs", name: "encode")
    static let partial = GlobalName(module: "functools", name: "partial")
    static let bytes = GlobalName(module: "builtins", name: "bytes")
    static let byteArray = GlobalName(module: "builtins", name: "bytearray")
    static let set = GlobalName(module: "builtins", name: "set")
    static let frozenSet = GlobalName(module: "builtins", name: "frozenset")
    static let getAttribute = GlobalName(module: "builtins", name: "getattr")

    /// Whether `GLOBAL` can say it: Python refuses lines without text.
    fileprivate var fitsLines: Bool {
        [module, name].allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "\n")) }
    }
}
