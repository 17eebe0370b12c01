import ByteIO

/// Follows a pickle instruction by instruction and notes what Python would import and call.
///
/// It has the stack, the marks and the memo of ``GraphBuilder``, but no graph, and takes a mistake for
/// what it would be to Python: the end, behind which nothing is called any more. It goes on all the
/// same, because an own idea of where Python gives up is nothing to rely on.
struct PickleTracer: ~Copyable, ~Escapable {
    let bytes: RawSpan
    let limits: PickleLimits
    var trace = PickleTrace()

    var stack: [TracedValue] = []
    // Narrow, because a mark is one byte of the file.
    var marks: [UInt32] = []
    var memo = Memo<TracedValue>()
    /// Where the texts are that a name can be made of.
    var texts: [TracedText] = []
    var names: [GlobalName: Int] = [:]
    /// The first two objects of tuples.
    var tuples: [(first: TracedValue, second: TracedValue)] = []
    /// Where `getattr` is among the mentions, and how often it was pushed and looked a name up.
    var attributeLookups: [Int: (pushed: Int, resolved: Int)] = [:]
    /// Texts that were made into strings, by their number, as far as there is room.
    var strings: [Int: String] = [:]
    /// Mentions by the numbers of the texts that are their module and name, as far as there is room.
    var mentionsOfTexts: [TextPair: Int] = [:]
    /// How many more bytes of names are looked at: one text can be a part of any number of names.
    var nameBudget: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, limits: PickleLimits, nameBytes: Int) {
        self.bytes = bytes
        self.limits = limits
        // A name of its own costs its bytes as a text, and again as a name.
        nameBudget = (2 * bytes.byteCount).addingCapped(nameBytes)
    }

    consuming func takeTrace() -> PickleTrace { trace }

    /// Follows the pickle up to STOP, or as far as it can be read.
    mutating func run() {
        var reader = InstructionReader(bytes, refusesCrossing: false)
        var count = InstructionCount(maximum: limits.instructions)
        do throws(CheckpointError) {
            var isOver = false
            while !isOver {
                let end = try count.end(from: reader.position, in: bytes)
                while !isOver, reader.position < end {
                    let instruction = try reader.next()
                    execute(instruction)
                    try checkLimits(at: instruction.offset)
                    isOver = instruction.opcode == .stop
                }
            }
        } catch {
            trace.error = error
        }
        trace.end = reader.position
        for (index, count) in attributeLookups {
            trace.mentions[index].isResolved = count.pushed == count.resolved
        }
        if let crossing = reader.firstCrossing { note(.frameCrossing, at: crossing) }
        // CPython drops the part of a line that is before the end of a frame.
        if let crossing = reader.firstCrossedLine { note(.computedName, at: crossing) }
    }

    /// Checks how much there is.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    @inline(__always)
    private func checkLimits(at offset: Int) throws(CheckpointError) {
        guard stack.count <= limits.stackObjects, marks.count <= limits.marks,
            memo.count <= limits.memoSlots, keptCount <= limits.nodes, nameBudget >= 0
        else { throw excess.atOffset(offset) }
    }

    /// The size of what is kept beside the stack and the memo, in objects of these.
    private var keptCount: Int {
        texts.count + tuples.count + Self.mentionSize * trace.mentions.count
    }

    /// How many times as large a name with all that is known of it is as a text.
    private static let mentionSize = 16

    private var excess: CheckpointError {
        if nameBudget < 0 {
            return CheckpointError(
                .limitExceeded, "there are too many names for the size of the pickle",
                advice: "The file may have been made to take forever")
        }
        if stack.count > limits.stackObjects {
            return PickleLimits.exceeded(
                "the stack has \(stack.count) objects", "stackObjects", limits.stackObjects)
        }
        if marks.count > limits.marks {
            return PickleLimits.exceeded("\(marks.count) marks are open", "marks", limits.marks)
        }
        if memo.count > limits.memoSlots {
            return PickleLimits.exceeded(
                "the memo has \(memo.count) slots", "memoSlots", limits.memoSlots)
        }
        return PickleLimits.exceeded(
            "there are texts, tuples and names for \(keptCount) objects", "nodes", limits.nodes)
    }

    private mutating func execute(_ instruction: Instruction) {
        switch instruction.opcode {
        case .proto: trace.statesProtocol = true
        case .frame, .nextBuffer, .readonlyBuffer: break
        case .stop: _ = pop(instruction)
        case .mark: marks.append(UInt32(truncatingIfNeeded: stack.count))
        case .pop: popOrUnmark(instruction)
        case .popMark: takeMarked(instruction)
        case .dup: push(top(instruction))
        case .binunicode, .shortBinunicode, .binunicode8, .unicode, .string, .binstring,
            .shortBinstring, .binbytes, .shortBinbytes, .binbytes8, .bytearray8:
            pushText(instruction)
        case .global: pushGlobal(instruction)
        case .stackGlobal: pushStackGlobal(instruction)
        case .inst: makeInstance(instruction)
        case .obj: makeObject(instruction)
        case .reduce, .newobj: call(instruction, argumentCount: 1)
        case .newobjEx: call(instruction, argumentCount: 2)
        case .build: build(instruction)
        case .ext1, .ext2, .ext4: pushExtension(instruction)
        case .binget, .longBinget, .get: fetch(instruction)
        case .binput, .longBinput, .put, .memoize: store(instruction)
        case .append: drop(1, instruction)
        case .setitem: drop(2, instruction)
        case .appends, .setitems, .additems: fill(instruction)
        case .binpersid: replacePersistent(instruction)
        case .tuple1: replace(1, instruction)
        case .tuple2: makeTuple(2, instruction)
        case .tuple3: makeTuple(3, instruction)
        case .tuple: makeMarkedTuple(instruction)
        case .list, .dict, .frozenset: collect(instruction)
        default: stack.append(.other)
        }
    }

    mutating func note(_ oddity: PickleTrace.Oddity, at offset: Int) {
        if trace.oddities[oddity] == nil { trace.oddities[oddity] = offset }
    }
}
