package import ByteIO

/// The pickle machine: carries out instructions on a stack and builds a ``PickleGraph``.
///
/// It is Python's machine with one difference: where Python would import or call, it makes a node
/// that says what would have been called with what.
struct GraphBuilder: ~Copyable, ~Escapable {
    let bytes: RawSpan
    var graph: GraphContents
    let limits: PickleLimits

    var stack: ObjectStack
    /// The heights of the stack at the marks that are open, the innermost last.
    ///
    /// Narrow numbers, because a mark is one byte of the file: a pickle has less than 2³² of them.
    var marks: [UInt32] = []
    /// The lowest height that an instruction may take objects from.
    var fence = 0
    var memo: [NodeID] = []
    /// The memo's size from which on it is to be looked at whether one more slot may be filled.
    var memoEnd: Int
    var sparseMemo: [Int: NodeID] = [:]
    var memoisedCount = 0
    /// The texts that served as names of globals.
    var symbols: [NodeID: String] = [:]

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, graph: consuming GraphContents, limits: PickleLimits) {
        self.bytes = bytes
        self.graph = graph
        self.limits = limits.clamped
        stack = ObjectStack(maximumCount: limits.stackObjects)
        memoEnd = max(limits.memoSlots, 0)
        reserveCapacity()
    }

    // What a state dict of torch takes, up to a size: growing is copying.
    private mutating func reserveCapacity() {
        let count = min(bytes.byteCount, Self.largestReserve)
        graph.nodes.reserveCapacity(graph.nodes.count + count / 10)
        graph.offsets.reserveCapacity(graph.offsets.count + count / 10)
        graph.tupleItems.reserveCapacity(count / 7)
        graph.objects.reserveCapacity(count / 46)
        graph.persistentLoads.reserveCapacity(count / 92)
        memo.reserveCapacity(count / 13)
    }

    private static let largestReserve = 1 << 25

    /// Runs the pickle up to STOP and leaves the graph whole.
    ///
    /// - Throws: ``CheckpointError`` with the byte offset of the instruction that failed, or of the
    ///   argument when it is not all there.
    mutating func run() throws(CheckpointError) {
        // No members: here the position stays in a register.
        var reader = InstructionReader(bytes)
        var count = InstructionCount(maximum: limits.instructions)
        while true {
            let end = try count.end(from: reader.position, in: bytes)
            while reader.position < end {
                let instruction = try reader.next()
                if instruction.opcode == .stop {
                    return try finish(instruction, at: reader.position)
                }
                do {
                    try execute(instruction)
                } catch {
                    throw error.atOffset(instruction.offset)
                }
            }
        }
    }

    private mutating func finish(_ stop: Instruction, at end: Int) throws(CheckpointError) {
        guard let root = stack.pop() else { throw Self.underflow(stop) }
        guard stack.count == 0, marks.isEmpty else {
            throw CheckpointError(
                .malformedPickle,
                "STOP leaves \(stack.count) objects and \(marks.count) marks behind",
                offset: stop.offset, advice: "The file is damaged or was not written by a pickler")
        }
        graph.root = root
        graph.byteCount = end
    }

    /// The graph, which is whole once the pickle has run.
    consuming func takeGraph() -> GraphContents { graph }

    @inline(__always)
    private mutating func execute(_ instruction: Instruction) throws(CheckpointError) {
        switch instruction.opcode {
        case .proto: try setProtocol(instruction)
        case .frame, .stop: break
        case .mark: try pushMark()
        case .pop: try popOrUnmark(instruction)
        case .popMark: try stack.drop(to: popMark(instruction))
        case .dup: try duplicate(instruction)

        case .none: try push(.none)
        case .newtrue: try push(.true)
        case .newfalse: try push(.false)
        case .binint, .binint1, .binint2: try pushInteger(instruction)
        case .int: try pushIntegerText(instruction, allowingBool: true)
        case .long: try pushIntegerText(instruction, allowingBool: false)
        case .long1, .long4: try pushLong(instruction)
        case .binfloat: try pushNode(PackedNode(.float, payload: instruction.number), instruction)
        case .float: try pushFloatText(instruction)
        case .binunicode, .shortBinunicode, .binunicode8: try pushText(instruction)
        case .unicode: try pushEscapedText(instruction)
        case .binstring, .shortBinstring: try pushBytes(.byteString, instruction)
        case .string: try pushQuotedString(instruction)
        case .binbytes, .shortBinbytes, .binbytes8: try pushBytes(.bytes, instruction)
        case .bytearray8: try pushBytes(.byteArray, instruction)

        case .emptyTuple: try push(.emptyTuple)
        case .tuple1: try pushTuple(of: 1, instruction)
        case .tuple2: try pushTuple(of: 2, instruction)
        case .tuple3: try pushTuple(of: 3, instruction)
        case .tuple: try pushMarkedTuple(.tuple, instruction)
        case .frozenset: try pushMarkedTuple(.frozenSet, instruction)
        case .emptyList: try pushContainer(.list, [], instruction)
        case .emptyDict: try pushContainer(.dictionary, [], instruction)
        case .emptySet: try pushContainer(.set, [], instruction)
        case .list: try pushContainer(.list, popToMark(instruction), instruction)
        case .dict: try pushMarkedDictionary(instruction)
        case .append: try appendItem(instruction)
        case .appends: try appendItems(instruction)
        case .setitem: try setItem(instruction)
        case .setitems: try setItems(instruction)
        case .additems: try addItems(instruction)

        case .global: try pushGlobal(instruction)
        case .stackGlobal: try pushStackGlobal(instruction)
        case .ext1, .ext2, .ext4: try pushExtension(instruction)
        case .reduce: try construct(.reduce, instruction)
        case .newobj: try construct(.newObject, instruction)
        case .newobjEx: try constructWithKeywords(instruction)
        case .inst: try constructInstance(instruction)
        case .obj: try constructObject(instruction)
        case .build: try build(instruction)
        case .persid: try pushPersistentText(instruction)
        case .binpersid: try pushPersistent(instruction)
        case .nextBuffer, .readonlyBuffer: throw Self.outOfBand(instruction)

        case .binget, .longBinget: try pushMemo(Int(instruction.number))
        case .get: try pushMemo(memoSlot(instruction))
        case .binput, .longBinput: try storeMemo(Int(instruction.number), instruction)
        case .put: try storeMemo(memoSlot(instruction), instruction)
        case .memoize: try memoize(instruction)
        }
    }

    private mutating func setProtocol(_ instruction: Instruction) throws(CheckpointError) {
        guard instruction.number <= 5 else {
            throw CheckpointError(
                .unsupportedOpcode, "protocol \(instruction.number) is newer than 5, the last known"
            )
        }
        graph.protocolVersion = Int(instruction.number)
    }

    private static func outOfBand(_ instruction: Instruction) -> CheckpointError {
        CheckpointError(
            .unsupportedOpcode,
            "\(instruction.opcode.pythonName) asks for a buffer outside the pickle, "
                + "and a file has none")
    }
}

