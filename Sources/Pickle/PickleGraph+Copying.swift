package import ByteIO

extension PickleGraph {
    /// Copies an object of another graph, with all that it holds, into this one.
    ///
    /// What is one object there is one object here, cycles included; nothing is shared with what
    /// was copied before.
    ///
    /// - Parameters:
    ///   - id: The object in `other`.
    ///   - persistent: Gives the object here that stands for a persistent object of `other`.
    /// - Returns: The copy.
    /// - Complexity: O(*n*) in the number of objects and the length of their texts.
    package mutating func copy(
        _ id: NodeID, from other: PickleGraph,
        persistent: (inout PickleGraph, NodeID) throws(CheckpointError) -> NodeID
    ) throws(CheckpointError) -> NodeID {
        // Places first and contents afterwards, so that cycles find what they refer to.
        let order = other.reachable(from: id).order
        var copies: [NodeID: NodeID] = [:]
        copies.reserveCapacity(order.count)
        for (name, original) in other.internedTexts where copies[original] == nil {
            copies[original] = internedTexts[name]
        }
        for original in order where copies[original] == nil {
            if other.kind(of: original) == .persistent {
                copies[original] = try persistent(&self, original)
            } else {
                copies[original] = try addPlace(for: original, of: other)
            }
        }
        for (name, original) in other.internedTexts { internedTexts[name] = copies[original] }
        for original in order { fill(copies, original, from: other) }
        return copies[id] ?? .none
    }

    /// Adds a node like one of `other`, complete but for the objects that it refers to.
    private mutating func addPlace(
        for id: NodeID, of other: PickleGraph
    ) throws(CheckpointError) -> NodeID {
        let node = other.nodes[id.index]
        switch node.kind {
        case _ where id.index < NodeID.firstOwn: return id
        case .text, .byteString, .bytes, .byteArray, .bigInteger:
            return try addOwned(node.kind, other.withBytes(of: id, Array.init(copying:)))
        case .global: return try addGlobal(other.names[node.index], of: other.protocolVersion)
        case .tuple, .frozenSet:
            tupleItems += repeatElement(.none, count: Int(node.count))
            let start = tupleItems.count - Int(node.count)
            return add(PackedNode(node.kind, count: Int(node.count), index: start))
        case .list, .dictionary, .set: return addSequence(node.kind, [])
        case .object:
            var record = other.objects[node.index]
            (record.items, record.entries, record.states) = (-1, -1, -1)
            objects.append(record)
            return add(PackedNode(.object, index: objects.count - 1))
        default:
            hasExtensions = hasExtensions || node.kind == .extension
            return add(node)
        }
    }

    /// Fills the copy of a node with the copies of what the original refers to.
    private mutating func fill(
        _ copies: [NodeID: NodeID], _ original: NodeID, from other: PickleGraph
    ) {
        let copied = { (id: NodeID) in copies[id] ?? .none }
        guard let copy = copies[original], copy.index >= NodeID.firstOwn else { return }
        let node = other.nodes[original.index]
        let place = nodes[copy.index].index
        switch node.kind {
        case .tuple, .frozenSet:
            for offset in 0..<Int(node.count) {
                tupleItems[place + offset] = copied(other.tupleItems[node.index + offset])
            }
        case .list, .dictionary, .set:
            sequences[place] = other.sequences[node.index].map(copied)
        case .object:
            let record = other.objects[node.index]
            objects[place].callable = copied(record.callable)
            objects[place].arguments = copied(record.arguments)
            objects[place].keywordArguments = copied(record.keywordArguments)
            for part in [\ObjectRecord.items, \.entries, \.states] where record[keyPath: part] >= 0
            {
                let items = other.sequences[Int(record[keyPath: part])].map(copied)
                sequences[sequence(at: part, of: place)] = items
            }
        default: break
        }
    }
}

extension PickleGraph {
    /// Adds the class or function that a pickle of another protocol names.
    ///
    /// Up to protocol 2, modules have the names of Python 2, and up to 3, a class inside another one
    /// is asked for by `getattr`.
    private mutating func addGlobal(
        _ name: GlobalName, of otherVersion: Int
    ) throws(CheckpointError) -> NodeID {
        guard protocolVersion <= 2 else { return addGlobal(name.python3) }
        guard otherVersion >= 4, name.name.contains(".") else { return addGlobal(name.python2) }
        let parts = name.name.split(separator: ".", omittingEmptySubsequences: false)
        let outer = GlobalName(module: name.module, name: String(parts[0]))
        var id = addGlobal(outer.python2)
        for part in parts.dropFirst() {
            let getAttribute = addGlobal(GlobalName.getAttribute.python2)
            id = try addCall(getAttribute, [id, addText(String(part))])
        }
        return id
    }
}
