import ByteIO

/// The record at the end of an archive that says where its directory is.
///
/// libzip looks for it too, but its releases choose differently where there are several, and the
/// older ones make room for as many entries as it claims before they look for any. So it is found
/// and judged here first: once libzip is asked, there is one directory that it can choose.
struct EndRecord {
    /// The number of entries that it claims; modulo 2^16 in archives without ZIP64 fields.
    private(set) var entryCount: UInt64
    /// Where the directory begins.
    private(set) var directoryOffset: UInt64
    private(set) var directoryByteCount: UInt64
    /// The ZIP64 record that takes the place of this one, if there is one.
    private let wide: WideEndRecord?
    private let offset: Int
    /// Why it is not to be believed, or nil.
    private var defect: CheckpointError?

    /// Whether it stands for an archive without entries.
    var isEmpty: Bool { entryCount == 0 && directoryByteCount == 0 }

    static let signature: UInt32 = 0x0605_4B50
    /// The size of one without its comment.
    static let byteCount = 22
    /// How far from the end of an archive the record may begin.
    static let largestDistance = byteCount + 0xFFFF
    private static let smallestEntry: UInt64 = 46

    /// Finds the record of the archive that fills `region`.
    ///
    /// - Throws: ``CheckpointError/Code/damagedArchive`` when there is none that makes sense, and
    ///   ``CheckpointError/Code/contradictoryHeaders`` when there are several to choose from.
    static func find(in region: ByteRegion) throws(CheckpointError) -> EndRecord {
        let candidates = candidates(in: region)
        let filled = candidates.filter { !$0.isEmpty }
        guard let record = filled.first ?? candidates.last else {
            throw CheckpointError(
                .damagedArchive, "the zip archive can't be read: it has no directory",
                advice: "The file is damaged or an incomplete copy; fetch it again")
        }
        // One of no entries before the directory is that of an empty archive in a record.
        let count = candidates.count { !$0.isEmpty || $0.offset >= record.directoryOffset }
        guard count <= 1 else {
            throw .contradiction("the zip archive has \(count) directories", at: nil)
        }
        if let defect = record.defect { throw defect }
        guard record.entryCount <= record.directoryByteCount / smallestEntry else {
            throw CheckpointError(
                .damagedArchive,
                "a directory of \(record.directoryByteCount) bytes can't have "
                    + "\(record.entryCount) entries")
        }
        return record
    }

    private static func candidates(in region: ByteRegion) -> [EndRecord] {
        anything(in: region).filter { $0.isUsable(in: region.bytes) }
    }

    /// What is, or only looks like, an end record.
    static func anything(in region: ByteRegion) -> [EndRecord] {
        let start = max(region.count - largestDistance, 0)
        return region.bytes.offsets(of: signature, from: start)
            .filter { $0 <= region.count - byteCount }
            .map { EndRecord(in: region.bytes, at: $0) }
    }

    private init(in bytes: RawSpan, at offset: Int) {
        self.offset = offset
        wide = WideEndRecord(before: offset, in: bytes)
        entryCount = UInt64(bytes.littleEndian16(at: offset + 10))
        directoryByteCount = UInt64(bytes.littleEndian32(at: offset + 12))
        directoryOffset = UInt64(bytes.littleEndian32(at: offset + 16))
        let disks = (4..<8).map { bytes.byte(at: offset + $0) }
        let isWhole =
            disks.allSatisfy { $0 == 0 } || (wide != nil && disks.allSatisfy { $0 == .max })
        if !isWhole || bytes.littleEndian16(at: offset + 8) != bytes.littleEndian16(at: offset + 10)
        {
            defect = .damage("its end record is that of a part of an archive", at: offset)
        }
        adoptWideNumbers()
        if directoryOffset &+ directoryByteCount != UInt64(wide?.offset ?? offset) {
            defect =
                defect
                ?? .contradiction(
                    "there are bytes between the zip archive's directory and its end record",
                    at: offset)
        }
    }

    // The ZIP64 record takes the place of this one, whose numbers must agree with it or be the
    // largest there are: readers that do not know ZIP64 go by them.
    private mutating func adoptWideNumbers() {
        guard let wide else { return }
        if wide.isBroken {
            defect = .damage("its ZIP64 locator leads to no ZIP64 record before it", at: offset)
            return
        }
        let agrees =
            (wide.entryCount == entryCount || entryCount == UInt64(UInt16.max))
            && (wide.directoryByteCount == directoryByteCount
                || directoryByteCount == UInt64(UInt32.max))
            && (wide.directoryOffset == directoryOffset || directoryOffset == UInt64(UInt32.max))
        if !agrees {
            defect = .contradiction(
                "the zip archive's two end records contradict each other", at: offset)
        }
        entryCount = wide.entryCount
        directoryByteCount = wide.directoryByteCount
        directoryOffset = wide.directoryOffset
    }

    /// Whether torch's reader takes this record for the one of the archive, and takes it.
    ///
    /// It goes by the last signature whatever that is, also in the comment, and wants one part.
    func isTakenByTorch(in region: ByteRegion) -> Bool {
        let others = region.bytes.offsets(of: Self.signature, from: offset + 1)
        return !others.contains { $0 <= region.count - Self.byteCount } && wide?.partCount != 0
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
            wide != nil
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
    private func isUsable(in bytes: RawSpan) -> Bool {
        let (directoryEnd, overflow) = directoryOffset.addingReportingOverflow(directoryByteCount)
        guard !overflow, directoryEnd <= UInt64(offset) else { return false }
        if isEmpty { return true }
        let start = Int(directoryOffset)
        return bytes.contains(4, at: start)
            && bytes.littleEndian32(at: start) == DirectoryRecord.signature
    }
}

extension CheckpointError {
    fileprivate static func damage(_ what: String, at offset: Int) -> CheckpointError {
        CheckpointError(
            .damagedArchive, "the zip archive can't be read: \(what)", offset: offset,
            advice: "The file is damaged or an incomplete copy; fetch it again")
    }

    fileprivate static func contradiction(_ what: String, at offset: Int?) -> CheckpointError {
        CheckpointError(
            .contradictoryHeaders, what, offset: offset,
            advice: "Readers choose differently between them; get the file from its author")
    }
}
