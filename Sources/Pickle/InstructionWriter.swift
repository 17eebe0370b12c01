import ByteIO

/// Writes instructions of protocol 2 in the forms that CPython's pickler chooses.
///
/// The mirror of ``InstructionReader``. Which form is chosen when: `Specs/pickle.md`, "Writing".
struct InstructionWriter: ~Copyable {
    private(set) var bytes: ByteBuffer
    /// The opcodes written that torch's `weights_only` unpickler does not take, each once.
    private(set) var beyondWeightsOnly: [Opcode] = []

    /// A writer of about `capacity` bytes.
    init(capacity: Int) { bytes = ByteBuffer(capacity: capacity) }

    mutating func write(_ opcode: Opcode) {
        bytes.append(opcode.rawValue)
    }

    /// Writes an opcode that torch's `weights_only` unpickler does not take.
    mutating func writeUncommon(_ opcode: Opcode) {
        if !beyondWeightsOnly.contains(opcode) { beyondWeightsOnly.append(opcode) }
        write(opcode)
    }

    mutating func writeProtocol() {
        write(.proto)
        bytes.append(UInt8(2))
    }

    /// The shortest of `BININT1`, `BININT2`, `BININT` and `LONG1`.
    mutating func writeInteger(_ value: Int) {
        if let narrow = UInt8(exactly: value) {
            write(.binint1)
            bytes.append(narrow)
        } else if let narrow = UInt16(exactly: value) {
            write(.binint2)
            bytes.append(littleEndian: narrow)
        } else if let narrow = Int32(exactly: value) {
            write(.binint)
            bytes.append(littleEndian: UInt32(bitPattern: narrow))
        } else {
            // The sign needs a bit of its own.
            let bits =
                value.bitWidth + 1 - max((~value).leadingZeroBitCount, value.leadingZeroBitCount)
            let count = (bits + 7) / 8
            write(.long1)
            bytes.append(UInt8(count))
            for index in 0..<count {
                bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
            }
        }
    }

    /// An integer of more than 64 bits, given in little-endian two's complement of any length.
    mutating func writeLong(_ contents: RawSpan) {
        let contents = contents.extracting(0..<contents.shortestIntegerCount)
        writeCounted(contents, short: .long1, long: .long4)
    }

    mutating func writeFloat(_ value: Double) {
        write(.binfloat)
        bytes.append(littleEndian: value.bitPattern.byteSwapped)
    }

    /// A text of less than 4 GiB, given as UTF-8.
    mutating func writeText(_ contents: RawSpan) {
        write(.binunicode)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: contents.byteCount))
        bytes.append(copying: contents)
    }

    /// A short text.
    mutating func writeText(_ text: String) {
        write(.binunicode)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: text.utf8.count))
        bytes.append(text)
    }

    /// A Python 2 string, as Python 2's pickler writes it.
    mutating func writeByteString(_ contents: RawSpan) {
        writeCounted(contents, short: .shortBinstring, long: .binstring)
    }

    /// Bytes behind their number, for which `short` has one byte and `long`, which torch's
    /// `weights_only` does not take, four.
    private mutating func writeCounted(_ contents: RawSpan, short: Opcode, long: Opcode) {
        if let count = UInt8(exactly: contents.byteCount) {
            write(short)
            bytes.append(count)
        } else {
            writeUncommon(long)
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: contents.byteCount))
        }
        bytes.append(copying: contents)
    }

    mutating func writeGlobal(_ name: GlobalName) {
        write(.global)
        bytes.append(name.module)
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(name.name)
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func writeExtension(_ code: Int) {
        if let narrow = UInt8(exactly: code) {
            writeUncommon(.ext1)
            bytes.append(narrow)
        } else if let narrow = UInt16(exactly: code) {
            writeUncommon(.ext2)
            bytes.append(littleEndian: narrow)
        } else {
            writeUncommon(.ext4)
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: code))
        }
    }

    /// The instruction that makes a tuple of `count` objects; a longer one goes back to a mark.
    mutating func writeTuple(_ count: Int) {
        switch count {
        case 0: write(.emptyTuple)
        case 1: write(.tuple1)
        case 2: write(.tuple2)
        case 3: write(.tuple3)
        default: write(.tuple)
        }
    }

    mutating func writePut(_ slot: Int32) {
        writeSlot(slot, short: .binput, long: .longBinput)
    }

    mutating func writeGet(_ slot: Int32) {
        writeSlot(slot, short: .binget, long: .longBinget)
    }

    /// Gives the bytes away.
    mutating func takeRegion() -> ByteRegion { bytes.takeRegion() }

    private mutating func writeSlot(_ slot: Int32, short: Opcode, long: Opcode) {
        if let narrow = UInt8(exactly: slot) {
            write(short)
            bytes.append(narrow)
        } else {
            write(long)
            bytes.append(littleEndian: UInt32(bitPattern: slot))
        }
    }
}

extension RawSpan {
    /// How many of these bytes of a two's complement integer are not a repetition of its sign.
    fileprivate var shortestIntegerCount: Int {
        var count = byteCount
        while count > 1 {
            let fill: UInt8 = byte(at: count - 2) & 0x80 == 0 ? 0 : 0xFF
            guard byte(at: count - 1) == fill else { break }
            count -= 1
        }
        return count
    }
}
