import ByteIO

extension RawSpan {
    /// The first four bytes of `\x93NUMPY`.
    static var numPySignature: UInt32 { 0x4D55_4E93 }
}

extension ByteRegion {
    /// What follows the header of a file of `numpy.save`, which is a pickle when the array is one of
    /// objects; nil when this is no such file.
    var numPyObjects: ByteRegion? {
        let bytes = bytes
        guard count >= 12, bytes.littleEndian32(at: 0) == RawSpan.numPySignature,
            bytes.byte(at: 4) == 0x50, bytes.byte(at: 5) == 0x59
        else { return nil }
        let isShort = bytes.byte(at: 6) == 1
        let length = Int(bytes.littleEndian32(at: 8)) & (isShort ? 0xFFFF : 0xFFFF_FFFF)
        let start = length + (isShort ? 10 : 12)
        return start < count ? try? slice(at: start, count: count - start) : nil
    }
}
