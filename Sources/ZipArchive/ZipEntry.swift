/// One file inside a ``ZipArchive``.
public struct ZipEntry: Sendable {
    /// How an entry's bytes are kept.
    public enum Compression: Hashable, Sendable {
        /// As they are.
        case stored
        /// Compressed by deflate.
        case deflated
        /// Compressed by a method that is not read here; the number is that of the zip format.
        case unsupported(Int)
    }

    /// The whole name, folders included.
    public let name: String
    /// How the bytes are kept.
    public let compression: Compression
    /// The size of the contents in bytes.
    public let byteCount: Int
    /// The size of the contents as they lie in the file, in bytes.
    public let compressedByteCount: Int
    /// The CRC-32 of the contents, as the directory has it; 0 when torch was told to leave it out.
    public let crc32: UInt32
    /// The offset of the entry's own header in the archive.
    public let headerOffset: Int
    /// The offset of the contents in the archive.
    public let dataOffset: Int
    /// The entry's number in the directory.
    package let index: Int

    /// Whether the entry stands for a folder.
    public var isFolder: Bool { name.hasSuffix("/") }
}
