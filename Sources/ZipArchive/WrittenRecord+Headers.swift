import ByteIO

// The bytes that stand for a record in an archive of torch: `Specs/archive.md`.

extension WrittenRecord {
    /// The largest number of the fields of 32 bits, which says that the number is elsewhere.
    private static let elsewhere = Int(UInt32.max)

    /// Whether the record's own header has a ZIP64 field, and its descriptor sizes of 64 bits.
    private var isWide: Bool { Self.isWide(byteCount, at: headerOffset) }

    private var flags: UInt16 { byteCount == 0 ? 0x0800 : 0x0808 }

    private static func isWide(_ byteCount: Int, at headerOffset: Int) -> Bool {
        byteCount >= elsewhere || headerOffset >= elsewhere
    }

    /// How many bytes there are between the beginning of the header and the padding.
    static func unpaddedByteCount(nameByteCount: Int, byteCount: Int, at headerOffset: Int) -> Int {
        let wide = wideField(byteCount, 0, at: headerOffset).count
        return 30 + nameByteCount + wide + 4
    }

    /// Appends the header before the contents; its sizes and checksum are left to the descriptor.
    func appendLocalHeader(to bytes: inout ByteBuffer) {
        // torch does not know the compressed size yet, and leaves it 0.
        let wide = Self.wideField(byteCount, 0, at: headerOffset)
        let unpadded = Self.unpaddedByteCount(
            nameByteCount: name.utf8.count, byteCount: byteCount, at: headerOffset)
        let padding = dataOffset - headerOffset - unpadded
        bytes.append(littleEndian: UInt32(0x0403_4B50))
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: flags)
        bytes.append(0, count: 18)
        bytes.append(littleEndian: UInt16(name.utf8.count))
        bytes.append(littleEndian: UInt16(wide.count + 4 + padding))
        bytes.append(name)
        unsafe bytes.append(copying: wide.span.bytes)
        bytes.append("FB")
        bytes.append(littleEndian: UInt16(padding))
        bytes.append(UInt8(ascii: "Z"), count: padding)
    }

    /// Appends what follows the contents: checksum and sizes, or nothing behind an empty record.
    func appendDescriptor(to bytes: inout ByteBuffer) {
        guard byteCount > 0 else { return }
        bytes.append(littleEndian: UInt32(0x0807_4B50))
        bytes.append(littleEndian: crc32)
        for _ in 0..<2 {
            if isWide {
                bytes.append(littleEndian: UInt64(byteCount))
            } else {
                bytes.append(littleEndian: UInt32(byteCount))
            }
        }
    }

    /// Appends the entry of the directory.
    func appendDirectoryEntry(to bytes: inout ByteBuffer) {
        let wide = Self.wideField(byteCount, byteCount, at: headerOffset)
        bytes.append(littleEndian: UInt32(0x0201_4B50))
        bytes.append(0, count: 4)
        bytes.append(littleEndian: flags)
        bytes.append(0, count: 6)
        bytes.append(littleEndian: crc32)
        bytes.append(littleEndian: UInt32(clamping: byteCount))
        bytes.append(littleEndian: UInt32(clamping: byteCount))
        bytes.append(littleEndian: UInt16(name.utf8.count))
        bytes.append(littleEndian: UInt16(wide.count))
        bytes.append(0, count: 10)
        bytes.append(littleEndian: UInt32(clamping: headerOffset))
        bytes.append(name)
        unsafe bytes.append(copying: wide.span.bytes)
    }

    /// The ZIP64 field with the numbers that do not fit 32 bits, or nothing.
    private static func wideField(
        _ byteCount: Int, _ compressedByteCount: Int, at headerOffset: Int
    ) -> [UInt8] {
        guard isWide(byteCount, at: headerOffset) else { return [] }
        var numbers: [UInt8] = []
        if byteCount >= elsewhere {
            numbers.append(littleEndian: UInt64(byteCount))
            numbers.append(littleEndian: UInt64(compressedByteCount))
        }
        if headerOffset >= elsewhere { numbers.append(littleEndian: UInt64(headerOffset)) }
        var field: [UInt8] = [1, 0]
        field.append(littleEndian: UInt16(numbers.count))
        return field + numbers
    }
}
