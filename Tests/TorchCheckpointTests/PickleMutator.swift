import Pickle
import TestSupport

/// Changes a pickle instruction by instruction, so that what comes out is mostly a pickle still and
/// reaches the code behind the pickle machine.
struct PickleMutator {
    private var instructions: [[UInt8]] = []
    /// The pickle's length, up to and including `STOP`.
    private(set) var byteCount = 0

    /// Splits the pickle that `bytes` begin with; nil when they begin with none.
    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        while let count = Self.instructionCount(bytes, at: byteCount) {
            instructions.append(Array(bytes[byteCount..<byteCount + count]))
            byteCount += count
            if instructions.last == [Opcode.stop.rawValue] { return }
        }
        return nil
    }

    var bytes: [UInt8] { Array(instructions.joined()) }

    /// The number of bytes of the instruction at an offset; nil when there is no whole one.
    private static func instructionCount(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard offset < bytes.count, let opcode = Opcode(rawValue: bytes[offset]) else { return nil }
        let rest = bytes[(offset + 1)...]
        let count: Int? =
            switch opcode.argument {
            case .none: 0
            case .unsigned1: 1
            case .unsigned2: 2
            case .unsigned4, .signed4: 4
            case .unsigned8, .binary64: 8
            case .counted1: counted(rest, 1)
            case .counted4: counted(rest, 4)
            case .counted8: counted(rest, 8)
            case .line: lines(rest, 1)
            case .twoLines: lines(rest, 2)
            }
        guard let count, count <= rest.count else { return nil }
        return 1 + count
    }

    private static func counted(_ bytes: ArraySlice<UInt8>, _ width: Int) -> Int? {
        guard bytes.count >= width else { return nil }
        let count = bytes.prefix(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: count).map { $0 &+ width }
    }

    private static func lines(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Int? {
        var end = bytes.startIndex
        for _ in 0..<count {
            guard let feed = bytes[end...].firstIndex(of: 0x0A) else { return nil }
            end = feed + 1
        }
        return end - bytes.startIndex
    }
}

extension PickleMutator {
    /// Makes one change.
    mutating func mutate(using random: inout SeededGenerator) {
        let place = Int.random(in: 0..<instructions.count, using: &random)
        let other = Int.random(in: 0..<instructions.count, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: instructions.remove(at: place)
        case 1: instructions.insert(instructions[other], at: place)
        case 2: instructions.swapAt(place, other)
        case 3: instructions.insert(Self.snippets.randomElement(using: &random) ?? [], at: place)
        case 4: swapArguments(of: place, using: &random)
        case 5: replaceName(using: &random)
        case 6, 7: replaceValue(with: Self.snippets, using: &random)
        default: replaceValue(with: Self.integers, using: &random)
        }
        if instructions.isEmpty { instructions = [[Opcode.stop.rawValue]] }
    }

    /// Swaps an instruction with another one of its opcode: keys, names, slots.
    private mutating func swapArguments(of place: Int, using random: inout SeededGenerator) {
        let same = instructions.indices.filter { instructions[$0][0] == instructions[place][0] }
        if let other = same.randomElement(using: &random) { instructions.swapAt(place, other) }
    }

    private mutating func replaceName(using random: inout SeededGenerator) {
        let names = instructions.indices.filter { instructions[$0][0] == Opcode.global.rawValue }
        guard let place = names.randomElement(using: &random) else { return }
        let name = Self.names.randomElement(using: &random) ?? ""
        instructions[place] = Array("c\(name)\n".utf8)
    }

    /// Replaces an instruction that pushes one value, so that the stack stays as it was.
    private mutating func replaceValue(
        with values: [[UInt8]], using random: inout SeededGenerator
    ) {
        let places = instructions.indices.filter { Self.pushing.contains(instructions[$0][0]) }
        guard let place = places.randomElement(using: &random),
            let value = values.randomElement(using: &random)
        else { return }
        instructions[place] = value
    }

