package import ByteIO

extension ZipSurvey {
    /// How many directories are looked at.
    private static let maximumDirectoryCount = 16

    /// Reads every directory that an end record near the end of the file leads to, the last first.
    ///
    /// Archives in records have end records too. Readers come upon the last one first, so one inside
    /// an entry that is listed counts only if its numbers are those of this file.
    mutating func readDirectories() -> [SurveyedDirectory] {
        var found: [SurveyedDirectory] = []
        var starts: Set<Int> = []
        let endRecords = Self.endRecords(in: region)
        var inside: Set<Int> = []
        for offset in endRecords.reversed() {
            let isInside = inside.contains(offset)
            for directory in Self.directories(endingAt: offset, in: region)
            where !(isInside && directory.shift != 0) && starts.insert(directory.start).inserted {
                found.append(directory)
                readEntries(directory)
                inside = offsetsInside(entries, among: endRecords)
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

    /// Which of some ascending offsets are in the contents of an entry.
    private func offsetsInside(_ entries: [SurveyedEntry], among offsets: [Int]) -> Set<Int> {
        var inside: Set<Int> = []
        var rest = entries.map(\.data).sorted { $0.lowerBound < $1.lowerBound }[...]
        var end = 0
        for offset in offsets {
            while let range = rest.first, range.lowerBound <= offset {
                end = max(end, range.upperBound)
                rest.removeFirst()
            }
            if offset < end { inside.insert(offset) }
        }
        return inside
    }

    /// Whether there is the end of an archive with a directory in a file.
    package static func isArchive(_ region: ByteRegion) -> Bool {
        endRecords(in: region).contains { !directories(endingAt: $0, in: region).isEmpty }
    }

    /// Where signatures of end records are, as far from the end as a comment can be long, twice.
    private static func endRecords(in region: ByteRegion) -> [Int] {
        let first = max(region.count - 2 * EndRecord.largestDistance, 0)
        return region.bytes.offsets(of: EndRecord.signature, from: first)
            .filter { region.bytes.contains(EndRecord.byteCount, at: $0) }
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
        let commentStart = offset + EndRecord.byteCount
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
