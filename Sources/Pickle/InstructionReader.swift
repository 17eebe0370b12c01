import ByteIO

/// Splits a pickle into instructions.
///
/// Reads each instruction whole or throws; what an instruction means is none of its business.
struct InstructionReader: ~Escapable {
    private var reader: ByteReader
    private var frameEnd: Int?

    /// A reader at the start of `bytes`.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        reader = ByteReader(bytes)
        frameEnd = nil
    }

    /// The offset of the next instruction.
    var position: Int { reader.position }

    /// Reads the next instruction.
    ///
    /// - Throws: ``CheckpointError/Code/unknownOpcode`` or, when the pickle ends inside the
    ///   instruction, ``CheckpointError/Code/truncated``.
    mutating func next() throws(CheckpointError) -> Instruction {
        let offset = reader.position
        guard reader.remaining > 0 else { throw Self.noStop(at: offset) }
        let byte = try reader.readByte()
        guard let opcode = Opcode(rawValue: byte) else {
            throw Self.unknownOpcode(byte, at: offset)
        }
        let instruction = try readArgument(of: opcode, at: offset)
        try checkFrame(instruction)
        return instruction
    }

    private mutating func readArgument(
        of opcode: Opcode, at offset: Int
    ) throws(CheckpointError) -> Instruction {
        switch opcode.argument {
        case .none:
            return Instruction(opcode, offset: offset)
        case .unsigned1:
            return try Instruction(opcode, offset: offset, number: UInt64(reader.readByte()))
        case .unsigned2:
            return try Instruction(opcode, offset: offset, number: readNumber(UInt16.self))
        case .unsigned4:
            return try Instruction(opcode, offset: offset, number: readNumber(UInt32.self))
        case .unsigned8:
            return try Instruction(opcode, offset: offset, number: readNumber(UInt64.self))
        case .signed4:
            let value = Int64(try reader.readLittleEndian(Int32.self))
            return Instruction(opcode, offset: offset, number: UInt64(bitPattern: value))
        case .binary64:
            let bits = try reader.readLittleEndian(UInt64.self).byteSwapped
            return Instruction(opcode, offset: offset, number: bits)
        case .counted1:
            let count = try UInt64(reader.readByte())
            return try Instruction(opcode, offset: offset, text: readText(count))
        case .counted4:
            let count = try readNumber(UInt32.self)
            return try Instruction(opcode, offset: offset, text: readText(count))
        case .counted8:
            let count = try readNumber(UInt64.self)
            return try Instruction(opcode, offset: offset, text: readText(count))
        case .line:
            return try Instruction(opcode, offset: offset, text: reader.readLine())
        case .twoLines:
            let first = try reader.readLine()
            return try Instruction(
                opcode, offset: offset, text: first, secondText: reader.readLine())
        }
    }

    private mutating func readNumber<Value: UnsignedInteger & FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(CheckpointError) -> UInt64 {
        UInt64(try reader.readLittleEndian(type))
    }

    private mutating func readText(_ count: UInt64) throws(CheckpointError) -> Range<Int> {
        guard let count = Int(exactly: count) else {
            throw CheckpointError(
                .truncated, "\(count) bytes are needed, \(reader.remaining) remain",
                offset: reader.position)
        }
        return try reader.readRange(count: count)
    }

    // CPython's two unpicklers disagree on an instruction that crosses the end of a frame, so no
    // reading of it can be right.
    private mutating func checkFrame(_ instruction: Instruction) throws(CheckpointError) {
        if let end = frameEnd {
            guard reader.position <= end, instruction.opcode != .frame else {
                throw CheckpointError(
                    .malformedPickle, "an instruction crosses the end of its frame at byte \(end)",
                    offset: instruction.offset)
            }
            if reader.position == end { frameEnd = nil }
        } else if instruction.opcode == .frame {
            guard instruction.number <= UInt64(reader.remaining) else {
                throw CheckpointError(
                    .truncated,
                    "a frame of \(instruction.number) bytes starts, \(reader.remaining) remain",
                    offset: instruction.offset)
            }
            // An empty frame is over at once.
            if instruction.number > 0 { frameEnd = reader.position + Int(instruction.number) }
        }
    }

    @inline(never)
    private static func noStop(at offset: Int) -> CheckpointError {
        CheckpointError(
            .truncated, "the pickle ends without STOP", offset: offset,
            advice: "The file is probably an incomplete copy; fetch it again")
    }

    @inline(never)
    private static func unknownOpcode(_ byte: UInt8, at offset: Int) -> CheckpointError {
        CheckpointError(
            .unknownOpcode, "0x\(String(byte, radix: 16)) is not a pickle opcode", offset: offset,
            advice: "The file is damaged or is not a pickle")
    }
}
