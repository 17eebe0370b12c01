import ByteIO
import Testing

@testable import ZipArchive

/// Limits on what archives inflate to: 200 bytes of each deflated entry of ``ZipWriter``.
@Suite struct InflationLimitTests {
    private static let size = ZipWriter.inflatedBytes.count

    private func error(
        _ limits: ZipLimits, _ read: (ZipArchive) throws -> Void
    ) throws -> CheckpointError? {
        let archive = try open(
            ZipWriter([.deflated("a"), .deflated("b"), .stored("c", [1])]), limits: limits)
        do {
            try read(archive)
            return nil
        } catch {
            return error as? CheckpointError
        }
    }

    @Test func `the name of an entry may be as long as the limit`() {
        let writer = ZipWriter([.stored("abc", [1])])
        #expect(failure(writer, limits: ZipLimits(nameBytes: 3)) == nil)
        let error = failure(writer, limits: ZipLimits(nameBytes: 2))
        #expect(error?.code == .limitExceeded)
        #expect(error?.offset == 34, "the directory's entry, behind a header, a name and a byte")
        #expect(error?.reason.contains("3 bytes, the limit is 2") == true)
        #expect(error?.advice?.contains("ZipLimits.nameBytes") == true)
        #expect(failure(writer, limits: ZipLimits(nameBytes: -1))?.code == .limitExceeded)
        let long = { ZipWriter([.stored(String(repeating: "n", count: $0), [1])]) }
        #expect(failure(long(4096)) == nil)
        #expect(failure(long(4097))?.code == .limitExceeded)
    }

    @Test func `records that are no storages inflate to the limit together`() throws {
        let read: (ZipArchive) throws -> Void = { archive in
            // Each counts once, however often it is read.
            for _ in 0..<3 { _ = try archive.recordContents(of: archive.entries[0]) }
            _ = try archive.recordContents(of: archive.entries[2])
            _ = try archive.recordContents(of: archive.entries[1])
        }
        #expect(try error(ZipLimits(recordBytes: 2 * Self.size), read) == nil)
        let failure = try error(ZipLimits(recordBytes: 2 * Self.size - 1), read)
        #expect(failure?.code == .limitExceeded)
        #expect(failure?.record == "b")
        #expect(failure?.offset == 30 + 1 + ZipWriter.deflatedBytes.count)
        #expect(failure?.reason.contains("\(2 * Self.size) bytes") == true)
        #expect(failure?.advice?.contains("ZipLimits.recordBytes") == true)
    }

    @Test func `storages do not count as such records`() throws {
        let failure = try error(ZipLimits(recordBytes: Self.size)) { archive in
            _ = try archive.recordContents(of: archive.entries[0])
            _ = try archive.contents(of: archive.entries[1])
        }
        #expect(failure == nil)
    }

    @Test func `the proportion counts from what any archive may inflate to`() throws {
        // The archive is far below 64 MiB and 1 MiB.
        let failure = try error(ZipLimits(inflationRatio: 0, recordRatio: -1)) { archive in
            _ = try archive.recordContents(of: archive.entries[0])
            _ = try archive.contents(of: archive.entries[1])
        }
        #expect(failure == nil)
    }

    /// The budget of an archive whose entries are deflated and say that they have these sizes.
    private func budget(
        _ sizes: [Int], archive: Int, _ limits: ZipLimits = .default
    ) throws -> (InflationBudget, [ZipEntry]) {
        var table = EntryTable(ByteRegion(), capacity: sizes.count)
        for size in sizes {
            table.append(
                EntryTable.Row(byteCount: size, compressedByteCount: size / 1000, method: 8))
        }
        return (
            InflationBudget(table, archiveByteCount: archive, limits),
            sizes.indices.map(table.entry)
        )
    }

    @Test func `64 MiB are inflated of any archive, and no byte more out of proportion`() throws {
        let half = 1 << 25
        let (allowed, entries) = try budget([half, half], archive: 1000)
        for entry in entries { try allowed.check(entry) }
        let (refused, others) = try budget([half, half + 1], archive: 1000)
        let error = #expect(throws: CheckpointError.self) { try refused.check(others[0]) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.reason.contains("\(2 * half + 1)") == true)
        #expect(error?.advice?.contains("ZipLimits.inflationRatio") == true)
    }

    @Test func `64 times the archive is inflated, and no byte more`() throws {
        let size = 1 << 30
        let (allowed, entries) = try budget([size], archive: size / 64)
        try allowed.check(entries[0])
        let (refused, others) = try budget([size], archive: size / 64 - 1)
        #expect(throws: CheckpointError(.limitExceeded, "")) { try refused.check(others[0]) }
        let (raised, same) = try budget(
            [size], archive: size / 64 - 1, ZipLimits(inflationRatio: .max))
        try raised.check(same[0])
    }

    @Test func `1 MiB of records is inflated of any archive, and 32 times the archive`() throws {
        let (allowed, entries) = try budget([1 << 20], archive: 1000)
        try allowed.checkRecord(entries[0])
        let (refused, others) = try budget([1 << 20, 1], archive: 1000)
        try refused.checkRecord(others[0])
        let error = #expect(throws: CheckpointError.self) { try refused.checkRecord(others[1]) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.advice?.contains("ZipLimits.recordRatio") == true)
        let (large, same) = try budget([1 << 25], archive: 1 << 20)
        try large.checkRecord(same[0])
        let (larger, last) = try budget([1 << 25 + 1], archive: 1 << 20)
        #expect(throws: CheckpointError(.limitExceeded, "")) { try larger.checkRecord(last[0]) }
    }

    @Test func `what was inflated last is at hand`() throws {
        let archive = try open(ZipWriter([.deflated("a"), .deflated("b")]))
        let regions = try [0, 1, 0, 1].map { try archive.contents(of: archive.entries[$0]) }
        #expect(regions[0].isIdentical(to: regions[2]))
        #expect(regions[1].isIdentical(to: regions[3]))
        #expect(!regions[0].isIdentical(to: regions[1]))
        #expect(regions.allSatisfy { $0.copyBytes() == ZipWriter.inflatedBytes })
    }

    @Test func `only the last entries are kept`() throws {
        let archive = try open(ZipWriter((0..<65).map { .deflated("e\($0)") }))
        let first = try archive.contents(of: archive.entries[0])
        for entry in archive.entries.dropFirst().dropLast() { _ = try archive.contents(of: entry) }
        #expect(try archive.contents(of: archive.entries[0]).isIdentical(to: first))
        for entry in archive.entries.dropFirst() { _ = try archive.contents(of: entry) }
        #expect(try !archive.contents(of: archive.entries[0]).isIdentical(to: first))
    }
}
