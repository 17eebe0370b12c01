package import ByteIO

/// Writes a graph as CPython's C pickler writes objects at protocol 2.
///
/// The mirror of ``GraphBuilder``. The order in which things are written and memoised is the
/// pickler's own, so a graph that was read from torch's `data.pkl` gives the very bytes of it: see
/// `Specs/pickle.md`, "Writing".
///
/// It keeps a list of what is left to write instead of calling itself, so that graphs of any depth
/// are written.
struct GraphEmitter: ~Copyable {
    /// One thing that is left to write.
    enum Task {
        case save(NodeID)
        case write(Opcode)
        case finishTuple(NodeID)
        case finishSet(NodeID)
        /// The arguments of an object, and what follows them.
        case arguments(of: NodeID)
        case finishArguments(of: NodeID)
        /// The arguments of a set: a list with the same elements, in a tuple.
        case copyOfList(NodeID)
        case finishOwnTuple
        case finishObject(NodeID)
        /// The steps of an object with keyword arguments.
        case finishConstructor(of: NodeID)
        case finishPartialArguments(count: UInt32)
        case finishPartial(NodeID)
        /// The elements of an exact list or a set, from a place on.
        case listItems(NodeID, from: UInt32)
        /// The entries of an exact dictionary, from a place on.
        case dictionaryEntries(NodeID, from: UInt32)
        /// What was appended to an object, or set on it, from a place on.
        case objectItems(NodeID, from: UInt32)
        case objectEntries(NodeID, from: UInt32)
    }

    let graph: PickleGraph
    var writer: InstructionWriter
    /// What is left to write, the next last.
    var tasks: [Task] = []
    var memo: EmitterMemo
    /// The names of classes and functions as they are written.
    var names: [GlobalName] = []
    var knownNames: Set<GlobalName> = []
    /// What lies outside the pickle, each once, in the order of the first mentions.
    private var persistentLoads: [NodeID] = []
    /// How much more may be written again: `spend(_:)`.
    var allowance: Int
    /// By the classes that are written by way of an id where they are first mentioned: the ids.
    var classIdentifiers: [NodeID: NodeID] = [:]
    lazy var repeatedIntegers = graph.repeatedBigIntegers()

    /// The most bytes that a pickle may have; it keeps the slots below 2³¹.
    private let byteLimit: Int

    init(
        _ graph: PickleGraph, byteLimit: Int = Int(UInt32.max), repetitions: Int = repetitions
    ) {
        self.graph = graph
        self.byteLimit = byteLimit
        allowance = repetitions
        writer = InstructionWriter(capacity: min(graph.byteCount + 1024, byteLimit))
        memo = EmitterMemo(count: graph.count)
    }

    mutating func emit() throws(CheckpointError) -> EmittedPickle {
        writer.writeProtocol()
        tasks.append(.save(graph.root))
        while let task = tasks.popLast() {
            try carryOut(task)
            guard isShortEnough else { throw tooLong() }
        }
        writer.write(.stop)
        return EmittedPickle(
            globalNames: names, persistentLoads: persistentLoads,
            beyondWeightsOnly: writer.beyondWeightsOnly, region: writer.takeRegion())
    }

    var isShortEnough: Bool { writer.bytes.count < byteLimit }

    private mutating func carryOut(_ task: Task) throws(CheckpointError) {
        switch task {
        case .save(let id): try save(id)
        case .write(let opcode): writer.write(opcode)
        case .finishTuple(let id): finishTuple(id)
        case .finishSet(let id): finishSet(id)
        case .arguments(let id): try saveArguments(of: id)
        case .finishArguments(let id): finishArguments(of: id)
        case .copyOfList(let id): try saveCopy(ofList: id)
        case .finishOwnTuple: finishOwnTuple()
        case .finishObject(let id): finishObject(id)
        case .finishConstructor(let id): try finishConstructor(of: id)
        case .finishPartialArguments(let count): finishPartialArguments(count: Int(count))
        case .finishPartial(let id): finishPartial(id)
        case .listItems(let id, let place): try saveListItems(id, from: Int(place))
        case .dictionaryEntries(let id, let place):
            try saveDictionaryEntries(id, from: Int(place))
        case .objectItems(let id, let place): try saveObjectItems(id, from: Int(place))
        case .objectEntries(let id, let place): try saveObjectEntries(id, from: Int(place))
        }
    }

