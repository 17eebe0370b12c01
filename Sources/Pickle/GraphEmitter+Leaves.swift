import ByteIO

// Most objects hold no others, or only such. They are written as they are met: the way by the list
// of tasks takes longer than the writing.
extension GraphEmitter {
    /// Saves `ids` in their order: the first ones now, and the others, from the first on that leads
    /// to more, next.
    mutating func saveAll(_ ids: ArraySlice<NodeID>) throws(CheckpointError) {
        var place = ids.startIndex
        while place < ids.endIndex, isShortEnough, try saveAtOnce(ids[place]) { place += 1 }
        // The list of tasks is worked off from its end.
        for id in ids[place...].reversed() { tasks.append(.save(id)) }
    }

    /// Saves an object if no task is needed for it, and returns whether that is so.
    mutating func saveAtOnce(_ id: NodeID) throws(CheckpointError) -> Bool {
        let node = graph.contents.nodes[id.index]
        switch node.kind {
        case .persistent: return try savePersistentAtOnce(id, NodeID(index: node.index))
        case _ where isLeaf(id): try save(id)
        case .tuple: return try saveTupleAtOnce(id)
        default: return false
        }
        return true
    }

    /// Saves a tuple of leaves: none of them leads back to it.
    mutating func saveTupleAtOnce(_ id: NodeID) throws(CheckpointError) -> Bool {
        let node = graph.contents.nodes[id.index]
        let (count, places) = (Int(node.count), node.index..<(node.index + Int(node.count)))
        // The length of the pickle is looked at between tasks.
        guard count <= Self.batchSize else { return false }
        for place in places where !isLeaf(graph.contents.tupleItems[place]) { return false }
        try begin(id, parts: count)
        if count > 3 { writer.write(.mark) }
        for place in places { try save(graph.contents.tupleItems[place]) }
        writer.writeTuple(count)
        memoise(id)
        return true
    }

    private mutating func savePersistentAtOnce(
        _ id: NodeID, _ identifier: NodeID
    ) throws(CheckpointError) -> Bool {
        guard graph.kind(of: identifier) == .tuple, try saveAtOnce(identifier) else { return false }
        notePersistent(id)
        writer.write(.binpersid)
        return true
    }

    /// Whether saving an object leads to no others: it holds none, or has a slot.
    func isLeaf(_ id: NodeID) -> Bool {
        !graph.contents.nodes[id.index].holdsObjects || memo.has(id)
    }
}
