import ByteIO

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
        var checksums: [UInt32] = []
        appendIdentityChecksums(to: &checksums)
        return checksums
    }

    /// Appends the ``identityChecksums``.
    package func appendIdentityChecksums(to checksums: inout [UInt32]) {
        if let mistakenCRC32 { checksums.append(mistakenCRC32) }
        if byteCount > 0 { checksums.append(crc32) }
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
