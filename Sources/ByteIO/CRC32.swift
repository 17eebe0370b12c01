import CLibdeflate

/// The CRC-32 of the zip format, taken piece by piece.
///
/// Computed by libdeflate, which uses the processor's carry-less multiplication.
package struct CRC32 {
    /// The checksum of all bytes so far.
    package private(set) var value: UInt32 = 0

    /// The checksum of no bytes.
    package init() {}

    /// Takes in the next `bytes`.
    ///
    /// - Complexity: O(*n*), at several gigabytes a second.
    package mutating func update(_ bytes: RawSpan) {
        // libdeflate takes a missing address, which an empty span may have, for a new beginning.
        guard bytes.byteCount > 0 else { return }
        value = unsafe bytes.withUnsafeBytes { bytes in
            unsafe libdeflate_crc32(value, bytes.baseAddress, bytes.count)
        }
    }
}
