package import ByteIO

/// What going through the arguments and states of calls takes, once for each call.
///
/// Any number of calls can have the same arguments, in which there can be any number of elements: a
/// file of some kilobytes would take minutes.
struct SharedArguments {
    private let nodes: [PackedNode]
    private let tupleItems: [NodeID]
    private let sequences: [[NodeID]]
    private let objects: [ObjectRecord]
    private var isUsed: [Bool]
    private var elementCount = 0
    private var repetitions = 0
    private var tensors = 0

    /// How deep elements of arguments are looked for: an array of NumPy has its dtype, and that its
    /// fields, in states.
    private static let depth = 3
    /// Containers of no more elements don't count.
    private static let fewElements = 64
    /// How many elements are gone through of a small file.
    private static let maximumFreeElements = 1 << 22
    /// How many calls may have the arguments of another one: Python's pickler makes a tuple for each.
    private static let maximumRepetitions = 1 << 14
    /// How many tensors a small pickle may have.
    private static let maximumFreeTensors = 1 << 14
    /// How many bytes of a larger one there are for each tensor, at least: those without data take 12.
    private static let smallestTensor = 8

    init(_ contents: borrowing GraphContents) {
        (nodes, tupleItems) = (contents.nodes, contents.tupleItems)
        (sequences, objects) = (contents.sequences, contents.objects)
        isUsed = Array(repeating: false, count: contents.nodes.count)
    }

    mutating func count(_ record: ObjectRecord, tensors count: Int) {
        elementCount = elementCount.addingCapped(elements(of: record, depth: Self.depth))
        let place = record.arguments.index
        if isUsed[place], record.arguments != .emptyTuple { repetitions += 1 }
        isUsed[place] = true
        tensors += count
    }

    /// Whether it is more than in proportion to a pickle of so many bytes.
    func isTooMuch(forPickleOf byteCount: Int) -> Bool {
        elementCount > Self.maximumFreeElements + 16 * nodes.count + 4 * byteCount
            || repetitions > Self.maximumRepetitions
            || tensors > Self.maximumFreeTensors + byteCount / Self.smallestTensor
    }

    private func elements(of record: ObjectRecord, depth: Int) -> Int {
        let count = elements(record.arguments, depth: depth)
        guard record.states >= 0 else { return count }
        let states = sequences[Int(record.states)]
        guard states.count <= Self.fewElements else { return count.addingCapped(states.count) }
        var sum = count
        for state in states { sum = sum.addingCapped(elements(state, depth: depth)) }
        return sum
    }

    /// The elements of large containers in an object; it calls itself no more often than `depth` says.
    private func elements(_ id: NodeID, depth: Int) -> Int {
        let node = nodes[id.index]
        let size: Int
        switch node.kind {
        case .tuple, .frozenSet: size = Int(node.count)
        case .list, .set, .dictionary: size = sequences[node.index].count
        case .object where depth > 0: return elements(of: objects[node.index], depth: depth - 1)
        default: return 0
        }
        if size > Self.fewElements { return size }
        guard node.kind == .tuple, depth > 0 else { return 0 }
        var count = 0
        for place in node.index..<(node.index + size) {
            count = count.addingCapped(elements(tupleItems[place], depth: depth - 1))
        }
        return count
    }
}

extension PickleGraph {
    /// Checks that going through the arguments and states of calls, once for each, takes no more than
    /// in proportion to the pickle.
    ///
    /// - Parameters:
    ///   - isRead: By the names of the graph, whether the arguments of its calls are gone through.
    ///   - tensors: By the names of the graph, how many tensors its calls make. Each may be a line of
    ///     hundreds of bytes in a list.
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    /// - Complexity: O(*n*) in the number of calls.
    package func checkArguments(
        ofNames isRead: [Bool], tensors: [Int]
    ) throws(CheckpointError) {
        guard isRead.contains(true) else { return }
        var arguments = SharedArguments(contents)
        let (objects, nodes) = (contents.objects, contents.nodes)
        for record in objects {
            let callable = nodes[record.callable.index]
            guard callable.kind == .global, isRead[callable.index] else { continue }
            arguments.count(record, tensors: tensors[callable.index])
        }
        guard arguments.isTooMuch(forPickleOf: byteCount) else { return }
        throw CheckpointError(
            .limitExceeded,
            "calls share so many arguments that going through them would not end",
            advice: "The file may have been made to take forever")
    }
}
