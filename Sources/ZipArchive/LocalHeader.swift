import ByteIO

/// The header that stands before an entry's contents, which must not contradict the directory.
///
/// Readers disagree on which of the two to believe, so an archive in which they differ means
/// different things to different programs. See `Specs/archive.md`.
struct LocalHeader {
    private var flags: UInt16
    private var method: UInt16
    private var crc32: UInt32
    private var compressedByteCount: UInt64
    private var byteCount: UInt64
    private var name: [UInt8]
    /// The offset of the entry's contents in the archive.
    let dataOffset: Int

    private static let signature: UInt32 = 0x0403_4B50
    private static let encryptionFlag: UInt16 = 1
    private static let descriptorFlag: UInt16 = 1 << 3

    /// Reads the header at `offset`.
    init(in region: ByteRegion, at offset: Int) throws(CheckpointError) {
        var reader = ByteReader(region.bytes)
        _ = try reader.readRange(count: offset)
        guard try reader.readLittleEndian(UInt32.self) == Self.signature else {
            throw CheckpointError(
                .contradictoryHeaders,
                "the directory says that an entry starts here, but none does", offset: offset)
        }
        _ = try reader.readRange(count: 2)
        flags = try reader.readLittleEndian(UInt16.self)
        method = try reader.readLittleEndian(UInt16.self)
        _ = try reader.readRange(count: 4)
        crc32 = try reader.readLittleEndian(UInt32.self)
        let narrowCompressedByteCount = try reader.readLittleEndian(UInt32.self)
        let narrowByteCount = try reader.readLittleEndian(UInt32.self)
        let nameCount = try Int(reader.readLittleEndian(UInt16.self))
        let extraCount = try Int(reader.readLittleEndian(UInt16.self))
        let nameRange = try reader.readRange(count: nameCount)
        let extraRange = try reader.readRange(count: extraCount)
        dataOffset = reader.position
        let extra = try region.slice(at: extraRange.lowerBound, count: extraCount)
        var wide = Zip64Field(in: extra)
        byteCount = wide.number(for: narrowByteCount)
        compressedByteCount = wide.number(for: narrowCompressedByteCount)
        name = try region.slice(at: nameRange.lowerBound, count: nameCount).copyBytes()
    }

    /// What differs from the directory, or nil.
    func contradiction(to status: ZipHandle.Status) -> String? {
        if name != status.rawName {
            return "its own header names it '\(String(decoding: name, as: UTF8.self))'"
        }
        if Int(method) != status.method {
            return "its own header says compression method \(method)"
        }
        if (flags & Self.encryptionFlag != 0) != status.isEncrypted {
            return "only one of its two headers says that it is encrypted"
        }
        return sizeContradiction(to: status)
    }

    // With a data descriptor the sizes and the CRC follow the contents, and 0 stands here.
    private func sizeContradiction(to status: ZipHandle.Status) -> String? {
        let isDeferred = flags & Self.descriptorFlag != 0
        func agrees(_ local: UInt64, _ value: UInt64) -> Bool {
            local == value || (isDeferred && local == 0)
        }
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
