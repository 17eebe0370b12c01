import ByteIO

extension ZipSurvey {
    /// Walks a directory up to its end or to something that is no entry.
    mutating func readEntries(_ directory: SurveyedDirectory) {
        var position = directory.start
        var count = 0
        while position < directory.endRecords {
            guard entries.count < limits.entries else {
                note(.limit, "there are \(entries.count) entries or more", at: position)
                break
            }
            do throws(CheckpointError) {
                let record = try DirectoryRecord(
                    in: region.bytes, at: position, before: directory.endRecords)
                let mayHaveMore = read(record, at: position, shift: directory.shift)
                position = record.end
                count += 1
                guard mayHaveMore else { break }
            } catch {
                note(.damage, error.reason, at: position)
                break
            }
        }
        if !directory.isRight(count) {
            note(
                .contradiction,
                "\(directory.entryCount) entries are said to be there, \(count) are",
                at: directory.start)
        }
        take(directory.start..<position)
        take(directory.endRecords..<directory.comment.upperBound)
        addAside(directory.comment)
    }

    mutating func take(_ range: Range<Int>) {
        if !range.isEmpty { taken.append(range) }
    }

    /// - Returns: Whether there may be more.
    private mutating func read(
        _ record: DirectoryRecord, at position: Int, shift: Int
    ) -> Bool {
        let name = text(record.name)
        guard let offset = headerOffset(record, shift: shift) else {
            note(
                .contradiction, "the directory says that an entry starts where none does",
                at: position, record: name)
            return true
        }
        guard let header = try? LocalHeader(in: region.bytes, at: offset) else {
            note(.damage, "its header is not whole", at: offset, record: name)
            return true
        }
        guard spend(header, at: offset, listed: record.end - position) else { return false }
        check(header, against: record, name: name, at: offset)
        checkAsides(of: record, header)
        if record.isLink(in: region.bytes, at: position) {
            note(.unsafePath, "is a symbolic link", at: offset, record: name)
        }
        append(header, record, name: name, at: offset)
        return true
    }

    private mutating func checkAsides(of record: DirectoryRecord, _ header: LocalHeader) {
        addAside(record.extra.upperBound..<record.end)
        let local = header.name.upperBound..<min(header.dataOffset, region.count)
        for extra in [record.extra, local] where !isPlain(extra) { addAside(extra) }
    }

    /// Whether extra fields are those that torch writes: sizes, and a padding of `Z`.
    private func isPlain(_ extra: Range<Int>) -> Bool {
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let kind = region.bytes.littleEndian16(at: position)
            let count = Int(region.bytes.littleEndian16(at: position + 2))
            position += 4
            guard count <= extra.upperBound - position else { return false }
            switch kind {
            case Self.wideKind: if count > Self.longestWide { return false }
            case Self.paddingKind:
                for offset in 0..<count
                where region.bytes.byte(at: position + offset) != Self.padding { return false }
            default: return false
            }
            position += count
        }
        return position == extra.upperBound
    }

    private static let wideKind: UInt16 = 1
    private static let longestWide = 28
    private static let paddingKind: UInt16 = 0x4246
    private static let padding = UInt8(ascii: "Z")

    private func headerOffset(_ record: DirectoryRecord, shift: Int) -> Int? {
        guard let offset = try? record.wideHeaderOffset(in: region.bytes) else { return nil }
        return [offset, offset.addingCapped(shift)].first(where: isHeader)
    }

    func isHeader(_ offset: Int) -> Bool {
        region.bytes.contains(4, at: offset)
            && region.bytes.littleEndian32(at: offset) == LocalHeader.signature
    }

    private mutating func check(
        _ header: LocalHeader, against record: DirectoryRecord, name: String, at offset: Int
    ) {
        var wide = Zip64Field(in: region.bytes, record.extra)
        let status = ZipHandle.Status(
            rawName: Array(copying: region.bytes.extracting(record.name)), name: name,
            byteCount: wide.number(for: record.byteCount),
            compressedByteCount: wide.number(for: record.compressedByteCount),
            crc32: record.crc32, method: Int(record.method), isEncrypted: record.isEncrypted)
        if let contradiction = header.contradiction(to: status, in: region.bytes) {
            note(.contradiction, contradiction, at: offset, record: name)
        } else if status.method == 0, status.byteCount != status.compressedByteCount {
            note(.contradiction, "is stored, but has two sizes", at: offset, record: name)
        }
        if record.isFolderWithContents {
            note(
                .contradiction, "is said to be a folder, and has contents, which torch leaves out",
                at: offset, record: name)
        }
        if header.isEncrypted || record.isEncrypted || record.isEncodedUnusually {
            note(.encrypted, "is said to be encrypted", at: offset, record: name)
        }
    }

    private mutating func append(
        _ header: LocalHeader, _ record: DirectoryRecord, name: String, at offset: Int
    ) {
        var wide = Zip64Field(in: region.bytes, record.extra)
        let byteCount = wide.number(for: record.byteCount)
        let count = Int(clamping: wide.number(for: record.compressedByteCount))
        let start = min(header.dataOffset, region.count)
        let end = min(start.addingCapped(count), region.count)
        if end - start < count {
            note(
                .damage, "\(count) bytes are said to be there, \(end - start) are",
                at: offset, record: name)
        }
        let methods = [record.method] + (header.method == record.method ? [] : [header.method])
        let entry = SurveyedEntry(
            name: name, origin: .directory, methods: methods, crc32: record.crc32,
            headerOffset: offset, data: start..<end, byteCount: byteCount)
        // Two directories can list the same entry.
        if let known = places[offset].map({ entries[$0] }), known.name == name,
            known.data == entry.data
        {
            return
        }
        places[offset] = entries.count
        entries.append(entry)
        take(offset..<end.addingCapped(descriptorByteCount(at: end, header)))
    }

    /// The size of the data descriptor behind the contents.
    private func descriptorByteCount(at offset: Int, _ header: LocalHeader) -> Int {
        guard header.isDeferred, region.bytes.contains(4, at: offset) else { return 0 }
        let hasSignature = region.bytes.littleEndian32(at: offset) == Self.descriptorSignature
        let sizes = hasSignature ? [16, 24] : [12, 20]
        return sizes.first { isFollowed(at: offset + $0) } ?? (hasSignature ? 16 : 0)
    }

    private static let descriptorSignature: UInt32 = 0x0807_4B50

    /// Whether an entry, a directory or an end record begins at an offset.
    private func isFollowed(at offset: Int) -> Bool {
        region.bytes.contains(2, at: offset) && region.bytes.littleEndian16(at: offset) == 0x4B50
    }
}
