import ByteIO

/// Reads the local headers of plain entries, in the order of the directory.
struct LocalHeaderReader {
    private let region: ByteRegion
    /// The offset of the last header that was read.
    private var last = 0
    // What is read of a header elsewhere.
    private var window: [UInt8] = []

    init(_ archive: ByteRegion) { region = archive }

    /// The local header of an entry, if it says what the directory does.
    mutating func header(agreeingWith record: DirectoryRecord) -> LocalHeader? {
        let offset = Int(record.headerOffset)
        defer { last = offset }
        if abs(offset - last) > Self.farByteCount, let header = distantHeader(record) {
            return header
        }
        guard let header = try? LocalHeader(in: region.bytes, at: offset),
            header.agrees(with: record, of: region.bytes, in: region.bytes)
        else { return nil }
        return header
    }

    /// As ``header(agreeingWith:)``, without touching the memory where the header is; nil where that
    /// can't be done.
    private mutating func distantHeader(_ record: DirectoryRecord) -> LocalHeader? {
        let count = LocalHeader.fixedByteCount + record.name.count
        window += repeatElement(0, count: max(0, count - window.count))
        window.removeLast(window.count - count)
        let offset = Int(record.headerOffset)
        guard region.read(at: offset, into: &window) else { return nil }
        let bytes = unsafe window.span.bytes
        guard let header = try? LocalHeader(in: bytes, at: 0, base: offset),
            header.agrees(with: record, of: region.bytes, in: bytes)
        else { return nil }
        return header
    }

    /// How far from a page that is touched the system maps no others without being asked.
    private static let farByteCount = 1 << 16
}
