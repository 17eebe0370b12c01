import ByteIO

extension GraphEmitter {
    mutating func saveGlobal(_ id: NodeID) throws(CheckpointError) {
        let name = graph.names[graph.nodes[id.index].index]
        memo[id] =
            switch graph.protocolVersion {
            case ...2: try writeGlobal(name)
            case 3: try writeGlobal(name.python2)
            default: try writePath(name)
            }
    }

    /// Writes a class or function, or where it is, and returns its slot.
    ///
    /// - Throws: ``CheckpointError/Code/unexpectedObject`` for a name that can't be written.
    @discardableResult mutating func writeGlobal(
        _ name: GlobalName
    ) throws(CheckpointError) -> Int32 {
        if let slot = memo[.global(name)] {
            writer.writeGet(slot)
            return slot
        }
        guard name.fitsLines else {
            throw CheckpointError(
                .unexpectedObject, "a class or function can't be written: its module "
                    + "\(name.module.excerpt) or name \(name.name.excerpt) is no line of text")
        }
        writer.writeGlobal(name)
        names.append(name)
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
        let outer = GlobalName(module: name.module, name: String(path.removeFirst())).python2
        guard !path.isEmpty else { return try writeGlobal(outer) }
        var known = memo[.global(outer)]
        while let slot = known, let name = path.first, let inner = memo[.nested(slot, String(name))] {
            known = inner
            path.removeFirst()
        }
        for _ in path { try writeGlobal(.python2GetAttribute) }
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
    static let python2Bytes = GlobalName(module: "__builtin__", name: "bytes")
    static let python2ByteArray = GlobalName(module: "__builtin__", name: "bytearray")
    static let python2Set = GlobalName(module: "__builtin__", name: "set")
    static let python2FrozenSet = GlobalName(module: "__builtin__", name: "frozenset")
    static let python2GetAttribute = GlobalName(module: "__builtin__", name: "getattr")

    /// Whether `GLOBAL` can say it: Python refuses lines without text.
    fileprivate var fitsLines: Bool {
        [module, name].allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "\n")) }
    }
}
