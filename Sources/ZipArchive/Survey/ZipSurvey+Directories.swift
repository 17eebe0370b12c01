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
        let wide = WideEndRecord(before: offset, in: region.bytes)
        let isWide = wide.map { !$0.isBroken } ?? false
        let size =
            isWide ? wide?.directoryByteCount : UInt64(region.bytes.littleEndian32(at: offset + 12))
        let place =
            isWide ? wide?.directoryOffset : UInt64(region.bytes.littleEndian32(at: offset + 16))
        guard let size = size.flatMap({ Int(exactly: $0) }),
            let place = place.flatMap({ Int(exactly: $0) })
        else { return [] }
        let endRecords = isWide ? wide?.offset ?? offset : offset
        let commentByteCount = Int(region.bytes.littleEndian16(at: offset + 20))
        let end = min(offset + Self.endByteCount + commentByteCount, region.count)
        var starts = [place]
        if size <= endRecords, endRecords - size != place { starts.append(endRecords - size) }
        return starts.filter { beginsDirectory($0, before: endRecords) }.map {
            SurveyedDirectory(start: $0, shift: $0 - place, end: end, endRecords: endRecords)
        }
    }

    private func beginsDirectory(_ start: Int, before end: Int) -> Bool {
        start < end && region.bytes.contains(4, at: start)
            && region.bytes.littleEndian32(at: start) == DirectoryRecord.signature
    }
}
