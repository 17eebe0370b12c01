import ByteIO

extension GraphEmitter {
    mutating func saveObject(_ id: NodeID) throws(CheckpointError) {
        let isBegun = try begin(id, parts: 2)
        let object = record(id)
        guard object.construction != .newObjectEx else { return try savePartial(id) }
        if isBegun, let list = graph.listOfSet(id) {
            tasks.append(.finishObject(id))
            tasks.append(.copyOfList(list))
            return tasks.append(.save(object.callable))
        }
        if try saveAtOnce(object.callable) { return try saveArguments(of: id) }
        tasks.append(.arguments(of: id))
        tasks.append(.save(object.callable))
    }

    /// Python makes the list anew each time that it writes the set, as it does with arguments.
    mutating func saveCopy(ofList list: NodeID) throws(CheckpointError) {
        try spend(graph.items(list)?.count ?? 0)
        writer.write(.emptyList)
        put()
        tasks.append(.finishOwnTuple)
        tasks.append(.listItems(list, from: 0))
    }

    mutating func finishOwnTuple() {
        writer.writeTuple(1)
        put()
    }

    func record(_ id: NodeID) -> ObjectRecord {
        graph.contents.objects[graph.contents.nodes[id.index].index]
    }

    /// Saves the arguments of an object whose class or function is on the stack, and makes it.
    mutating func saveArguments(of id: NodeID) throws(CheckpointError) {
        let arguments = record(id).arguments
        if try saveAtOnce(arguments) { return finishObject(id) }
        tasks.append(.finishObject(id))
        guard graph.kind(of: arguments) == .tuple else { return tasks.append(.save(arguments)) }
        try saveTupleItems(arguments, then: .finishArguments(of: id))
    }

    /// Python makes the tuple of arguments anew each time that it asks an object for it, so when
    /// the arguments led back to the object, this tuple is not the one that was written meanwhile.
    mutating func finishArguments(of id: NodeID) {
        let arguments = record(id).arguments
        guard memo.has(id), memo.has(arguments) else { return finishTuple(arguments) }
        writer.writeTuple(tupleItems(arguments).count)
        put()
    }

    /// Writes the instruction that makes the object, whose class and arguments are on the stack.
    ///
    /// An argument may lead back and write the object first, with all that belongs to it; then what
    /// was made now is dropped.
    mutating func finishObject(_ id: NodeID) {
        writer.write(opcode(for: record(id)))
        if settle(id) { saveContents(of: id) }
    }

    // Python 3 reads INST and OBJ without arguments as NEWOBJ and with arguments as a call.
    private func opcode(for object: ObjectRecord) -> Opcode {
        switch object.construction {
        case .newObject: .newobj
        case .instance where graph.items(object.arguments)?.isEmpty == true: .newobj
        default: .reduce
        }
    }

    /// Items, entries and states, in this order.
    mutating func saveContents(of id: NodeID) {
        let object = record(id)
        if object.states >= 0 {
            for state in graph.contents.sequences[Int(object.states)].reversed() {
                tasks.append(.write(.build))
                tasks.append(.save(state))
            }
        }
        if object.entries >= 0 { tasks.append(.objectEntries(id, from: 0)) }
        if object.items >= 0 { tasks.append(.objectItems(id, from: 0)) }
    }

    /// Items of an object: batches, a lone last item by itself, and never an empty batch.
    mutating func saveObjectItems(_ id: NodeID, from place: Int) throws(CheckpointError) {
        let rest = graph.contents.sequences[Int(record(id).items)].dropFirst(place)
        guard rest.count != 1 else { return try saveSingle(rest, .append) }
        let batch = rest.prefix(Self.batchSize)
        guard !batch.isEmpty else { return }
        tasks.append(.objectItems(id, from: UInt32(place + batch.count)))
        try saveBatch(batch, .appends)
    }

    mutating func saveObjectEntries(_ id: NodeID, from place: Int) throws(CheckpointError) {
        let rest = graph.contents.sequences[Int(record(id).entries)].dropFirst(place)
        guard rest.count != 2 else { return try saveSingle(rest, .setitem) }
        let batch = rest.prefix(2 * Self.batchSize)
        guard !batch.isEmpty else { return }
        tasks.append(.objectEntries(id, from: UInt32(place + batch.count)))
        try saveBatch(batch, .setitems)
    }
}