    private static let pushing = Set(
        [
            Opcode.none, .newtrue, .newfalse, .int, .long, .binint, .binint1, .binint2, .long1,
            .float, .binfloat, .string, .binstring, .shortBinstring, .unicode, .binunicode,
            .shortBinunicode, .shortBinbytes, .emptyTuple, .emptyList, .emptyDict, .binget,
        ].map(\.rawValue))

    /// Integers at the limits of every width, as `LONG1`, `BININT` and `BININT1` write them.
    private static let integers: [[UInt8]] = {
        let wide = [Int64.max, .min, 1 << 62, 1 << 40, 1 << 32, -1, -2, 1 << 31].map { value in
            [0x8A, 8] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        let beyond: [[UInt8]] = [
            [0x8A, 9] + [UInt8](repeating: 0xFF, count: 8) + [0], [0x8A, 16] + [UInt8](1...16),
        ]
        let narrow: [[UInt8]] = (0...9).map { [0x4B, $0] } + [[0x4B, 64], [0x4B, 255]]
        return wide + beyond + narrow + [[0x4A, 0xFF, 0xFF, 0xFF, 0x7F], [0x4A, 0, 0, 0, 0x80]]
    }()

    /// Short runs of instructions, most of which push one value.
    private static let snippets: [[UInt8]] = [
        Array("N".utf8), Array(")".utf8), Array("]".utf8), Array("}".utf8), [0x88], [0x89],
        Array("(".utf8), Array("t".utf8), Array("0".utf8), Array("1".utf8), Array("2".utf8),
        Array("R".utf8), Array("b".utf8), Array("Q".utf8), Array("s".utf8), Array("a".utf8),
        [0x81], [0x85], [0x86], [0x87], Array("u".utf8), Array("e".utf8), Array("o".utf8),
        Array("X\u{0}\u{0}\u{0}\u{0}".utf8), Array("X\u{1}\u{0}\u{0}\u{0}0".utf8),
        Array("U\u{3}a\nb".utf8), [0x43, 2, 0xFF, 0], [0x8F], [0x47, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0],
        [0x47, 0xFF, 0xF0, 0, 0, 0, 0, 0, 0], [0x68, 0], [0x68, 1], [0x71, 0], [0x94],
        Array("(K\u{1}K\u{2}t".utf8), Array("]N".utf8) + Array("a".utf8),
        Array("ctorch\nSize\n".utf8),
        Array("ctorch\nSize\n(K\u{2}K\u{3}tR".utf8), Array("ctorch\nfloat64\n".utf8),
    ]

    /// Names that mean something to a reader, as two lines.
    private static let names =
        [
            "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor",
            "_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_sparse_tensor",
            "_rebuild_nested_tensor", "_rebuild_meta_tensor_no_storage",
            "_rebuild_wrapper_subclass", "_rebuild_device_tensor_from_numpy",
            "_rebuild_device_tensor_from_cpu_tensor", "_rebuild_sparse_csr_tensor",
        ].map { "torch._utils\n" + $0 }
        + ["_rebuild_from_type", "_rebuild_from_type_v2"].map { "torch._tensor\n" + $0 }
        + [
            "FloatStorage", "ByteStorage", "QInt8Storage", "ComplexDoubleStorage", "float32",
            "complex32", "quint2x4", "Size", "device", "per_channel_affine", "strided",
            "sparse_coo",
        ].map { "torch\n" + $0 }
        + [
            "torch.storage\nUntypedStorage", "torch.serialization\n_get_layout",
            "torch.nested._internal.nested_tensor\n_rebuild_njt", "collections\nOrderedDict",
            "collections\ndefaultdict", "__builtin__\nset", "__builtin__\nbytearray",
            "_codecs\nencode", "numpy.core.multiarray\n_reconstruct", "numpy\ndtype",
            "numpy._core.multiarray\nscalar", "copy_reg\n_reconstructor", "os\nsystem",
            "datetime\ndatetime", "torch.jit._pickle\nrestore_type_tag",
        ]
}
