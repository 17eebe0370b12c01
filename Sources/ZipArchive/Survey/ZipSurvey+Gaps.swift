import ByteIO

extension ZipSurvey {
    /// Looks at what no entry, directory or end record takes.
    mutating func findGaps(endsAt end: Int?) {
        guard let end else {
            note(.damage, "there is no directory", at: 0)
            return examine(0..<region.count)
        }
        taken.sort { $0.lowerBound < $1.lowerBound }
        prefix = 0..<min(taken.first?.lowerBound ?? 0, region.count)
        trailer = end..<region.count
        var position = prefix.upperBound
        for range in taken {
            if range.lowerBound > position { examine(position..<range.lowerBound) }
            position = max(position, min(range.upperBound, region.count))
        }
        if position < end { examine(position..<end) }
    }

    private mutating func examine(_ gap: Range<Int>) {
        let region = region
        let bytes = region.bytes.extracting(gap)
        guard bytes.unionOfWords({ $0 }) != 0 else { return }
        guard gaps.count < Self.maximumGapCount else {
            return note(.limit, "there are too many bytes between entries", at: gap.lowerBound)
        }
        gaps.append(gap)
        note(
            .unlisted, "\(gap.count) bytes belong to no entry that is listed", at: gap.lowerBound)
        for place in bytes.offsets(of: LocalHeader.signature, from: 0) {
            guard addUnlisted(at: gap.lowerBound + place, before: gap.upperBound) else { return }
        }
    }

    private static let maximumGapCount = 1024

    /// Adds an entry that has a header but is in no directory.
    ///
    /// - Returns: Whether there may be more.
    private mutating func addUnlisted(at offset: Int, before end: Int) -> Bool {
        guard let header = try? LocalHeader(in: region.bytes, at: offset),
            header.dataOffset <= end
        else { return true }
        guard entries.count < limits.entries else {
            note(.limit, "there are \(entries.count) entries or more", at: offset)
            return false
        }
        guard spend(header, at: offset) else { return false }
        let claim = header.compressedByteCount
        let rest = end - header.dataOffset
        // Behind a header without sizes, the contents are taken to go on as long as they can.
        let count = claim == 0 ? rest : min(Int(clamping: claim), rest)
        let name = text(header.name)
        note(.unlisted, "is in no directory", at: offset, record: name)
        entries.append(
            SurveyedEntry(
                name: name, origin: .unlisted, methods: [header.method], crc32: header.crc32,
                headerOffset: offset, data: header.dataOffset..<(header.dataOffset + count),
                byteCount: claim == 0 ? UInt64(count) : header.byteCount))
        return true
    }
}
