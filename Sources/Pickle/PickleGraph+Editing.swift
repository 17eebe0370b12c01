// Changing objects in place: every place that holds an object sees its change, as in Python.
extension PickleGraph {
    /// Calls `body` with the elements of a list, or the keys and values in turn of a dictionary, to
    /// be changed in place; of an object, with those that were appended to it or set on it.
    ///
    /// - Returns: nil, without calling `body`, when `id` is of another kind.
    package mutating func withElements<Result>(
        of id: NodeID, _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        let node = nodes[id.index]
        switch node.kind {
        case .list, .dictionary, .set: return body(&sequences[node.index])
        default: return nil
        }
    }

    /// Calls `body` with the keys and values in turn that were set on an object, to be changed.
    package mutating func withEntries<Result>(
        ofObject id: NodeID, _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        withSequence(\.entries, ofObject: id, body)
    }

    /// Calls `body` with what was appended to an object, to be changed.
    package mutating func withItems<Result>(
        ofObject id: NodeID, _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        withSequence(\.items, ofObject: id, body)
    }

    /// Calls `body` with the states of an object, to be changed.
    package mutating func withStates<Result>(
        ofObject id: NodeID, _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        withSequence(\.states, ofObject: id, body)
    }

    private mutating func withSequence<Result>(
        _ part: WritableKeyPath<ObjectRecord, Int32>, ofObject id: NodeID,
        _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        let node = nodes[id.index]
        guard node.kind == .object else { return nil }
        return body(&sequences[sequence(at: part, of: node.index)])
    }

    /// The place of one of an object's sequences, which is made when it is not there yet.
    mutating func sequence(at part: WritableKeyPath<ObjectRecord, Int32>, of object: Int) -> Int {
        let index = objects[object][keyPath: part]
        if index >= 0 { return Int(index) }
        sequences.append([])
        objects[object][keyPath: part] = Int32(sequences.count - 1)
        return sequences.count - 1
    }

    /// Has an object made by another call.
    package mutating func setCall(
        ofObject id: NodeID, callable: NodeID, arguments: NodeID
    ) {
        let node = nodes[id.index]
        guard node.kind == .object else { return }
        objects[node.index].callable = callable
        objects[node.index].arguments = arguments
    }

    /// Replaces an item of a tuple wherever that tuple is.
    ///
    /// Python's tuples can't be changed; this is for what is the same to everyone who has it, such
    /// as the device tag of a storage.
    package mutating func replaceItem(ofTuple id: NodeID, at place: Int, by item: NodeID) {
        let node = nodes[id.index]
        guard node.kind == .tuple, 0..<Int(node.count) ~= place else { return }
        tupleItems[node.index + place] = item
    }
}
