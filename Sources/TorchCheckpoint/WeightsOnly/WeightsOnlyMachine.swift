import ByteIO
import Pickle

/// torch's unpickler with restrictions, without Python: carries out the instructions of a pickle
/// that was read already, on values that are known as far as they decide what torch takes.
///
/// Nothing is called and no element is read; it costs what the instructions are, whatever they
/// claim. The rules: `Specs/weights-only.md`. The Python counterpart is
/// `torch._weights_only_unpickler.Unpickler`.
struct WeightsOnlyMachine: ~Copyable {
    let pickle: ByteRegion
    let encoding: PickleEncoding
    let policy: GlobalPolicy
    /// The storages that persistent ids stand for, in the order in which they are loaded; none in a
    /// pickle that may not have any.
    var storageSource: RestoredStorages?

    var stack: [PythonValue] = []
    /// The heights of the stack at the open marks.
    var marks: [Int] = []
    private var memo = Memo<PythonValue>()

    /// The elements of all tuples.
    var items: [PythonValue] = []
    /// The elements of each list, and the keys and values of each dictionary.
    var sequences: [[PythonValue]] = []
    /// The sizes and strides of all tensors.
    var dimensions: [Int] = []
    var tensors: [RebuiltTensor] = []
    var storages: [RestoredStorage] = []
    var loadedCount = 0

    var names: [(path: String, meaning: SafeGlobal)] = []
    var namePlaces: [GlobalName: UInt32] = [:]
    /// How many calls of `_rebuild_from_type_v2` are around the one that is made.
    var wrapping = 0
    /// How many elements of containers may still be looked at.
    var budget: Int

    init(_ pickle: ByteRegion, _ options: LoadOptions, storages: RestoredStorages?) {
        self.pickle = pickle
        encoding = options.encoding
        policy = options.globals
        storageSource = storages
        budget = 1 << 16 + 4 * pickle.count
    }

    /// Runs the pickle.
    ///
    /// - Returns: The number of bytes up to and including STOP.
    /// - Throws: ``CheckpointError/Code/refusedByWeightsOnly`` with the offset of the instruction.
    mutating func run() throws(CheckpointError) -> Int {
        let pickle = pickle
        var reader = InstructionReader(pickle.bytes)
        while reader.position < pickle.count {
            let instruction = try reader.next()
            if instruction.opcode == .stop { return reader.position }
            do throws(CheckpointError) {
                try execute(instruction)
            } catch {
                throw error.atOffset(instruction.offset)
            }
        }
        throw CheckpointError(
            .truncated, "the pickle ends without STOP", offset: reader.position)
    }

    @inline(__always)
    private mutating func execute(_ instruction: Instruction) throws(CheckpointError) {
        switch instruction.opcode {
        case .proto, .stop: break
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newtrue: stack.append(.bool(true))
        case .newfalse: stack.append(.bool(false))
        case .binint, .binint1, .binint2:
            stack.append(.integer(Int(Int64(bitPattern: instruction.number))))
        case .long1: pushLong(instruction)
        case .binfloat: stack.append(.float(Double(bitPattern: instruction.number)))
        case .binunicode: stack.append(.text(PythonValue.ByteRange(instruction.text)))
        case .shortBinstring: try pushByteString(instruction)
        case .emptyTuple: stack.append(.tuple(.empty))
        case .emptyList: stack.append(.list(addSequence()))
        case .emptyDict: stack.append(.dictionary(addSequence(), .dict))
        case .emptySet: stack.append(.set(isEmpty: true))
        case .tuple1: try pushTuple(from: stack.count - 1)
        case .tuple2: try pushTuple(from: stack.count - 2)
        case .tuple3: try pushTuple(from: stack.count - 3)
        case .tuple: try pushTuple(from: popMark())
        case .append: try append(from: stack.count - 1)
        case .appends: try append(from: popMark())
        case .setitem: try setItems(from: stack.count - 2)
        case .setitems: try setItems(from: popMark())
        case .global: try pushGlobal(instruction)
        case .reduce: try call()
        case .newobj: try make()
        case .build: try build()
        case .binpersid: try pushStorage()
        case .binget, .longBinget: try pushMemo(instruction.number)
        case .binput, .longBinput: try memo.store(top(), in: instruction.number)
        default:
            throw .refusedByTorch("it has no instruction \(instruction.opcode.pythonName) there")
        }
    }

    private mutating func pushMemo(_ slot: UInt64) throws(CheckpointError) {
        guard let value = memo[slot] else {
            throw .refusedByTorch("memo slot \(slot) is asked for before it is filled")
        }
        stack.append(value)
    }
}
