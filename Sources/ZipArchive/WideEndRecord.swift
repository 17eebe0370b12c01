import ByteIO

/// The ZIP64 record that takes the place of an end record, and the locator that leads to it.
struct WideEndRecord {
    private(set) var offset = 0
    private(set) var entryCount: UInt64 = 0
    private(set) var directoryByteCount: UInt64 = 0
    private(set) var directoryOffset: UInt64 = 0
    /// Whether the locator leads elsewhere than to a whole record right before it.
    ///
    /// Some readers go by the locator and others take what is before it.
    private(set) var isBroken = true
    /// How many parts the archive is said to have; some writers leave it 0.
    let partCount: UInt32

    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let signature: UInt32 = 0x0606_4B50
    private static let locatorByteCount = 20
    private static let byteCount = 56
    // The size that a record says is without its first fields.
    private static let uncountedByteCount: UInt64 = 12

    /// What the locator before the end record at `end` leads to; nil when there is no locator.
    init?(before end: Int, in bytes: RawSpan) {
        let locator = end - Self.locatorByteCount
        guard locator >= 0, bytes.littleEndian32(at: locator) == Self.locatorSignature else {
            return nil
        }
        let place = bytes.littleEndian64(at: locator + 8)
        partCount = bytes.littleEndian32(at: locator + 16)
        guard bytes.littleEndian32(at: locator + 4) == 0, partCount <= 1,
            let offset = Int(exactly: place), bytes.contains(Self.byteCount, at: offset),
            bytes.littleEndian32(at: offset) == Self.signature
        else { return }
        let size = bytes.littleEndian64(at: offset + 4)
        self.offset = offset
        entryCount = bytes.littleEndian64(at: offset + 32)
        directoryByteCount = bytes.littleEndian64(at: offset + 40)
        directoryOffset = bytes.littleEndian64(at: offset + 48)
        isBroken =
            offset > locator - Self.byteCount
            || size != UInt64(locator - offset) - Self.uncountedByteCount
            || bytes.littleEndian64(at: offset + 16) != 0
            || bytes.littleEndian64(at: offset + 24) != entryCount
    }
}
