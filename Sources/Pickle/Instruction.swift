/// One step of the pickle machine: an opcode and its argument, still undecoded.
public struct Instruction: Sendable {
    /// What to do.
    public let opcode: Opcode
    /// The byte offset of the opcode in the pickle.
    public let offset: Int
    /// A numeric argument, sign- or zero-extended; for `BINFLOAT` the bits of the number.
    public let number: UInt64
    /// Where the argument's bytes are: a counted string's contents, or a line without its end.
    public let text: Range<Int>
    /// Where the second line is, for `GLOBAL` and `INST`.
    public let secondText: Range<Int>

    @inlinable
    init(
        _ opcode: Opcode, offset: Int, number: UInt64 = 0, text: Range<Int> = 0..<0,
        secondText: Range<Int> = 0..<0
    ) {
        self.opcode = opcode
        self.offset = offset
        self.number = number
        self.text = text
        self.secondText = secondText
    }
}
