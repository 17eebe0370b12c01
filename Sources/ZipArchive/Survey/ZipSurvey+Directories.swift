import ByteIO

extension ZipSurvey {
    private static let endByteCount = 22
    /// How many directories are looked at.
    private static let maximumDirectoryCount = 16

    /// Finds every directory that an end record near the end of the file leads to.
    mutating func findDirectories() -> [SurveyedDirectory] {
        let region = region
        let bytes = region.bytes
        let first = max(region.count - 2 * EndRecord.largestDistance, 0)
        var found: [SurveyedDirectory] = []
        for offset in bytes.offsets(of: EndRecord.signature, from: first)
        where bytes.contains(Self.endByteCount, at: offset) {
            for directory in directories(endingAt: offset)
            where !found.contains(where: { $0.start == directory.start }) {
                found.append(directory)
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

    /// The directory where an end record says, and where it is if bytes were put before the archive.
    private func directories(endingAt offset: Int) -> [SurveyedDirectory] {
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
        let before = wide == nil ? 0 : Self.wideByteCount
        let endRecords = isWide ? wide?.offset ?? offset : max(offset - before, 0)
        let commentStart = offset + Self.endByteCount
        let commentByteCount = Int(bytes.littleEndian16(at: offset + 20))
        var starts = [place]
        if size <= endRecords, endRecords - size != place { starts.append(endRecords - size) }
        return starts.filter { beginsDirectory($0, before: endRecords) }.map { start in
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

    private func beginsDirectory(_ start: Int, before end: Int) -> Bool {
        start < end && region.bytes.contains(4, at: start)
            && region.bytes.littleEndian32(at: start) == DirectoryRecord.signature
    }
}
