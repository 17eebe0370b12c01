/// An instruction code of the pickle machine, protocols 0 to 5.
///
/// The names are those of Python's `pickletools`; the raw value is the byte in the file. What each
/// one does here is listed in `Specs/opcodes.tsv`.
package enum Opcode: UInt8, CaseIterable, Sendable {
    // Protocol 0.
    case mark = 0x28
    case stop = 0x2E
    case pop = 0x30
    case popMark = 0x31
    case dup = 0x32
    case float = 0x46
    case int = 0x49
    case long = 0x4C
    case none = 0x4E
    case persid = 0x50
    case reduce = 0x52
    case string = 0x53
    case unicode = 0x56
    case append = 0x61
    case build = 0x62
    case global = 0x63
    case dict = 0x64
    case get = 0x67
    case inst = 0x69
    case list = 0x6C
    case put = 0x70
    case setitem = 0x73
    case tuple = 0x74

    // Protocol 1.
    case emptyTuple = 0x29
    case binfloat = 0x47
    case binint = 0x4A
    case binint1 = 0x4B
    case binint2 = 0x4D
    case binpersid = 0x51
    case binstring = 0x54
    case shortBinstring = 0x55
    case binunicode = 0x58
    case emptyList = 0x5D
    case appends = 0x65
    case binget = 0x68
    case longBinget = 0x6A
    case obj = 0x6F
    case binput = 0x71
    case longBinput = 0x72
    case setitems = 0x75
    case emptyDict = 0x7D

    // Protocol 2.
    case proto = 0x80
    case newobj = 0x81
    case ext1 = 0x82
    case ext2 = 0x83
    case ext4 = 0x84
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newtrue = 0x88
    case newfalse = 0x89
    case long1 = 0x8A
    case long4 = 0x8B

    // Protocol 3.
    case binbytes = 0x42
    case shortBinbytes = 0x43

    // Protocol 4.
    case shortBinunicode = 0x8C
    case binunicode8 = 0x8D
    case binbytes8 = 0x8E
    case emptySet = 0x8F
    case additems = 0x90
    case frozenset = 0x91
    case newobjEx = 0x92
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95

    // Protocol 5.
    case bytearray8 = 0x96
    case nextBuffer = 0x97
    case readonlyBuffer = 0x98
}

extension Opcode {
    /// What follows the opcode's byte in the file.
    package enum Argument: Sendable {
        /// Nothing.
        case none
        /// An unsigned little-endian integer of 1, 2, 4 or 8 bytes.
        case unsigned1, unsigned2, unsigned4, unsigned8
        /// A signed little-endian integer of 4 bytes.
        case signed4
        /// A big-endian binary64.
        case binary64
        /// Bytes behind their count of 1, 4 or 8 bytes.
        case counted1, counted4, counted8
        /// One or two lines of text, each ended by a line feed.
        case line, twoLines

        /// Whether it is lines of text.
        var isOfLines: Bool { self == .line || self == .twoLines }
    }

    /// What follows the opcode's byte in the file.
    package var argument: Argument {
        switch self {
        case .proto, .binint1, .binget, .binput, .ext1: .unsigned1
        case .binint2, .ext2: .unsigned2
        case .longBinget, .longBinput, .ext4: .unsigned4
        case .frame: .unsigned8
        case .binint: .signed4
        case .binfloat: .binary64
        case .long1, .shortBinstring, .shortBinbytes, .shortBinunicode: .counted1
        case .long4, .binstring, .binbytes, .binunicode: .counted4
        case .binunicode8, .binbytes8, .bytearray8: .counted8
        case .int, .long, .float, .string, .unicode, .persid, .get, .put: .line
        case .global, .inst: .twoLines
        default: .none
        }
    }

    /// The name in Python's `pickletools`, such as `SHORT_BINUNICODE`.
    package var pythonName: String {
        var name = ""
        for character in "\(self)" {
            if character.isUppercase { name.append("_") }
            name += character.uppercased()
        }
        return name
    }
}

extension Opcode {
    /// What a byte of a pickle means, by the byte: `init(rawValue:)` jumps, and no processor foresees
    /// where to.
    static let byByte: [(opcode: Opcode, argument: Argument)?] = (0...255).map { byte in
        Opcode(rawValue: byte).map { ($0, $0.argument) }
    }
}
