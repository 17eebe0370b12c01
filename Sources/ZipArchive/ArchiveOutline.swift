package import ByteIO

/// Which parts of an archive are needed to open it: all but the contents of large records that
/// nobody looks into.
package enum ArchiveOutline {
    /// Reads those parts of an archive; of one whose directory is not found, its beginning and end.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - isContents: Whether nobody looks into the record with the given name.
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(*n*) in what is read.
    package static func read(
        _ file: PartialFile, _ isContents: (RawSpan) -> Bool
    ) throws(CheckpointError) {
        let region = file.region
        try file.read(0..<min(headerByteCount, file.byteCount))
        try file.read(max(file.byteCount - tailByteCount, 0)..<file.byteCount)
        // What may be a directory is looked at.
        for end in EndRecord.anything(in: region) {
            guard let range = try? end.directory(in: region), range.count <= UInt32.max,
                range.upperBound <= file.byteCount
            else { continue }
            try file.read(range)
        }
        guard let end = try? EndRecord.find(in: region) else { return }
        var position = 0
        for part in contents(end, in: region, isContents) where part.lowerBound >= position {
            try file.read(position..<part.lowerBound)
            position = part.upperBound
        }
        try file.read(position..<file.byteCount)
    }

    // Twice as far as libzip looks for an end record, and more.
    private static let tailByteCount = 1 << 18
    // A local header with the longest name and extra fields that there can be, and more.
    private static let headerByteCount = 3 << 16
    /// From what size on contents are left out.
    private static let largeByteCount = 1 << 20

    /// What is left out, in order.
    private static func contents(
        _ end: EndRecord, in region: ByteRegion, _ isContents: (RawSpan) -> Bool
    ) -> [Range<Int>] {
        guard let directory = try? end.directory(in: region) else { return [] }
        let last = directory.lowerBound - tailByteCount
        var parts: [Range<Int>] = []
        var position = directory.lowerBound
        while position < directory.upperBound,
            let record = try? DirectoryRecord(
                in: region.bytes, at: position, before: directory.upperBound)
        {
            position = record.end
            guard record.method == 0, isContents(region.bytes.extracting(record.name)),
                let (offset, count) = record.place(in: region.bytes),
                count >= largeByteCount + headerByteCount, count <= directory.lowerBound,
                offset <= last - headerByteCount
            else { continue }
            parts.append(offset + headerByteCount..<min(offset + count, last))
        }
        return parts.sorted { $0.lowerBound < $1.lowerBound }
    }
}
