// Adding objects, for which several arrays change. A graph asks whether it has its contents to itself
// whenever it comes to them: here that is once for each object.
extension GraphContents {
    mutating func addInteger(_ value: Int) -> NodeID {
        if let small = UInt8(exactly: value) {
            return NodeID(index: NodeID.smallIntegers + Int(small))
        }
        return append(PackedNode(.integer, payload: UInt64(bitPattern: Int64(value))), at: 0)
    }

    mutating func addTuple(_ items: [NodeID]) -> NodeID {
        items.isEmpty ? .emptyTuple : addFixed(.tuple, items)
    }

    mutating func addTuple(integers: [Int]) -> NodeID {
        guard !integers.isEmpty else { return .emptyTuple }
        let start = tupleItems.count
        for integer in integers { tupleItems.append(addInteger(integer)) }
        return append(PackedNode(.tuple, count: integers.count, index: start), at: 0)
    }

    mutating func addFixed(_ kind: PickleKind, _ items: [NodeID]) -> NodeID {
        let start = tupleItems.count
        for item in items { tupleItems.append(item) }
        return append(PackedNode(kind, count: items.count, index: start), at: 0)
    }

    mutating func addCall(_ callable: NodeID, _ arguments: [NodeID]) -> NodeID {
        let record = ObjectRecord(
            construction: .reduce, callable: callable, arguments: addTuple(arguments))
        objects.append(record)
        return append(PackedNode(.object, index: objects.count - 1), at: 0)
    }

    mutating func addPersistent(_ identifier: NodeID) -> NodeID {
        let id = append(
            PackedNode(.persistent, count: persistentLoads.count, index: identifier.index), at: 0)
        persistentLoads.append(id)
        return id
    }
}
