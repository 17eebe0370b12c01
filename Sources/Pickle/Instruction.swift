/// One step of the pickle machine: an opcode and its argument, still undecoded.
///
/// In 32 bytes, because every step makes one: a pickle has less than 4 GiB, so places in it are
/// narrow.
package struct Instruction: Sendable {
    /// What to do.
    package let opcode: Opcode
    private let start: UInt32
    /// A numeric argument, sign- or zero-extended; for `BINFLOAT` the bits of the number.
    package let number: UInt64
    private let lines: (start: UInt32, count: UInt32, secondStart: UInt32, secondCount: UInt32)

    /// The byte offset of the opcode in the pickle.
    package var offset: Int { Int(start) }

    /// Where the argument's bytes are: a counted string's contents, or a line without its end.
    package var text: Range<Int> { Int(lines.start)..<(Int(lines.start) + Int(lines.count)) }

    /// Where the second line is, for `GLOBAL` and `INST`.
    package var secondText: Range<Int> {
        Int(lines.secondStart)..<(Int(lines.secondStart) + Int(lines.secondCount))
    }

    @inline(__always)
    init(_ opcode: Opcode, offset: Int, number: UInt64 = 0) {
        self.opcode = opcode
        start = UInt32(truncatingIfNeeded: offset)
        self.number = number
        lines = (0, 0, 0, 0)
    }

    @inline(__always)
    init(_ opcode: Opcode, offset: Int, text: Range<Int>, secondText: Range<Int> = 0..<0) {
        self.opcode = opcode
        start = UInt32(truncatingIfNeeded: offset)
        number = 0
        lines = (
            UInt32(truncatingIfNeeded: text.lowerBound), UInt32(truncatingIfNeeded: text.count),
            UInt32(truncatingIfNeeded: secondText.lowerBound),
            UInt32(truncatingIfNeeded: secondText.count)
        )
    }
}
