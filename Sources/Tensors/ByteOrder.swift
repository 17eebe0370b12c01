/// The order of the bytes of a number in memory or in a file.
///
/// The Python counterpart is `sys.byteorder`, which torch stores in the record `byteorder`.
public enum ByteOrder: String, Sendable {
    /// The least significant byte comes first.
    case little
    /// The most significant byte comes first.
    case big

    /// The order of the machine that runs this program.
    public static var native: ByteOrder {
        Int(littleEndian: 1) == 1 ? .little : .big
    }
}
