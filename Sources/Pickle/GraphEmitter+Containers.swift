import ByteIO

extension GraphEmitter {
    /// How many elements or entries one instruction appends or sets.
    static let batchSize = 1000

    /// A tuple's items come before the tuple; an item may refer back and write the tuple first.
    mutating func saveTuple(_ id: NodeID) throws(CheckpointError) {
        if try saveTupleAtOnce(id) { return }
        try saveTupleItems(id, then: .finishTuple(id))
    }

    mutating func saveTupleItems(_ id: NodeID, then task: Task) throws(CheckpointError) {
        let items = tupleItems(id)
        try begin(id, parts: items.count)
        if items.count > 3 { writer.write(.mark) }
        tasks.append(task)
        try saveAll(items)
    }

    mutating func finishTuple(_ id: NodeID) {
        let count = tupleItems(id).count
        if memo.has(id) {
            dropItems(count)
            writer.writeGet(memo[id])
        } else {
            writer.writeTuple(count)
            memoise(id)
        }
    }

    private mutating func dropItems(_ count: Int) {
        guard count <= 3 else { return writer.writeUncommon(.popMark) }
        for _ in 0..<count { writer.writeUncommon(.pop) }
    }

    func tupleItems(_ id: NodeID) -> ArraySlice<NodeID> {
        let node = graph.contents.nodes[id.index]
        return graph.contents.tupleItems[node.index..<(node.index + Int(node.count))]
    }

    /// A set is its class called with a list, which is made for that and belongs to nobody else.
    mutating func saveSet(_ id: NodeID, _ name: GlobalName) throws(CheckpointError) {
        try begin(id, parts: graph.items(id)?.count ?? 0)
        try writeOwnGlobal(name)
        writer.write(.emptyList)
        put()
        tasks.append(.finishSet(id))
        tasks.append(.finishOwnTuple)
        tasks.append(.listItems(id, from: 0))
    }

    mutating func finishSet(_ id: NodeID) {
        writer.write(.reduce)
        _ = settle(id)
    }

    /// An exact list: one item alone, else batches, the last of any size.
    mutating func saveListItems(_ id: NodeID, from place: Int) throws(CheckpointError) {
        let items = graph.items(id) ?? []
        guard items.count != 1 else { return try saveSingle(items, .append) }
        let batch = items.dropFirst(place).prefix(Self.batchSize)
        guard !batch.isEmpty else { return }
        if items.count > place + batch.count {
            tasks.append(.listItems(id, from: UInt32(place + batch.count)))
        }
        try saveBatch(batch, .appends)
    }

    /// An exact dictionary: one entry alone, else batches until one is not full, so that a multiple
    /// of the batch size is followed by an empty batch.
    mutating func saveDictionaryEntries(_ id: NodeID, from place: Int) throws(CheckpointError) {
        let entries = graph.contents.sequences[graph.contents.nodes[id.index].index]
        guard !entries.isEmpty else { return }
        guard entries.count != 2 else { return try saveSingle(entries[...], .setitem) }
        let batch = entries.dropFirst(place).prefix(2 * Self.batchSize)
        if batch.count == 2 * Self.batchSize {
            tasks.append(.dictionaryEntries(id, from: UInt32(place + batch.count)))
        }
        try saveBatch(batch, .setitems)
    }

    mutating func saveSingle(
        _ ids: ArraySlice<NodeID>, _ opcode: Opcode
    ) throws(CheckpointError) {
        tasks.append(.write(opcode))
        try saveAll(ids)
    }

    mutating func saveBatch(
        _ ids: ArraySlice<NodeID>, _ opcode: Opcode
    ) throws(CheckpointError) {
        writer.write(.mark)
        try saveSingle(ids, opcode)
    }
}
