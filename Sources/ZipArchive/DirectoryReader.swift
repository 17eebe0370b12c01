import ByteIO

/// Reads an archive's directory, with libzip where it takes more than to look.
///
/// Stored entries of which there may be many, and of which directory and local header say the same
/// and nothing unusual, are taken as they are. libzip reads all others. See `Specs/archive.md`.
struct DirectoryReader {
    /// What libzip is shown.
    private(set) var view: ArchiveView

    private let region: ByteRegion
    private let directory: Range<Int>
    /// All entries; those that libzip reads are empty until they are read.
    private var table: EntryTable
    /// The numbers of the entries that libzip reads, in order, and where the directory has them.
    private var others: [Int] = []
    private var otherRanges: [Range<Int>] = []
    private var headers: LocalHeaderReader

    /// Walks the directory.
    ///
    /// - Parameter isBulk: Whether libzip need not be asked about an entry with the given name if it
    ///   is plain.
    /// - Throws: ``CheckpointError/Code/damagedArchive`` or ``CheckpointError/Code/limitExceeded``.
    init(
        _ end: EndRecord, in region: ByteRegion, _ limits: ZipLimits,
        _ isBulk: (RawSpan) -> Bool
    ) throws(CheckpointError) {
        self.region = region
        headers = LocalHeaderReader(region)
        view = ArchiveView(region)
        directory = try end.directory(in: region)
        guard directory.count <= UInt32.max else {
            throw CheckpointError(
                .limitExceeded, "the archive's directory has \(directory.count) bytes, too many")
        }
        try Self.check(end.entryCount, limits)
        table = try EntryTable(
            region.slice(at: directory.lowerBound, count: directory.count),
            capacity: Int(end.entryCount))
        var position = directory.lowerBound
        while position < directory.upperBound {
            try Self.check(UInt64(table.rows.count + 1), limits)
            let record = try DirectoryRecord(
                in: region.bytes, at: position, before: directory.upperBound)
            guard record.name.count <= limits.nameBytes else {
                throw Self.tooLong(record.name.count, limits, at: position)
            }
            append(record, at: position, isBulk)
            position = record.end
        }
        try end.check(entryCount: table.rows.count)
        guard others.count < table.rows.count else { return }
        let reduced = try ArchiveView(
            region, before: directory.lowerBound, others, at: otherRanges)
        if !reduced.isAmbiguous { view = reduced }
    }

    private mutating func append(
        _ record: DirectoryRecord, at position: Int, _ isBulk: (RawSpan) -> Bool
    ) {
        if isBulk(region.bytes.extracting(record.name)), let row = plainRow(record) {
            return table.append(row)
        }
        others.append(table.rows.count)
        otherRanges.append(position..<record.end)
        table.append(EntryTable.Row())
    }

    private static func check(_ count: UInt64, _ limits: ZipLimits) throws(CheckpointError) {
        guard count <= UInt64(max(limits.entries, 0)) else {
            throw CheckpointError(
                .limitExceeded,
                "the archive has \(count) entries or more, the limit is \(limits.entries)",
                advice: "Raise ZipLimits.entries if the file is trusted")
        }
    }

    @inline(never)
    private static func tooLong(
        _ count: Int, _ limits: ZipLimits, at offset: Int
    ) -> CheckpointError {
        CheckpointError(
            .limitExceeded,
            "the name of an entry has \(count) bytes, the limit is \(limits.nameBytes)",
            offset: offset, advice: "Raise ZipLimits.nameBytes if the file is trusted")
    }

    /// The entry, if its two headers agree and say nothing unusual.
    private mutating func plainRow(_ record: DirectoryRecord) -> EntryTable.Row? {
        guard record.isPlain, region.bytes.extracting(record.name).isPlainName,
            let header = headers.header(agreeingWith: record),
            region.bytes.contains(Int(record.byteCount), at: header.dataOffset)
        else { return nil }
        return row(record, headerOffset: Int(record.headerOffset), header)
    }