extension PickleGraph {
    /// Reads a pickle, calling and importing nothing.
    ///
    /// - Parameters:
    ///   - bytes: The pickle, from its first opcode.
    ///   - limits: What the pickle may cost.
    ///   - allowsTrailingBytes: Whether more may follow behind STOP; ``byteCount`` tells where.
    /// - Throws: ``CheckpointError`` with the byte offset of what is wrong.
    /// - Complexity: O(*n*) in the number of bytes.
    package init(
        parsing bytes: ByteRegion, limits: PickleLimits = .default,
        allowsTrailingBytes: Bool = false
    ) throws(CheckpointError) {
        let limit = limits.clamped.bytes
        guard bytes.count <= limit else {
            throw PickleLimits.exceeded("the pickle has \(bytes.count) bytes", "bytes", limit)
        }
        var builder = GraphBuilder(
            bytes.bytes, graph: GraphContents(source: bytes), limits: limits)
        try builder.run()
        guard allowsTrailingBytes || builder.graph.byteCount == bytes.count else {
            throw CheckpointError(
                .malformedPickle,
                "\(bytes.count - builder.graph.byteCount) bytes follow behind STOP",
                offset: builder.graph.byteCount,
                advice: "The file is damaged or hides something behind its pickle")
        }
        self.init(builder.takeGraph())
    }

    /// Reads a pickle that is in memory, calling and importing nothing.
    ///
    /// - Parameters:
    ///   - bytes: The pickle, from its first opcode to STOP.
    ///   - limits: What the pickle may cost.
    /// - Throws: ``CheckpointError`` with the byte offset of what is wrong.
    /// - Complexity: O(*n*) in the number of bytes.
    public init(parsing bytes: some Collection<UInt8>, limits: PickleLimits = .default) throws {
        try self.init(parsing: ByteRegion(copying: bytes), limits: limits)
    }
}
