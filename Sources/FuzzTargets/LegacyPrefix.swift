/// The three pickles that each legacy file begins with.
enum LegacyPrefix {
    /// torch's magic number, the protocol 1001 and what is said of the machine.
    static let bytes = magic + version + system

    private static let magic: [UInt8] =
        [0x80, 2, 0x8A, 10] + [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        + [UInt8(ascii: ".")]
    private static let version: [UInt8] = [0x80, 2, UInt8(ascii: "M"), 0xE9, 3, UInt8(ascii: ".")]
    private static let system: [UInt8] =
        [0x80, 2, UInt8(ascii: "}"), UInt8(ascii: "(")]
        + text("protocol_version") + [UInt8(ascii: "M"), 0xE9, 3]
        + text("little_endian") + [0x88, UInt8(ascii: "u"), UInt8(ascii: ".")]

    private static func text(_ text: String) -> [UInt8] {
        [UInt8(ascii: "X"), UInt8(text.utf8.count), 0, 0, 0] + text.utf8
    }
}