    private func row(
        _ record: DirectoryRecord, headerOffset: Int, _ header: LocalHeader
    ) -> EntryTable.Row {
        EntryTable.Row(
            headerOffset: headerOffset, byteCount: Int(record.byteCount),
            compressedByteCount: Int(record.compressedByteCount), crc32: record.crc32,
            headerByteCount: UInt32(header.dataOffset - headerOffset),
            nameOffset: UInt32(record.name.lowerBound - directory.lowerBound),
            nameByteCount: UInt16(record.name.count), method: record.method)
    }
}

extension DirectoryReader {
    /// All entries, those that libzip reads included.
    ///
    /// - Throws: ``CheckpointError`` when libzip can't read the archive, or the headers of an entry
    ///   contradict each other.
    consuming func entries() throws(CheckpointError) -> EntryTable {
        let handle = try ZipHandle(view)
        guard handle.count == UInt64(view.shownCount ?? table.rows.count) else {
            throw CheckpointError(.damagedArchive, "the zip archive's directory can't be read")
        }
        for (index, range) in zip(others, otherRanges) {
            let (row, name) = try read(index, at: range.lowerBound, with: handle)
            table.replace(index, by: row, name: name)
        }
        return table
    }

    /// Gathers what directory and local header say of an entry, and checks that they agree.
    private func read(
        _ index: Int, at position: Int, with handle: ZipHandle
    ) throws(CheckpointError) -> (EntryTable.Row, name: String?) {
        let status = try handle.status(of: view.place(of: index) ?? UInt64(index))
        do throws(CheckpointError) {
            let record = try DirectoryRecord(
                in: region.bytes, at: position, before: directory.upperBound)
            try check(record, status)
            let row = try row(record, status)
            let isDecoded = !status.name.utf8.elementsEqual(status.rawName)
            return (row, isDecoded ? status.name : nil)
        } catch {
            throw error.inRecord(status.name)
        }
    }

    /// Checks that libzip has read the entry that is there, and as it is there.
    private func check(
        _ record: DirectoryRecord, _ status: ZipHandle.Status
    ) throws(CheckpointError) {
        let name = Array(copying: region.bytes.extracting(record.name))
        var wide = Zip64Field(in: region.bytes, record.extra)
        let byteCount = wide.number(for: record.byteCount)
        let compressedByteCount = wide.number(for: record.compressedByteCount)
        guard name == status.rawName, byteCount == status.byteCount,
            compressedByteCount == status.compressedByteCount, record.crc32 == status.crc32
        else {
            throw CheckpointError(
                .contradictoryHeaders,
                "has another name, size or checksum in the directory than for libzip",
                offset: record.name.lowerBound,
                advice: "Readers choose differently between them; get the file from its author")
        }
    }

    private func row(
        _ record: DirectoryRecord, _ status: ZipHandle.Status
    ) throws(CheckpointError) -> EntryTable.Row {
        guard !status.isEncrypted, !record.isEncodedUnusually else {
            throw CheckpointError(
                .encryptedRecord, "is encrypted", advice: "Decrypt the archive first")
        }
        guard !record.isFolderWithContents else {
            throw CheckpointError(
                .contradictoryHeaders, "is said to be a folder, and has contents",
                offset: record.name.lowerBound,
                advice: "torch reads nothing of it; get the file from its author")
        }
        let offset = try record.wideHeaderOffset(in: region.bytes)
        let header = try LocalHeader(in: region.bytes, at: offset)
        if let contradiction = header.contradiction(to: status, in: region.bytes) {
            throw CheckpointError(
                .contradictoryHeaders, contradiction, offset: offset,
                advice: "Readers choose differently between them; get the file from its author")
        }
        var row = row(record, headerOffset: offset, header)
        row.byteCount = try Int(checked: status.byteCount)
        row.compressedByteCount = try Int(checked: status.compressedByteCount)
        guard status.method != 0 || row.byteCount == row.compressedByteCount else {
            throw CheckpointError(
                .contradictoryHeaders,
                "is stored, but has \(row.byteCount) bytes and \(row.compressedByteCount) in the "
                    + "file", offset: offset)
        }
        _ = try region.slice(at: row.dataOffset, count: row.compressedByteCount)
        return row
    }
}

extension RawSpan {
    /// Whether the bytes are ASCII characters and none is 0.
    fileprivate var isPlainName: Bool {
        byteCount > 0 && isASCII && unionOfWords { $0.hasZeroByte ? 1 : 0 } == 0
    }
}
