import ByteIO

/// The header that stands before an entry's contents, which must not contradict the directory.
///
/// Readers disagree on which of the two to believe, so an archive in which they differ means
/// different things to different programs. See `Specs/archive.md`.
struct LocalHeader {
    private let flags: UInt16
    /// The number of the compression method.
    let method: UInt16
    let crc32: UInt32
    let compressedByteCount: UInt64
    let byteCount: UInt64
    /// Where among the bytes that the header was read from the name is.
    let name: Range<Int>
    /// The offset of the entry's contents in the archive.
    let dataOffset: Int

    static let signature: UInt32 = 0x0403_4B50
    /// The size of a header without its name and extra fields.
    static let fixedByteCount = 30
    private static let encryptionFlag: UInt16 = 1
    private static let descriptorFlag: UInt16 = 1 << 3

    /// Reads the header at `offset`.
    init(in bytes: RawSpan, at offset: Int) throws(CheckpointError) {
        try self.init(in: bytes, at: offset, base: 0)
        try Self.check(dataOffset - name.upperBound, of: bytes, at: name.upperBound)
    }

    /// Reads a header up to the end of its name.
    ///
    /// - Parameter base: The offset of `bytes` in the archive.
    init(in bytes: RawSpan, at offset: Int, base: Int) throws(CheckpointError) {
        try Self.check(Self.fixedByteCount, of: bytes, at: offset)
        guard bytes.littleEndian32(at: offset) == Self.signature else {
            throw CheckpointError(
                .contradictoryHeaders,
                "the directory says that an entry starts here, but none does", offset: offset)
        }
        flags = bytes.littleEndian16(at: offset + 6)
        method = bytes.littleEndian16(at: offset + 8)
        crc32 = bytes.littleEndian32(at: offset + 14)
        let narrowCompressedByteCount = bytes.littleEndian32(at: offset + 18)
        let narrowByteCount = bytes.littleEndian32(at: offset + 22)
        let nameCount = Int(bytes.littleEndian16(at: offset + 26))
        let extraCount = Int(bytes.littleEndian16(at: offset + 28))
        let nameStart = offset + Self.fixedByteCount
        try Self.check(nameCount, of: bytes, at: nameStart)
        name = nameStart..<(nameStart + nameCount)
        dataOffset = base + name.upperBound + extraCount
        guard max(narrowByteCount, narrowCompressedByteCount) == .max,
            bytes.contains(extraCount, at: name.upperBound)
        else {
            byteCount = UInt64(narrowByteCount)
            compressedByteCount = UInt64(narrowCompressedByteCount)
            return
        }
        var wide = Zip64Field(in: bytes, name.upperBound..<(name.upperBound + extraCount))
        byteCount = wide.number(for: narrowByteCount)
        compressedByteCount = wide.number(for: narrowCompressedByteCount)
    }

    private static func check(
        _ count: Int, of bytes: RawSpan, at offset: Int
    ) throws(CheckpointError) {
        guard bytes.contains(count, at: offset) else {
            throw CheckpointError(
                .truncated,
                "\(count) bytes of an entry's header are needed, but the file ends before",
                offset: offset,
                advice: "The file is probably an incomplete copy; fetch it again")
        }
    }

    /// Whether it says what the directory does, and is plain as that is.
    ///
    /// - Parameters:
    ///   - record: What the directory says, in the archive's bytes.
    ///   - bytes: What the header was read from.
    func agrees(
        with record: DirectoryRecord, of archive: RawSpan, in bytes: RawSpan
    ) -> Bool {
        flags == record.flags && method == record.method
            && agrees(byteCount, UInt64(record.byteCount))
            && agrees(compressedByteCount, UInt64(record.compressedByteCount))
            && (crc32 == record.crc32 || (isDeferred && crc32 == 0))
            && bytes.extracting(name).hasSameBytes(as: archive.extracting(record.name))
    }

    /// Whether it says that the entry is encrypted.
    var isEncrypted: Bool { flags & Self.encryptionFlag != 0 }

    private static let shownNameBytes = 256

    /// What differs from the directory, or nil.
    func contradiction(to status: ZipHandle.Status, in bytes: RawSpan) -> String? {
        let name = bytes.extracting(name)
        guard unsafe name.hasSameBytes(as: status.rawName.span.bytes) else {
            let start = Array(copying: name.extracting(first: Self.shownNameBytes))
            return "its own header names it '\(String(decoding: start, as: UTF8.self))'"
        }
        if Int(method) != status.method {
            return "its own header says compression method \(method)"
        }
        if isEncrypted != status.isEncrypted {
            return "only one of its two headers says that it is encrypted"
        }
        return sizeContradiction(to: status)
    }

    // With a data descriptor the sizes and the CRC follow the contents, and 0 stands here.
    var isDeferred: Bool { flags & Self.descriptorFlag != 0 }

    private func agrees(_ local: UInt64, _ value: UInt64) -> Bool {
        local == value || (isDeferred && local == 0)
    }

    private func sizeContradiction(to status: ZipHandle.Status) -> String? {
        if !agrees(byteCount, status.byteCount) {
            return "its own header says \(byteCount) bytes, the directory \(status.byteCount)"
        }
        if !agrees(compressedByteCount, status.compressedByteCount) {
            return "its own header says \(compressedByteCount) compressed bytes, "
                + "the directory \(status.compressedByteCount)"
        }
        if crc32 != status.crc32, !(isDeferred && crc32 == 0) {
            return "its own header has another checksum than the directory"
        }
        return nil
    }
}
