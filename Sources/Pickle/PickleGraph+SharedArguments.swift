package import ByteIO

extension PickleGraph {
    /// Checks that going through the arguments and states of calls, once for each, takes no more than
    /// in proportion to the objects that are there.
    ///
    /// Any number of calls can have the same arguments, in which there can be any number of elements:
    /// a file of some kilobytes would take minutes.
    ///
    /// - Parameters:
    ///   - isRead: By the names of the graph, whether the arguments of its calls are gone through.
    ///   - isTensor: By the names of the graph, whether its calls make tensors, of which each may be
    ///     a line of a thousand bytes in a list.
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    /// - Complexity: O(*n*) in the number of calls.
    package func checkArguments(
        ofNames isRead: [Bool], tensors isTensor: [Bool]
    ) throws(CheckpointError) {
        guard isRead.contains(true) else { return }
        var (elementCount, repetitions, tensors) = (0, 0, 0)
        var isUsed = [Bool](repeating: false, count: count)
        for record in contents.objects {
            let callable = contents.nodes[record.callable.index]
            guard callable.kind == .global, isRead[callable.index] else { continue }
            elementCount = elementCount.addingCapped(
                elements(of: record, depth: Self.argumentDepth))
            let place = record.arguments.index
            if isUsed[place], record.arguments != .emptyTuple { repetitions += 1 }
            isUsed[place] = true
            if isTensor[callable.index] { tensors += 1 }
        }
        guard
            elementCount > Self.freeSharedElements.addingCapped(16 * count)
                || repetitions > Self.maximumRepetitions
                || tensors > Self.freeTensors + byteCount / Self.smallestTensor
        else { return }
        throw CheckpointError(
            .limitExceeded,
            "calls share so many arguments that going through them would not end",
            advice: "The file may have been made to take forever")
    }

    /// How many tensors a pickle may have beside one for each so many bytes: calls that share nothing
    /// but what Python's pickler has them share take more.
    private static let (freeTensors, smallestTensor) = (1 << 14, 32)
    /// How many calls may have the arguments of another one: Python's pickler makes a tuple for each.
    private static let maximumRepetitions = 1 << 14
    /// How deep elements of arguments are looked for: an array of NumPy has its dtype, and that its
    /// fields, in states.
    private static let argumentDepth = 3
    /// Containers of no more elements don't count.
    private static let fewElements = 64
    /// How many elements are gone through of a small file.
    private static let freeSharedElements = 1 << 22

    private func elements(of record: ObjectRecord, depth: Int) -> Int {
        var count = elements(record.arguments, depth: depth)
        guard record.states >= 0 else { return count }
        let states = contents.sequences[Int(record.states)]
        if states.count > Self.fewElements { return count.addingCapped(states.count) }
        for state in states { count = count.addingCapped(elements(state, depth: depth)) }
        return count
    }

    /// The elements of large containers in an object; it calls itself no more often than `depth` says.
    private func elements(_ id: NodeID, depth: Int) -> Int {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .tuple:
            guard node.count <= Self.fewElements else { return Int(node.count) }
            guard depth > 0 else { return 0 }
            var count = 0
            for place in 0..<Int(node.count) {
                let item = contents.tupleItems[node.index + place]
                count = count.addingCapped(elements(item, depth: depth - 1))
            }
            return count
        case .list, .set, .dictionary:
            let count = contents.sequences[node.index].count
            return count > Self.fewElements ? count : 0
        case .frozenSet: return node.count > Self.fewElements ? Int(node.count) : 0
        case .object where depth > 0:
            return elements(of: contents.objects[node.index], depth: depth - 1)
        default: return 0
        }
    }
}
