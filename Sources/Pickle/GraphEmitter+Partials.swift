import ByteIO

// Keyword arguments for `__new__`, which protocol 2 has no instruction for. As CPython, the emitter
// writes a call of `functools.partial(cls.__new__, cls, *arguments, **keywordArguments)`.
extension GraphEmitter {
    mutating func savePartial(_ id: NodeID) throws(CheckpointError) {
        let object = record(id)
        try checkArguments(object.arguments)
        try writeOwnGlobal(.partial)
        if let slot = memo[.constructor(object.callable)] {
            writer.writeGet(slot)
            return makePartial(id)
        }
        try writeOwnGlobal(.getAttribute)
        tasks.append(.finishConstructor(of: id))
        tasks.append(.save(object.callable))
    }

    // Other objects can share the tuple, and their items are written for each of them.
    private mutating func checkArguments(_ arguments: NodeID) throws(CheckpointError) {
        guard graph.kind(of: arguments) == .tuple else {
            throw CheckpointError(
                .unexpectedObject,
                "an object with keyword arguments for __new__, and others that are not in a tuple, "
                    + "can't be written")
        }
        guard !memo.has(arguments), memo.begin(arguments) else {
            return try spend(tupleItems(arguments).count)
        }
    }

    /// The class is on the stack, above `getattr`.
    mutating func finishConstructor(of id: NodeID) {
        writeOwnText("__new__")
        writer.writeTuple(2)
        put()
        writer.write(.reduce)
        memo[.constructor(record(id).callable)] = put()
        makePartial(id)
    }

    /// The class's `__new__` is on the stack, above `functools.partial`.
    private mutating func makePartial(_ id: NodeID) {
        let object = record(id)
        writer.writeTuple(1)
        put()
        writer.write(.reduce)
        put()
        writer.write(.mark)
        if let slot = memo[.constructor(object.callable)] { writer.writeGet(slot) }
        let items = tupleItems(object.arguments)
        if items.count + 1 > 3 { writer.write(.mark) }
        tasks.append(.finishPartial(id))
        tasks.append(.save(object.keywordArguments))
        tasks.append(.finishPartialArguments(of: id))
        for item in items.reversed() { tasks.append(.save(item)) }
        tasks.append(.save(object.callable))
    }

    mutating func finishPartialArguments(of id: NodeID) {
        writer.writeTuple(tupleItems(record(id).arguments).count + 1)
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
