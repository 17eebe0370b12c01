import ByteIO

/// A record whose contents are being written.
struct RecordInProgress {
    private var record: WrittenRecord
    private var checksum = CRC32()
    private let knownCRC32: UInt32?
    private var writtenByteCount = 0
    // The first eight bytes, the first one lowest.
    private var beginning: UInt64 = 0

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
        for index in 0..<min(piece.byteCount, max(8 - writtenByteCount, 0)) {
            beginning |= UInt64(piece.byte(at: index)) << (8 * (writtenByteCount + index))
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
        guard writtenByteCount >= 8, UInt32(truncatingIfNeeded: beginning) == 0x0807_4B50
        else { return nil }
        return UInt32(truncatingIfNeeded: beginning >> 32)
    }

    private func wrongSize(_ found: String) -> CheckpointError {
        CheckpointError(
            .unwritableRecord,
            "has \(found) bytes where \(record.byteCount) were announced",
            advice: "Write exactly as many bytes as were announced"
        ).inRecord(record.name)
    }
}
