import ByteIO

extension EndRecord {
    /// The records that end an archive: the ZIP64 one, its locator, and the old one.
    ///
    /// torch writes all three, whatever the size.
    static func bytes(
        entryCount: Int, directoryByteCount: Int, directoryOffset: Int
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x50, 0x4B, 6, 6]
        bytes.append(littleEndian: UInt64(44))
        bytes.append(littleEndian: UInt16(0x031E))
        bytes.append(littleEndian: UInt16(45))
        bytes.append(littleEndian: UInt64(0))
        for number in [entryCount, entryCount, directoryByteCount, directoryOffset] {
            bytes.append(littleEndian: UInt64(number))
        }
        bytes += [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
        bytes.append(littleEndian: UInt64(directoryOffset + directoryByteCount))
        bytes.append(littleEndian: UInt32(1))
        bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        for _ in 0..<2 { bytes.append(littleEndian: UInt16(clamping: entryCount)) }
        bytes.append(littleEndian: UInt32(clamping: directoryByteCount))
        bytes.append(littleEndian: UInt32(clamping: directoryOffset))
        bytes.append(littleEndian: UInt16(0))
        return bytes
    }
}
