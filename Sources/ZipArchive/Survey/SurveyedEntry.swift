package import ByteIO

/// An entry as a survey finds it, whatever it may contradict.
package struct SurveyedEntry: Sendable {
    /// How a survey came upon an entry.
    package enum Origin: Sendable {
        /// A directory lists it.
        case directory
        /// No directory does: it is between what is listed.
        case unlisted
    }

    /// The whole name, as the directory has it where there is one.
    package let name: String
    /// How it was found.
    package let origin: Origin
    /// The compression methods that its headers say, each once.
    package let methods: [UInt16]
    /// The checksum that its headers say; 0 for none.
    package let crc32: UInt32
    /// The offset of its own header, or of its entry in the directory when it has none.
    package let headerOffset: Int
    /// Where in the archive its bytes are.
    package let data: Range<Int>
    /// The size of the contents, as they are said to be.
    package let byteCount: UInt64

    /// Whether it is stored, and all headers say so.
    package var isStored: Bool { methods == [0] }

    /// What the bytes are, read by a method: 0 for stored, 8 for deflated.
    ///
    /// - Parameter maximumByteCount: The most bytes that are inflated.
    /// - Throws: ``CheckpointError/Code/unsupportedCompression``,
    ///   ``CheckpointError/Code/damagedArchive``, or ``CheckpointError/Code/limitExceeded``.
    package func contents(
        in region: ByteRegion, method: UInt16, maximumByteCount: Int
    ) throws(CheckpointError) -> ByteRegion {
        let bytes = try region.slice(at: data.lowerBound, count: data.count)
        switch method {
        case 0: return bytes
        case 8: return try bytes.inflated(to: byteCount, maximumByteCount: maximumByteCount)
        default:
            throw CheckpointError(
                .unsupportedCompression,
                "is compressed by method \(method), which is not read here",
                advice: "Store or deflate it with another zip program")
        }
    }
}
