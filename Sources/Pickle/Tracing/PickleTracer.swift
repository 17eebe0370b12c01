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
    var memo: [Int: TracedValue] = [:]
    /// Where the texts are that a name can be made of.
    var texts: [TracedText] = []
    var names: [GlobalName: Int] = [:]
    /// The first two objects of tuples.
    var tuples: [(first: TracedValue, second: TracedValue)] = []
    /// Where `getattr` is among the mentions, and how often it was pushed and looked a name up.
    var attributeLookups: [Int: (pushed: Int, resolved: Int)] = [:]
    /// Texts that were made into strings, by their number.
    var strings: [Int: String] = [:]
    /// Mentions by the numbers of the texts that are their module and name.
    var mentionsOfTexts: [[Int]: Int] = [:]

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, limits: PickleLimits) {
        self.bytes = bytes
        self.limits = limits
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

    private mutating func execute(_ instruction: Instruction) {
        switch instruction.opcode {
        case .proto: trace.statesProtocol = true
        case .frame, .nextBuffer, .readonlyBuffer: break
        case .stop: _ = pop(instruction)
        case .mark: pushMark(instruction)
        case .pop: popOrUnmark(instruction)
        case .popMark: _ = takeMarked(instruction)
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
