package import ByteIO

extension ZipSurvey {
    private static let endByteCount = 22
    /// How many directories are looked at.
    private static let maximumDirectoryCount = 16

    /// Reads every directory that an end record near the end of the file leads to, the last first.
    ///
    /// Archives in records have end records too. Readers come upon the last one first, so one inside
    /// an entry that is listed counts only if its numbers are those of this file.
    mutating func readDirectories() -> [SurveyedDirectory] {
        var found: [SurveyedDirectory] = []
        for offset in Self.endRecords(in: region).reversed() {
            let directories = Self.directories(endingAt: offset, in: region)
            let isInside = !directories.isEmpty && entries.contains { $0.data.contains(offset) }
            for directory in directories
            where !(isInside && directory.shift != 0)
                && !found.contains(where: { $0.start == directory.start })
            {
                found.append(directory)
                readEntries(directory)
            }
            guard found.count < Self.maximumDirectoryCount else {
                note(.limit, "there are \(found.count) directories or more", at: offset)
                break
            }
        }
        if found.count > 1 {
            note(
                .contradiction, "the zip archive has \(found.count) directories",
                at: found[0].start)
        }
        return found
    }

    /// Whether there is the end of an archive with a directory in a file.
    package static func isArchive(_ region: ByteRegion) -> Bool {
        endRecords(in: region).contains { !directories(endingAt: $0, in: region).isEmpty }
    }

    /// Where signatures of end records are, as far from the end as a comment can be long, twice.
    private static func endRecords(in region: ByteRegion) -> [Int] {
        let first = max(region.count - 2 * EndRecord.largestDistance, 0)
        return region.bytes.offsets(of: EndRecord.signature, from: first)
            .filter { region.bytes.contains(endByteCount, at: $0) }
    }

    /// The directory where an end record says, and where it is if bytes were put before the archive.
    private static func directories(
        endingAt offset: Int, in region: ByteRegion
    ) -> [SurveyedDirectory] {
        let bytes = region.bytes
        let wide = WideEndRecord(before: offset, in: bytes)
        let isWide = wide.map { !$0.isBroken } ?? false
        let size = wide?.directoryByteCount ?? 0
        let place = wide?.directoryOffset ?? 0
        guard
            let size = Int(exactly: isWide ? size : UInt64(bytes.littleEndian32(at: offset + 12))),
            let place = Int(exactly: isWide ? place : UInt64(bytes.littleEndian32(at: offset + 16)))
        else { return [] }
        // Behind bytes that were put before it, a locator leads elsewhere; the record is before it.
        let before = wide == nil ? 0 : wideByteCount
        let endRecords = isWide ? wide?.offset ?? offset : max(offset - before, 0)
        let commentStart = offset + endByteCount
        let commentByteCount = Int(bytes.littleEndian16(at: offset + 20))
        var starts = [place]
        if size <= endRecords, endRecords - size != place { starts.append(endRecords - size) }
        return starts.filter { beginsDirectory($0, before: endRecords, in: bytes) }.map { start in
            SurveyedDirectory(
                start: start, shift: start - place,
                comment: commentStart..<min(commentStart + commentByteCount, region.count),
                endRecords: endRecords,
                entryCount: isWide
                    ? wide?.entryCount ?? 0 : UInt64(bytes.littleEndian16(at: offset + 10)),
                modulus: isWide ? 0 : 0x1_0000)
        }
    }

    /// The size of a ZIP64 end record and its locator.
    private static let wideByteCount = 76

    private static func beginsDirectory(
        _ start: Int, before end: Int, in bytes: RawSpan
    ) -> Bool {
        start < end && bytes.contains(4, at: start)
            && bytes.littleEndian32(at: start) == DirectoryRecord.signature
    }
}
