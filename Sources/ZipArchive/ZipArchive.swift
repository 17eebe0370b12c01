package import ByteIO

/// A zip archive in memory, read by libzip and checked to mean one thing only.
///
/// A stored entry is a range of the archive's bytes and is not copied; a deflated one is inflated
/// when it is asked for. What is refused and why: `Specs/archive.md`.
public final class ZipArchive: Sendable {
    /// The entries in the order of the directory.
    public let entries: ZipEntries

    /// Whether torch's reader goes by the same end record, and takes it.
    package let isEndTakenByTorch: Bool

    /// The bytes of the whole archive.
    package let region: ByteRegion
    private let index: NameIndex
    private let budget: InflationBudget
    private let inflater: Inflater

    /// Opens the archive that fills `region`.
    ///
    /// - Parameters:
    ///   - region: The archive.
    ///   - limits: What it may cost.
    ///   - isBulk: Whether an entry with the given name is one of many that libzip need not be
    ///     asked about when they are stored and plain.
    /// - Throws: ``CheckpointError`` when the directory can't be read, or when names are double,
    ///   entries overlap or leave the archive, headers contradict each other, there is more than one
    ///   directory, or an entry is encrypted.
    /// - Complexity: O(*n*) in the number of entries, O(*n* log *n*) when they are not in order;
    ///   their contents are not read.
    package init(
        _ region: ByteRegion, limits: ZipLimits = .default,
        isBulk: (RawSpan) -> Bool = { _ in false }
    ) throws(CheckpointError) {
        let end = try EndRecord.find(in: region)
        let reader = try DirectoryReader(end, in: region, limits, isBulk)
        let view = reader.view
        let table = try reader.entries()
        try Self.checkOverlap(table, before: Int(checked: end.directoryOffset))
        index = try Self.index(table)
        entries = ZipEntries(table: table)
        inflater = Inflater(view)
        isEndTakenByTorch = end.isTakenByTorch(in: region)
        self.region = region
        budget = InflationBudget(table, archiveByteCount: region.count, limits)
    }

    /// The entry with this name, or nil.
    ///
    /// ASCII case does not matter, as in torch's reader; no two names differ in case only.
    ///
    /// - Complexity: O(1) on average.
    public func entry(named name: String) -> ZipEntry? {
        let bytes = Array(name.utf8)
        return unsafe index(of: bytes.span.bytes).map { entries[$0] }
    }

    /// The number of the entry whose name has the given UTF-8, or nil.
    ///
    /// - Parameter guess: The number that it is likely to have, for those who ask in order.
    /// - Complexity: O(1) on average.
    package func index(of name: RawSpan, guess: Int = 0) -> Int? {
        let isRight =
            entries.indices.contains(guess)
            && entries.table.withName(of: guess) { $0.hasSameBytes(as: name) }
        return isRight ? guess : index.find(name, in: entries.table)
    }

    /// Calls `body` with the UTF-8 of an entry's name.
    package func withName<Result>(of index: Int, _ body: (RawSpan) -> Result) -> Result {
        entries.table.withName(of: index, body)
    }

    /// Whether an entry is compressed by a method that is not read.
    ///
    /// - Complexity: O(*n*) in the number of entries.
    package var hasUnknownMethods: Bool {
        entries.table.rows.contains { $0.method != 0 && $0.method != 8 }
    }

    /// Whether the name of an entry is not UTF-8, so that it was read as code page 437.
    package var hasOldNames: Bool { entries.table.hasDecodedNames }

    /// The entries in the order in which they are in the file.
    package var entriesInFileOrder: [ZipEntry] {
        entries.table.indicesByOffset().map { entries[$0] }
    }

    /// The contents of the entry `index` when it is stored, or nil.
    package func storedContents(of index: Int) throws(CheckpointError) -> ByteRegion? {
        let row = entries.table.rows[index]
        guard row.method == 0 else { return nil }
        return try region.slice(at: row.dataOffset, count: row.byteCount)
    }

    /// The contents of an entry: a range of the archive's bytes when it is stored.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedCompression``,
    ///   ``CheckpointError/Code/damagedArchive`` or ``CheckpointError/Code/limitExceeded``.
    package func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        switch entry.compression {
        case .stored:
            return try region.slice(at: entry.dataOffset, count: entry.byteCount)
        case .deflated:
            try budget.check(entry)
            do throws(CheckpointError) {
                return try inflater.contents(of: entry)
            } catch {
                throw error.inRecord(entry.name)
            }
        case .unsupported(let method):
            throw CheckpointError(
                .unsupportedCompression,
                "is compressed by method \(method), which is not read here",
                advice: "Store or deflate it with another zip program"
            ).inRecord(entry.name)
        }
    }

    /// The contents of an entry that is no storage and is read whole when the archive is opened, or
    /// later: a pickle, code, a text.
    ///
    /// - Throws: as ``contents(of:)``, and ``CheckpointError/Code/limitExceeded`` when all of them
    ///   together inflate to too much.
    package func recordContents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        if entry.compression == .deflated { try budget.checkRecord(entry) }
        return try contents(of: entry)
    }

    /// The contents of an entry of this archive.
    ///
    /// - Throws: ``CheckpointError`` when the entry can't be inflated.
    /// - Complexity: O(*n*) in the size of the contents, which are copied.
    public func bytes(of entry: ZipEntry) throws -> [UInt8] {
        try contents(of: entry).copyBytes()
    }
}

extension ZipArchive {
    private static func index(_ table: EntryTable) throws(CheckpointError) -> NameIndex {
        var names = NameIndex(capacity: table.rows.count)
        for index in table.rows.indices {
            guard let previous = names.insert(index, of: table) else { continue }
            let (name, other) = (table.name(of: index), table.name(of: previous))
            throw CheckpointError(
                .duplicateRecord,
                other == name
                    ? "is in the archive twice"
                    : "is in the archive, and so is '\(other)': names that look the same to some readers",
                advice: "Readers choose differently between them; get the file from its author"
            ).inRecord(name)
        }
        return names
    }

    private static func checkOverlap(
        _ table: EntryTable, before directory: Int
    ) throws(CheckpointError) {
        var end = 0
        var previous: Int?
        for index in table.indicesByOffset() {
            let row = table.rows[index]
            guard row.headerOffset >= end else {
                throw overlap(with: previous.map { "'\(table.name(of: $0))'" }, index, in: table)
            }
            end = row.dataOffset + row.compressedByteCount
            previous = index
            guard end <= directory else {
                throw overlap(with: "the archive's directory", index, in: table)
            }
        }
    }

    @inline(never)
    private static func overlap(
        with other: String?, _ index: Int, in table: EntryTable
    ) -> CheckpointError {
        CheckpointError(
            .overlappingRecords, "overlaps \(other ?? "another")",
            offset: table.rows[index].headerOffset,
            advice: "No zip program writes this; get the file from its author"
        ).inRecord(table.name(of: index))
    }
}
