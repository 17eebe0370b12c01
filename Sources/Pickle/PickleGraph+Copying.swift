package import ByteIO

extension PickleGraph {
    /// Copies objects of another graph, with all that they hold, into this one.
    ///
    /// What is one object there is one object here, cycles included; nothing is shared with what
    /// was copied before.
    ///
    /// - Parameters:
    ///   - ids: The objects in `other`.
    ///   - persistent: Gives the object here that stands for a persistent object of `other`.
    /// - Returns: The copies, in the order of `ids`.
    /// - Throws: What `persistent` throws; ``CheckpointError/Code/limitExceeded``.
    /// - Complexity: O(*n*) in the number of objects that are copied and the length of their texts.
    package mutating func copy(
        _ ids: [NodeID], from other: PickleGraph,
        persistent: (inout PickleGraph, NodeID) throws(CheckpointError) -> NodeID
    ) throws(CheckpointError) -> [NodeID] {
        // Places first and contents afterwards, so that cycles find what they refer to.
        let order = other.reachable(from: ids)
        var copies = NodeCopies(capacity: order.count)
        // Names in Python's code: there are few of them.
        for (name, original) in other.contents.internedTexts {
            if let known = contents.internedTexts[name] { copies.add(known, of: original) }
        }
        for original in order where !copies.has(original) {
            if other.kind(of: original) == .persistent {
                try copies.add(persistent(&self, original), of: original)
            } else {
                try copies.add(addPlace(for: original, of: other), of: original)
            }
        }
        for (name, original) in other.contents.internedTexts where copies.has(original) {
            contents.internedTexts[name] = copies[original]
        }
        for original in order { fill(copies, original, from: other) }
        return ids.map { copies[$0] }
    }

    /// Adds a node like one of `other`, complete but for the objects that it refers to.
    private mutating func addPlace(
        for id: NodeID, of other: PickleGraph
    ) throws(CheckpointError) -> NodeID {
        let node = other.contents.nodes[id.index]
        switch node.kind {
        case .text, .byteString, .bytes, .byteArray, .bigInteger:
            return try addString(node.kind, other.withBytes(of: id, Array.init(copying:)))
        case .global: return try addGlobal(other.contents.names[node.index], of: other)
        case .tuple, .frozenSet:
            contents.tupleItems += repeatElement(.none, count: Int(node.count))
            let start = contents.tupleItems.count - Int(node.count)
            return add(PackedNode(node.kind, count: Int(node.count), index: start))
        case .list, .dictionary, .set: return addSequence(node.kind, [])
        case .object:
            var record = other.contents.objects[node.index]
            (record.items, record.entries, record.states) = (-1, -1, -1)
            contents.objects.append(record)
            return add(PackedNode(.object, index: contents.objects.count - 1))
        default:
            hasExtensions = hasExtensions || node.kind == .extension
            return add(node)
        }
    }

    /// Fills the copy of a node with the copies of what the original refers to.
    private mutating func fill(
        _ copies: NodeCopies, _ original: NodeID, from other: PickleGraph
    ) {
        let node = other.contents.nodes[original.index]
        guard !original.isAtom else { return }
        let place = contents.nodes[copies[original].index].index
        switch node.kind {
        case .tuple, .frozenSet:
            for offset in 0..<Int(node.count) {
                contents.tupleItems[place + offset] =
                    copies[other.contents.tupleItems[node.index + offset]]
            }
        case .list, .dictionary, .set:
            contents.sequences[place] = other.contents.sequences[node.index].map { copies[$0] }
        case .object:
            let record = other.contents.objects[node.index]
            contents.objects[place].callable = copies[record.callable]
            contents.objects[place].arguments = copies[record.arguments]
            contents.objects[place].keywordArguments = copies[record.keywordArguments]
            for part in [\ObjectRecord.items, \.entries, \.states] where record[keyPath: part] >= 0
            {
                let items = other.contents.sequences[Int(record[keyPath: part])].map { copies[$0] }
                contents.sequences[contents.sequence(at: part, of: place)] = items
            }
        default: break
        }
    }
}

extension PickleGraph {
    /// Adds the class or function that another graph names.
    ///
    /// Up to protocol 2, modules have the names of Python 2, and up to 3, a class inside another one
    /// is asked for by `getattr`. Between graphs that name alike, a name is left as it is: what looks
    /// like one of Python's own modules may be somebody else's.
    private mutating func addGlobal(
        _ name: GlobalName, of other: PickleGraph
    ) throws(CheckpointError) -> NodeID {
        guard protocolVersion < 4, other.protocolVersion >= 4, name.name.contains(".") else {
            return addGlobal(renaming(name, of: other))
        }
        let parts = name.name.split(separator: ".", omittingEmptySubsequences: false)
        let outer = GlobalName(module: name.module, name: String(parts[0]))
        var id = addGlobal(renaming(outer, of: other))
        for part in parts.dropFirst() {
            let getAttribute = addGlobal(renaming(.getAttribute, of: other))
            id = try addCall(getAttribute, [id, addText(String(part))])
        }
        return id
    }

    private func renaming(_ name: GlobalName, of other: PickleGraph) -> GlobalName {
        switch (hasPython2Names, other.hasPython2Names) {
        case (true, false): name.python2
        case (false, true): name.python3
        default: name
        }
    }

    private var hasPython2Names: Bool { protocolVersion <= 2 }
}

/// What was copied from another graph, and the copies.
private struct NodeCopies {
    private var copies: [NodeID: NodeID] = [:]

    init(capacity: Int) { copies.reserveCapacity(capacity) }

    func has(_ id: NodeID) -> Bool { id.isAtom || copies[id] != nil }

    mutating func add(_ copy: NodeID, of original: NodeID) { copies[original] = copy }

    /// The copy of an object; objects that every graph has are their own.
    subscript(id: NodeID) -> NodeID {
        if id.isAtom { return id }
        guard let copy = copies[id] else {
            preconditionFailure("whatever a copied object holds is copied before it is filled")
        }
        return copy
    }
}
