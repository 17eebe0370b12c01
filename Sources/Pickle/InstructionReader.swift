import ByteIO

/// Splits a pickle into instructions.
///
/// Reads each instruction whole or throws; what an instruction means is none of its business.
struct InstructionReader: ~Escapable {
    private let bytes: RawSpan
    private let meanings = Opcode.byByte
    /// The offset of the next instruction.
    private(set) var position = 0
    private var frameEnd: Int?

    /// A reader at the start of `bytes`, which are less than 4 GiB.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
        frameEnd = nil
    }

    /// Reads the next instruction; ``position`` must be before the end of the bytes.
    ///
    /// - Throws: ``CheckpointError/Code/unknownOpcode`` or, when the pickle ends inside the
    ///   instruction, ``CheckpointError/Code/truncated``.
    @inline(__always)
    mutating func next() throws(CheckpointError) -> Instruction {
        let instruction = try nextOfAnyFrame()
        if frameEnd != nil || instruction.opcode == .frame { try checkFrame(instruction) }
        return instruction
    }

    /// As ``next()``, without a look at where frames end.
    @inline(__always)
    mutating func nextOfAnyFrame() throws(CheckpointError) -> Instruction {
        let offset = position
        let byte = bytes.byte(at: offset)
        guard let (opcode, argument) = meanings[Int(byte)] else {
            throw Self.unknownOpcode(byte, at: offset)
        }
        position &+= 1
        return try read(argument, of: opcode, at: offset)
    }

    @inline(__always)
    private mutating func read(
        _ argument: Opcode.Argument, of opcode: Opcode, at offset: Int
    ) throws(CheckpointError) -> Instruction {
        switch argument {
        case .none:
            return Instruction(opcode, offset: offset)
        case .unsigned1:
            let value = try bytes.byte(at: take(1))
            return Instruction(opcode, offset: offset, number: UInt64(value))
        case .unsigned2:
            let value = try bytes.littleEndian16(at: take(2))
            return Instruction(opcode, offset: offset, number: UInt64(value))
        case .unsigned4:
            let value = try bytes.littleEndian32(at: take(4))
            return Instruction(opcode, offset: offset, number: UInt64(value))
        case .unsigned8:
            return try Instruction(
                opcode, offset: offset, number: bytes.littleEndian64(at: take(8)))
        case .signed4:
            let value = try Int64(Int32(bitPattern: bytes.littleEndian32(at: take(4))))
            return Instruction(opcode, offset: offset, number: UInt64(bitPattern: value))
        case .binary64:
            let bits = try bytes.littleEndian64(at: take(8)).byteSwapped
            return Instruction(opcode, offset: offset, number: bits)
        case .counted1:
            let count = try UInt64(bytes.byte(at: take(1)))
            return try Instruction(opcode, offset: offset, text: takeText(count))
        case .counted4:
            let count = try UInt64(bytes.littleEndian32(at: take(4)))
            return try Instruction(opcode, offset: offset, text: takeText(count))
        case .counted8:
            let count = try bytes.littleEndian64(at: take(8))
            return try Instruction(opcode, offset: offset, text: takeText(count))
        case .line:
            return try Instruction(opcode, offset: offset, text: takeLine())
        case .twoLines:
            let first = try takeLine()
            return try Instruction(opcode, offset: offset, text: first, secondText: takeLine())
        }
    }

    /// Moves past `count` bytes and returns where they begin.
    @inline(__always)
    private mutating func take(_ count: Int) throws(CheckpointError) -> Int {
        guard bytes.byteCount &- position >= count else { throw truncated(UInt64(count)) }
        defer { position &+= count }
        return position
    }

    @inline(__always)
    private mutating func takeText(_ count: UInt64) throws(CheckpointError) -> Range<Int> {
        guard count <= UInt64(bytes.byteCount &- position) else { throw truncated(count) }
        let start = position
        position &+= Int(truncatingIfNeeded: count)
        return start..<position
    }

    private mutating func takeLine() throws(CheckpointError) -> Range<Int> {
        var reader = ByteReader(bytes)
        _ = try reader.readRange(count: position)
        defer { position = reader.position }
        return try reader.readLine()
    }

    @inline(never)
    private func truncated(_ count: UInt64) -> CheckpointError {
        CheckpointError(
            .truncated, "\(count) bytes are needed, \(bytes.byteCount - position) remain",
            offset: position)
    }

    // CPython's two unpicklers disagree on an instruction that crosses the end of a frame, so no
    // reading of it can be right.
    private mutating func checkFrame(_ instruction: Instruction) throws(CheckpointError) {
        if let end = frameEnd {
            guard position <= end, instruction.opcode != .frame else {
                throw CheckpointError(
                    .malformedPickle, "an instruction crosses the end of its frame at byte \(end)",
                    offset: instruction.offset)
            }
            if position == end { frameEnd = nil }
        } else if instruction.opcode == .frame {
            guard instruction.number <= UInt64(bytes.byteCount - position) else {
                throw CheckpointError(
                    .truncated,
                    "a frame of \(instruction.number) bytes starts, \(bytes.byteCount - position) remain",
                    offset: instruction.offset)
            }
            // An empty frame is over at once.
            if instruction.number > 0 { frameEnd = position + Int(instruction.number) }
        }
    }

    @inline(never)
    private static func unknownOpcode(_ byte: UInt8, at offset: Int) -> CheckpointError {
        CheckpointError(
            .unknownOpcode, "0x\(String(byte, radix: 16)) is not a pickle opcode", offset: offset,
            advice: "The file is damaged or is not a pickle")
    }
}
