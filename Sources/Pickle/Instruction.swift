/// One step of the pickle machine: an opcode and its argument, still undecoded.
package struct Instruction: Sendable {
    /// What to do.
    package let opcode: Opcode
    /// The byte offset of the opcode in the pickle.
    package let offset: Int
    /// A numeric argument, sign- or zero-extended; for `BINFLOAT` the bits of the number.
    package let number: UInt64
    /// Where the argument's bytes are: a counted string's contents, or a line without its end.
    package let text: Range<Int>
    /// Where the second line is, for `GLOBAL` and `INST`.
    package let secondText: Range<Int>

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
