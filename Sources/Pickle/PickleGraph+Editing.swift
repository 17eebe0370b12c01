// Changing objects in place: every place that holds an object sees its change, as in Python.
extension PickleGraph {
    /// Calls `body` with the elements of a list, or the keys and values in turn of a dictionary, to
    /// be changed in place; of an object, with those that were appended to it or set on it.
    ///
    /// - Returns: nil, without calling `body`, when `id` is of another kind.
    package mutating func withElements<Result>(
        of id: NodeID, _ body: (inout [NodeID]) -> Result
    ) -> Result? {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .list, .dictionary, .set: return body(&contents.sequences[node.index])
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
        let node = contents.nodes[id.index]
        guard node.kind == .object else { return nil }
        let place = contents.sequence(at: part, of: node.index)
        return body(&contents.sequences[place])
    }

    /// Has an object made by another call.
    package mutating func setCall(
        ofObject id: NodeID, callable: NodeID, arguments: NodeID
    ) {
        let node = contents.nodes[id.index]
        guard node.kind == .object else { return }
        contents.objects[node.index].callable = callable
        contents.objects[node.index].arguments = arguments
    }

    /// Replaces an item of a tuple, in every place that holds the tuple.
    package mutating func replaceItem(ofTuple id: NodeID, at place: Int, by item: NodeID) {
        let node = contents.nodes[id.index]
        guard node.kind == .tuple, 0..<Int(node.count) ~= place else { return }
        contents.tupleItems[node.index + place] = item
    }

    /// Gives a persistent object an id, a tuple, with another item.
    ///
    /// The tuple itself stays as it is: a file may have it in other places, too.
    package mutating func replaceItem(
        ofIdentifierOf id: NodeID, at place: Int, by item: NodeID
    ) {
        guard let identifier = persistentID(id), kind(of: identifier) == .tuple,
            var items = items(identifier).map(Array.init), items.indices.contains(place)
        else { return }
        items[place] = item
        contents.nodes[id.index].payload = UInt64(addTuple(items).index)
    }
}
