import ByteIO

/// What is known of an archive's entries, in 40 bytes for each; the names stay in the directory.
struct EntryTable: Sendable {
    /// An entry: what ``ZipEntry`` tells of it, and where its name is.
    struct Row: Sendable {
        var headerOffset = 0
        var byteCount = 0
        var compressedByteCount = 0
        var crc32: UInt32 = 0
        /// The size of the local header.
        var headerByteCount: UInt32 = 0
        /// The offset of the name in the directory.
        var nameOffset: UInt32 = 0
        var nameByteCount: UInt16 = 0
        var method: UInt16 = 0

        var dataOffset: Int { headerOffset + Int(headerByteCount) }
    }

    private(set) var rows: [Row] = []
    /// The directory, from its first entry to its end.
    private let directory: ByteRegion
    /// The names that are not the text they are in the directory, by the numbers of their entries.
    private var decodedNames: [Int: String] = [:]
    /// Whether a name is not what its bytes are in UTF-8.
    var hasDecodedNames: Bool { !decodedNames.isEmpty }

    init(_ directory: ByteRegion, capacity: Int) {
        self.directory = directory
        rows.reserveCapacity(capacity)
    }

    mutating func append(_ row: Row) { rows.append(row) }

    /// Says what an entry is.
    ///
    /// - Parameter name: The name, where it is not the text that it is in the directory.
    mutating func replace(_ index: Int, by row: Row, name: String?) {
        rows[index] = row
        decodedNames[index] = name
    }

    /// Calls `body` with the UTF-8 of an entry's name.
    func withName<Result>(of index: Int, _ body: (RawSpan) -> Result) -> Result {
        if !decodedNames.isEmpty, let name = decodedNames[index] {
            let bytes = Array(name.utf8)
            return unsafe body(bytes.span.bytes)
        }
        let start = Int(rows[index].nameOffset)
        return body(
            directory.bytes.extracting(start..<(start + Int(rows[index].nameByteCount))))
    }

    func name(of index: Int) -> String {
        withName(of: index) { bytes in
            unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    func entry(_ index: Int) -> ZipEntry {
        let row = rows[index]
        let compression: ZipEntry.Compression =
            switch row.method {
            case 0: .stored
            case 8: .deflated
            case let method: .unsupported(Int(method))
            }
        return ZipEntry(
            name: name(of: index), compression: compression, byteCount: row.byteCount,
            compressedByteCount: row.compressedByteCount, crc32: row.crc32,
            headerOffset: row.headerOffset, dataOffset: row.dataOffset, index: index)
    }

    /// The numbers of the entries in the order in which they are in the file.
    func indicesByOffset() -> [Int] {
        // Nearly every archive has its entries in order, and then sorting would be a waste.
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy {
            $0.headerOffset <= $1.headerOffset
        }
        let indices = Array(rows.indices)
        return isSorted ? indices : indices.sorted { rows[$0].headerOffset < rows[$1].headerOffset }
    }
}
