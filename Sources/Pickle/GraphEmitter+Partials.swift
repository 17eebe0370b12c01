import ByteIO

// Keyword arguments for `__new__`, which protocol 2 has no instruction for. As CPython, the emitter
// writes a call of `functools.partial(cls.__new__, cls, *arguments, **keywordArguments)`.
extension GraphEmitter {
    mutating func savePartial(_ id: NodeID) throws(CheckpointError) {
        let object = record(id)
        guard graph.kind(of: object.arguments) == .tuple,
            graph.kind(of: object.keywordArguments) == .dictionary
        else {
            throw CheckpointError(
                .unexpectedObject,
                "an object with keyword arguments for __new__ can't be written when its arguments "
                    + "are not in a tuple and a dictionary",
                advice: Self.adviceOnOddities)
        }
        try writeOwnGlobal(.partial)
        if let slot = memo[.constructor(object.callable)] {
            writer.writeGet(slot)
            return try makePartial(id)
        }
        try writeOwnGlobal(.getAttribute)
        tasks.append(.finishConstructor(of: id))
        tasks.append(.save(object.callable))
    }

    /// The class is on the stack, above `getattr`.
    mutating func finishConstructor(of id: NodeID) throws(CheckpointError) {
        writeOwnText("__new__")
        writer.writeTuple(2)
        put()
        writer.write(.reduce)
        memo[.constructor(record(id).callable)] = put()
        try makePartial(id)
    }

    /// The class's `__new__` is on the stack, above `functools.partial`.
    private mutating func makePartial(_ id: NodeID) throws(CheckpointError) {
        let object = record(id)
        writer.writeTuple(1)
        put()
        writer.write(.reduce)
        put()
        writer.write(.mark)
        if let slot = memo[.constructor(object.callable)] { writer.writeGet(slot) }
        tasks.append(.finishPartial(id))
        try savePartialArguments(of: object)
    }

    /// The tuple and the dictionary that `partial` has are its own, made of the object's.
    private mutating func savePartialArguments(
        of object: ObjectRecord
    ) throws(CheckpointError) {
        let items = tupleItems(object.arguments)
        try copyParts(of: object.arguments, items.count)
        try copyParts(
            of: object.keywordArguments, graph.entries(object.keywordArguments)?.count ?? 0)
        if items.count + 1 > 3 { writer.write(.mark) }
        tasks.append(.dictionaryEntries(object.keywordArguments, from: 0))
        tasks.append(.finishPartialArguments(count: UInt32(items.count + 1)))
        for item in items.reversed() { tasks.append(.save(item)) }
        tasks.append(.save(object.callable))
    }

    // Other objects can share them, and their parts are written for each of them.
    private mutating func copyParts(of id: NodeID, _ count: Int) throws(CheckpointError) {
        if memo.has(id) || !memo.begin(id) { try spend(count) }
    }

    mutating func finishPartialArguments(count: Int) {
        writer.writeTuple(count)
        put()
        writer.write(.emptyDict)
        put()
    }

    mutating func finishPartial(_ id: NodeID) {
        writer.write(.none)
        writer.write(.tuple)
        put()
        writer.write(.build)
        writer.write(.emptyTuple)
        writer.write(.reduce)
        if settle(id) { saveContents(of: id) }
    }
}
