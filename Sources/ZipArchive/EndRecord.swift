import ByteIO

/// The record at the end of an archive that says where its directory is.
///
/// libzip looks for it too, but its releases choose differently where there are several, and the
/// older ones make room for as many entries as it claims before they look for any. So it is found
/// and judged here first: once libzip is asked, there is one directory that it can choose.
struct EndRecord {
    /// The number of entries that it claims; modulo 2^16 in archives without ZIP64 fields.
    let entryCount: UInt64
    /// Where the directory begins.
    let directoryOffset: UInt64
    private let directoryByteCount: UInt64
    /// Whether the numbers are those of a ZIP64 record.
    private let isWide: Bool

    /// Whether it stands for an archive without entries.
    var isEmpty: Bool { entryCount == 0 && directoryByteCount == 0 }

    private static let signature: UInt32 = 0x0605_4B50
    private static let byteCount = 22
    private static let largestComment = 0xFFFF
    private static let smallestEntry: UInt64 = 46

    /// Finds the record of the archive that fills `region`.
    ///
    /// - Throws: ``CheckpointError/Code/damagedArchive`` when there is none, and
    ///   ``CheckpointError/Code/contradictoryHeaders`` when there are several to choose from.
    static func find(in region: ByteRegion) throws(CheckpointError) -> EndRecord {
        let candidates = try candidates(in: region)
        let filled = candidates.filter { !$0.isEmpty }
        guard filled.count <= 1 else {
            throw CheckpointError(
                .contradictoryHeaders, "the zip archive has \(filled.count) directories",
                advice: "Readers choose differently between them; get the file from its author")
        }
        guard let record = filled.first ?? candidates.last else {
            throw CheckpointError(
                .damagedArchive, "the zip archive can't be read: it has no directory",
                advice: "The file is damaged or an incomplete copy; fetch it again")
        }
        guard record.entryCount <= record.directoryByteCount / smallestEntry else {
            throw CheckpointError(
                .damagedArchive,
                "a directory of \(record.directoryByteCount) bytes can't have "
                    + "\(record.entryCount) entries")
        }
        return record
    }

    private static func candidates(in region: ByteRegion) throws(CheckpointError) -> [EndRecord] {
        let start = max(region.count - byteCount - largestComment, 0)
        var records: [EndRecord] = []
        for offset in region.bytes.offsets(of: signature, from: start)
        where offset <= region.count - byteCount {
            let record = try EndRecord(in: region, at: offset)
            if record.isUsable(in: region, before: offset) { records.append(record) }
        }
        return records
    }

    // The ZIP64 record takes the place of this one, whose numbers must agree with it or be the
    // largest there are: readers that do not know ZIP64 go by them.
    private init(in region: ByteRegion, at offset: Int) throws(CheckpointError) {
        var reader = ByteReader(region.bytes)
        _ = try reader.readRange(count: offset + 10)
        let narrowCount = try reader.readLittleEndian(UInt16.self)
        let narrowByteCount = try reader.readLittleEndian(UInt32.self)
        let narrowOffset = try reader.readLittleEndian(UInt32.self)
        guard let wide = try? EndRecord(behindLocator: offset - 20, in: region) else {
            entryCount = UInt64(narrowCount)
            directoryByteCount = UInt64(narrowByteCount)
            directoryOffset = UInt64(narrowOffset)
            isWide = false
            return
        }
        guard wide.entryCount == UInt64(narrowCount) || narrowCount == .max,
            wide.directoryByteCount == UInt64(narrowByteCount) || narrowByteCount == .max,
            wide.directoryOffset == UInt64(narrowOffset) || narrowOffset == .max
        else {
            throw CheckpointError(
                .contradictoryHeaders, "the zip archive's two end records contradict each other",
                offset: offset,
                advice: "Readers choose differently between them; get the file from its author")
        }
        self = wide
    }

    /// Reads the ZIP64 record that a locator at `offset` leads to.
    private init(behindLocator offset: Int, in region: ByteRegion) throws(CheckpointError) {
        var locator = ByteReader(region.bytes)
        _ = try locator.readRange(count: offset)
        try locator.expect(0x0706_4B50)
        _ = try locator.readRange(count: 4)
        let place = try Int(checked: locator.readLittleEndian(UInt64.self))
        var reader = ByteReader(region.bytes)
        _ = try reader.readRange(count: place)
        try reader.expect(0x0606_4B50)
        _ = try reader.readRange(count: 28)
        entryCount = try reader.readLittleEndian(UInt64.self)
        directoryByteCount = try reader.readLittleEndian(UInt64.self)
        directoryOffset = try reader.readLittleEndian(UInt64.self)
        isWide = true
    }

    /// Where in the archive the directory is.
    func directory(in region: ByteRegion) throws(CheckpointError) -> Range<Int> {
        let start = try Int(checked: directoryOffset)
        return try start..<start.addingChecked(Int(checked: directoryByteCount))
    }

    /// Checks the number of entries that the directory turned out to have.
    func check(entryCount count: Int) throws(CheckpointError) {
        // Without ZIP64 fields, larger numbers are written modulo 2^16.
        let isRight =
            isWide
            ? UInt64(count) == entryCount
            : UInt64(count) >= entryCount && (UInt64(count) - entryCount) % 0x1_0000 == 0
        guard isRight else {
            throw CheckpointError(
                .damagedArchive,
                "the zip archive can't be read: its directory has \(count) entries, but is said "
                    + "to have \(entryCount)",
                advice: "The file is damaged or an incomplete copy; fetch it again")
        }
    }

    // Bytes of a record can look like an end record (an archive inside the archive has one), but
    // then no directory is where it says.
    private func isUsable(in region: ByteRegion, before end: Int) -> Bool {
        let (directoryEnd, overflow) = directoryOffset.addingReportingOverflow(directoryByteCount)
        guard !overflow, directoryEnd <= UInt64(end) else { return false }
        if isEmpty { return true }
        var reader = ByteReader(region.bytes)
        do throws(CheckpointError) {
            _ = try reader.readRange(count: Int(directoryOffset))
            try reader.expect(DirectoryRecord.signature)
            return true
        } catch { return false }
    }
}

extension ByteReader {
    fileprivate mutating func expect(_ signature: UInt32) throws(CheckpointError) {
        guard try readLittleEndian(UInt32.self) == signature else {
            throw CheckpointError(.damagedArchive, "a signature is missing", offset: position - 4)
        }
    }
}

extension RawSpan {
    /// Where four bytes in a row are `number`, from `start` on.
    ///
    /// - Complexity: O(*n*); eight bytes at a time while none is the lowest of the number.
    fileprivate func offsets(of number: UInt32, from start: Int) -> [Int] {
        let first = UInt64(number & 0xFF) &* 0x0101_0101_0101_0101
        var offsets: [Int] = []
        var position = start
        while byteCount - position >= 8 {
            // A byte of a word is 0 if taking 1 away sets a highest bit that was not set.
            let word = littleEndian64(at: position) ^ first
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 {
                append(position..<(position + 8), where: number, to: &offsets)
            }
            position += 8
        }
        append(position..<byteCount, where: number, to: &offsets)
        return offsets
    }

    private func append(_ range: Range<Int>, where number: UInt32, to offsets: inout [Int]) {
        for offset in range where contains(4, at: offset) && littleEndian32(at: offset) == number {
            offsets.append(offset)
        }
    }
}
