// Which objects a graph is about, in the order of writing.
extension PickleGraph {
    /// All objects that can be reached from the root, in the order in which they are first written.
    ///
    /// - Complexity: O(*n*) in the number of objects.
    package func reachable() -> [NodeID] {
        var walker = GraphWalker(self, reachesMost: true)
        return walker.walk(from: [root])
    }

    /// All objects that can be reached from `id`, in the order in which they are first written.
    ///
    /// Depth first: the items of a container in their order; of an object the callable, the
    /// arguments, the items, the entries and the states; of a persistent object its id.
    ///
    /// - Complexity: O(*n*) in the number of those objects.
    package func reachable(from id: NodeID) -> [NodeID] { reachable(from: [id]) }

    /// All objects that can be reached from `ids`, each once: those of the first id, then what the
    /// second one adds, and so on.
    ///
    /// - Complexity: O(*n*) in the number of those objects.
    func reachable(from ids: [NodeID]) -> [NodeID] {
        var walker = GraphWalker(self, reachesMost: false)
        return walker.walk(from: ids)
    }

    /// The integers of more than 64 bits that are mentioned more than once.
    ///
    /// - Complexity: O(*n*) in the number of objects.
    func repeatedBigIntegers() -> Set<NodeID> {
        var seen: Set<NodeID> = []
        var repeated: Set<NodeID> = []
        for parent in reachable() {
            forEachMention(in: parent) { child in
                let child = persistentID(child) ?? child
                guard kind(of: child) == .bigInteger else { return }
                if !seen.insert(child).inserted { repeated.insert(child) }
            }
        }
        return repeated
    }

    private func forEachMention(in id: NodeID, _ body: (NodeID) -> Void) {
        var place = 0
        while let child = part(place, of: id) {
            body(child)
            place += 1
        }
        place = 0
        while let child = content(place, of: id) {
            body(child)
            place += 1
        }
    }
}

// What an object holds, in the order of writing.
extension PickleGraph {
    /// One of the objects that are written before the object that holds them has a slot.
    ///
    /// These are the items of a tuple or set, and what an object is made of.
    func part(_ place: Int, of id: NodeID) -> NodeID? {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .tuple, .frozenSet:
            return place < Int(node.count) ? contents.tupleItems[node.index + place] : nil
        case .set: return element(place, of: node.index)
        case .object:
            let record = contents.objects[node.index]
            switch place {
            case 0: return record.callable
            case 1: return record.arguments
            case 2 where record.construction == .newObjectEx: return record.keywordArguments
            default: return nil
            }
        default: return nil
        }
    }

    /// One of the objects that are written after the object that holds them.
    ///
    /// These are what is in a list or dictionary, and what is done to an object.
    func content(_ place: Int, of id: NodeID) -> NodeID? {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .list, .dictionary: return element(place, of: node.index)
        case .object:
            var place = place
            let record = contents.objects[node.index]
            return element(&place, ofPart: record.items)
                ?? element(&place, ofPart: record.entries)
                ?? element(&place, ofPart: record.states)
        default: return nil
        }
    }

    /// The list that a set is made of, when it is written as protocols before 4 write sets: a call.
    func listOfSet(_ id: NodeID) -> NodeID? {
        guard let call = call(id), let name = global(call.callable)?.python3,
            name == .set || name == .frozenSet,
            let arguments = items(call.arguments), let list = arguments.first, arguments.count == 1,
            kind(of: list) == .list
        else { return nil }
        return list
    }

    /// An element of a sequence of an object, or nil with the place that it is behind its end.
    private func element(_ place: inout Int, ofPart part: Int32) -> NodeID? {
        guard part >= 0 else { return nil }
        if let child = element(place, of: Int(part)) { return child }
        place -= contents.sequences[Int(part)].count
        return nil
    }

    @inline(__always)
    private func element(_ place: Int, of sequence: Int) -> NodeID? {
        place < contents.sequences[sequence].count ? contents.sequences[sequence][place] : nil
    }
}
