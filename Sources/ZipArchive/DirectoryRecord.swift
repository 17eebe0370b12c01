import ByteIO

/// An entry of the directory as it stands there: numbers that do not fit are in a ZIP64 field.
struct DirectoryRecord {
    let flags: UInt16
    let method: UInt16
    let crc32: UInt32
    let compressedByteCount: UInt32
    let byteCount: UInt32
    let headerOffset: UInt32
    /// Whether it is a folder, by its attributes or its name, and has contents all the same, which
    /// torch's reader leaves out without a word.
    let isFolderWithContents: Bool
    /// Where in the archive the name is.
    let name: Range<Int>
    /// Where in the archive the extra fields are.
    let extra: Range<Int>
    /// Where in the archive the next entry of the directory begins.
    let end: Int

    /// Reads the entry at `position`, which has to end before the directory does.
    init(
        in bytes: RawSpan, at position: Int, before directoryEnd: Int
    ) throws(CheckpointError) {
        guard Self.fixedByteCount <= directoryEnd - position else {
            throw Self.damaged("ends inside an entry", at: position)
        }
        guard bytes.littleEndian32(at: position) == Self.signature else {
            throw Self.damaged("has no entry where one is to begin", at: position)
        }
        flags = bytes.littleEndian16(at: position + 8)
        method = bytes.littleEndian16(at: position + 10)
        crc32 = bytes.littleEndian32(at: position + 16)
        compressedByteCount = bytes.littleEndian32(at: position + 20)
        byteCount = bytes.littleEndian32(at: position + 24)
        headerOffset = bytes.littleEndian32(at: position + 42)
        let nameStart = position + Self.fixedByteCount
        let extraStart = nameStart + Int(bytes.littleEndian16(at: position + 28))
        let commentStart = extraStart + Int(bytes.littleEndian16(at: position + 30))
        end = commentStart + Int(bytes.littleEndian16(at: position + 32))
        name = nameStart..<extraStart
        extra = extraStart..<commentStart
        guard end <= directoryEnd else { throw Self.damaged("ends inside an entry", at: position) }
        let isFolder =
            bytes.byte(at: position + 38) & 0x10 != 0
            || (!name.isEmpty && bytes.byte(at: name.upperBound - 1) == UInt8(ascii: "/"))
        isFolderWithContents = isFolder && compressedByteCount != 0
        // Some writers count the parts from 1.
        guard bytes.littleEndian16(at: position + 34) <= 1 else {
            throw Self.damaged("has an entry in another part of a divided archive", at: position)
        }
    }

    static let signature: UInt32 = 0x0201_4B50
    private static let fixedByteCount = 46

    @inline(never)
    private static func damaged(_ what: String, at position: Int) -> CheckpointError {
        CheckpointError(
            .damagedArchive, "the zip archive can't be read: its directory \(what)",
            offset: position,
            advice: "The file is damaged or an incomplete copy; fetch it again")
    }

    /// The offset of the entry's own header, from the ZIP64 field if it is there.
    func wideHeaderOffset(in bytes: RawSpan) throws(CheckpointError) -> Int {
        try Int(checked: wideNumbers(in: bytes).headerOffset)
    }

    /// Where the entry's own header is and how many bytes its contents have in the archive; nil when
    /// the numbers are too large.
    func place(in bytes: RawSpan) -> (headerOffset: Int, byteCount: Int)? {
        let numbers = wideNumbers(in: bytes)
        guard let offset = Int(exactly: numbers.headerOffset),
            let count = Int(exactly: numbers.compressedByteCount)
        else { return nil }
        return (offset, count)
    }

    private func wideNumbers(
        in bytes: RawSpan
    ) -> (compressedByteCount: UInt64, headerOffset: UInt64) {
        guard max(byteCount, compressedByteCount, headerOffset) == .max else {
            return (UInt64(compressedByteCount), UInt64(headerOffset))
        }
        var wide = Zip64Field(in: bytes, extra)
        _ = wide.number(for: byteCount)
        return (wide.number(for: compressedByteCount), wide.number(for: headerOffset))
    }

    /// Whether it says nothing but what a stored entry needs: no field, no flag beside those for
    /// UTF-8 and for a descriptor, no number that is elsewhere.
    var isPlain: Bool {
        method == 0 && flags & ~Self.plainFlags == 0 && extra.isEmpty
            && !isFolderWithContents && byteCount == compressedByteCount
            && max(byteCount, headerOffset) != .max
    }

    /// Whether it says that the entry is encrypted.
    var isEncrypted: Bool { flags & 1 != 0 }

    /// Whether the entry, which is at `position`, stands for a symbolic link of Unix.
    func isLink(in bytes: RawSpan, at position: Int) -> Bool {
        bytes.byte(at: position + 5) == 3 && bytes.littleEndian16(at: position + 40) >> 12 == 0xA
    }

    /// Whether it is said to be encrypted in the strong way, to have a hidden header, or to be a patch of
    /// something else; torch's reader takes each for encrypted.
    var isEncodedUnusually: Bool { flags & (1 << 13 | 1 << 6 | 1 << 5) != 0 }

    private static let plainFlags: UInt16 = 1 << 11 | 1 << 3
}
