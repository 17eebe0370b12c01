public import ByteIO

// The codes of the pickle layer.
extension CheckpointError.Code {
    /// A byte where an opcode is expected is none.
    public static let unknownOpcode = Self(rawValue: "unknownOpcode")
    /// An opcode that asks for something that a file can't have, such as an out-of-band buffer.
    public static let unsupportedOpcode = Self(rawValue: "unsupportedOpcode")
    /// An instruction takes more objects than there are above the last mark.
    public static let stackUnderflow = Self(rawValue: "stackUnderflow")
    /// An instruction goes back to a mark and there is none.
    public static let missingMark = Self(rawValue: "missingMark")
    /// An instruction asks for a memo slot that was never filled.
    public static let unknownMemoSlot = Self(rawValue: "unknownMemoSlot")
    /// An instruction is given an object of a kind that it can't be used on.
    public static let unexpectedObject = Self(rawValue: "unexpectedObject")
    /// A text, number, frame or the end of the pickle is not as the format has it.
    public static let malformedPickle = Self(rawValue: "malformedPickle")
}
