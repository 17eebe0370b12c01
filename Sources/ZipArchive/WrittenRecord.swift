/// A record that a ``ZipArchiveWriter`` has written.
package struct WrittenRecord: Hashable, Sendable {
    /// The whole name, with the root folder.
    package let name: String
    /// The size of the contents in bytes.
    package let byteCount: Int
    /// Where the record's own header is in the archive.
    package let headerOffset: Int
    /// Where the contents are in the archive.
    package let dataOffset: Int
    /// The CRC-32 of the contents; 0 when checksums are off.
    package internal(set) var crc32: UInt32 = 0
    /// Bytes 4 to 8 of contents that begin like a data descriptor, which torch's writer takes for
    /// the checksum of one.
    package internal(set) var mistakenCRC32: UInt32?

    /// What torch's writer folds into the serialization id for this record, in this order.
    ///
    /// It picks checksums out of whatever it writes that begins like a data descriptor.
    package var identityChecksums: [UInt32] {
        (mistakenCRC32.map { [$0] } ?? []) + (byteCount > 0 ? [crc32] : [])
    }
}