    mutating func save(_ id: NodeID) throws(CheckpointError) {
        let node = graph.contents.nodes[id.index]
        switch node.kind {
        case .none: return writer.write(.none)
        case .bool: return writer.write(node.payload == 1 ? .newtrue : .newfalse)
        case .integer: return writer.writeInteger(Int(Int64(bitPattern: node.payload)))
        case .float: return writer.writeFloat(Double(bitPattern: node.payload))
        case .extension: return writer.writeExtension(node.index)
        case .persistent: return try savePersistent(id, NodeID(index: node.index))
        case .tuple where node.count == 0: return writer.write(.emptyTuple)
        case _ where memo.has(id): return writer.writeGet(memo[id])
        case .bigInteger: saveBigInteger(id)
        case .text: saveText(id)
        case .byteString:
            graph.withBytes(of: id) { writer.writeByteString($0) }
            memoise(id)
        case .bytes: try saveBytes(id)
        case .byteArray: try saveByteArray(id)
        case .global: try saveGlobal(id)
        case .tuple: try saveTuple(id)
        case .list:
            writer.write(.emptyList)
            memoise(id)
            tasks.append(.listItems(id, from: 0))
        case .dictionary:
            writer.write(.emptyDict)
            memoise(id)
            tasks.append(.dictionaryEntries(id, from: 0))
        case .set: try saveSet(id, .set)
        case .frozenSet: try saveSet(id, .frozenSet)
        case .object: try saveObject(id)
        }
    }

    // CPython asks whether an object has a persistent id before everything else, and does not ask
    // it of the id.
    private mutating func savePersistent(
        _ id: NodeID, _ identifier: NodeID
    ) throws(CheckpointError) {
        notePersistent(id)
        guard graph.kind(of: identifier) != .persistent else {
            throw CheckpointError(
                .unexpectedObject, "a persistent id that is a persistent object can't be written",
                advice: Self.adviceOnOddities)
        }
        tasks.append(.write(.binpersid))
        tasks.append(.save(identifier))
    }

    /// Notes that something outside the pickle is mentioned; it gets no slot for that.
    mutating func notePersistent(_ id: NodeID) {
        if memo.begin(id) { persistentLoads.append(id) }
    }

    // CPython never memoises integers. It never reads one twice from a file that it wrote either,
    // and a file that says so could be small and stand for any number of bytes.
    private mutating func saveBigInteger(_ id: NodeID) {
        graph.withBytes(of: id) { writer.writeLong($0) }
        if repeatedIntegers.contains(id) { memoise(id) }
    }

    private func tooLong() -> CheckpointError {
        CheckpointError(
            .limitExceeded, "the pickle would have more than \(byteLimit) bytes",
            advice: "Save less in one file")
    }

    /// What to do about an object that no pickler writes.
    static let adviceOnOddities = "Remove or replace what refers to it, and save it again"
}

extension PickleGraph {
    /// The graph as a pickle of protocol 2: the bytes that CPython's pickler would write.
    ///
    /// A graph that was read from a pickle of CPython at protocol 2 gives that pickle. What protocol
    /// 2 has no instruction for, such as `bytes`, becomes a call, as in Python.
    ///
    /// - Throws: ``CheckpointError/Code/unexpectedObject`` for what protocol 2 can't say, and
    ///   ``CheckpointError/Code/limitExceeded`` for more than it can hold.
    /// - Complexity: O(*n*) in the number of objects and the length of their texts.
    public func pickled() throws -> [UInt8] { try emitted().bytes }

    /// The graph as a pickle of protocol 2, with what its readers have to know.
    ///
    /// - Throws: ``CheckpointError/Code/unexpectedObject`` for what protocol 2 can't say, and
    ///   ``CheckpointError/Code/limitExceeded`` for more than it can hold.
    /// - Complexity: O(*n*) in the number of objects and the length of their texts.
    ///
    /// - Parameter classIdentifiers: By the classes that are to be written as persistent objects where
    ///   they are first mentioned: the ids, tuples of leaves.
    package func emitted(
        classIdentifiers: [NodeID: NodeID] = [:]
    ) throws(CheckpointError) -> EmittedPickle {
        var emitter = GraphEmitter(self)
        emitter.classIdentifiers = classIdentifiers
        return try emitter.emit()
    }
}
