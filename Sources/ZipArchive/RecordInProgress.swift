import ByteIO

/// A record whose contents are being written.
struct RecordInProgress {
    private var record: WrittenRecord
    private var checksum = CRC32()
    private let knownCRC32: UInt32?
    private var writtenByteCount = 0
    private var beginning: [UInt8] = []

    /// - Parameter crc32: The checksum, if it needn't be computed.
    init(_ record: WrittenRecord, crc32: UInt32?) {
        self.record = record
        knownCRC32 = crc32
    }

    /// How much to take at once.
    ///
    /// So much stays in the processor's cache from the checksum until it is written: the checksum
    /// then costs next to nothing, and with 64 MiB half as much as the writing.
    static let pieceByteCount = 1 << 19

    /// Takes in the next piece of the contents.
    ///
    /// - Throws: ``CheckpointError/Code/unwritableRecord`` when there is more than was announced.
    mutating func take(_ piece: RawSpan) throws(CheckpointError) {
        guard piece.byteCount <= record.byteCount - writtenByteCount else {
            throw wrongSize("more than \(record.byteCount)")
        }
        if knownCRC32 == nil { checksum.update(piece) }
        for offset in 0..<min(piece.byteCount, 8 - beginning.count) {
            beginning.append(unsafe piece.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        writtenByteCount += piece.byteCount
    }

    /// The record with its checksum.
    ///
    /// - Throws: ``CheckpointError/Code/unwritableRecord`` when there is less than was announced.
    func finished() throws(CheckpointError) -> WrittenRecord {
        guard writtenByteCount == record.byteCount else { throw wrongSize("\(writtenByteCount)") }
        var record = record
        record.crc32 = knownCRC32 ?? checksum.value
        record.mistakenCRC32 = mistakenCRC32
        return record
    }

    private var mistakenCRC32: UInt32? {
        guard beginning.count == 8, beginning.starts(with: [0x50, 0x4B, 7, 8]) else { return nil }
        return beginning.reversed().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func wrongSize(_ found: String) -> CheckpointError {
        CheckpointError(
            .unwritableRecord,
            "has \(found) bytes where \(record.byteCount) were announced"
        ).inRecord(record.name)
    }
}

extension WrittenRecord {
    /// The record whose header is at `headerOffset`.
    ///
    /// - Throws: ``CheckpointError/Code/unwritableRecord`` when the padding does not fit a header.
    init(
        _ name: String, byteCount: Int, at headerOffset: Int, alignment: Int
    ) throws(CheckpointError) {
        let unpadded = Self.unpaddedByteCount(
            nameByteCount: name.utf8.count, byteCount: byteCount, at: headerOffset)
        let excess = (headerOffset + unpadded) % alignment
        let padding = excess == 0 ? 0 : alignment - excess
        let extraByteCount = unpadded - 30 - name.utf8.count + padding
        guard extraByteCount <= Int(UInt16.max) else {
            throw CheckpointError(
                .unwritableRecord,
                "takes \(padding) bytes of padding to be aligned to \(alignment), and a header "
                    + "has no room for so many",
                advice: "Choose a smaller alignment: torch's is 64, and 4096 fits memory pages"
            ).inRecord(name)
        }
        self.init(
            name: name, byteCount: byteCount, headerOffset: headerOffset,
            dataOffset: headerOffset + unpadded + padding)
    }
}
