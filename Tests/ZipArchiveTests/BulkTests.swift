import ByteIO
import TestSupport
import Testing

@testable import ZipArchive

/// Archives of which all plain entries are read without libzip.
struct BulkTests {
    @Test(arguments: Fixture.readable("zip"))
    func `an archive is the same with libzip and without`(_ fixture: Fixture) throws {
        let region = try ByteRegion(copying: fixture.bytes())
        let (with, without) = try (ZipArchive(region), ZipArchive(region) { _ in true })
        #expect(with.entries.map(Facts.init) == without.entries.map(Facts.init))
        for (one, other) in zip(with.entries, without.entries) {
            let contents = try without.contents(of: other).copyBytes()
            #expect(try with.contents(of: one).copyBytes() == contents)
            #expect(without.entry(named: one.name)?.index == one.index)
            // Letters beyond ASCII are told apart.
            guard one.name.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
            #expect(without.entry(named: one.name.uppercased())?.index == one.index)
        }
    }

    @Test(arguments: Damage.all)
    func `an archive that means two things, or nothing, is refused`(_ damage: Damage) {
        var writer = RefusalTests.sound
        damage.apply(&writer)
        #expect(bulkFailure(writer.bytes())?.code == damage.code)
    }

    @Test(arguments: 0..<4)
    func `an archive with changed bytes is refused or read inside its bounds`(
        _ seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let original = ZipWriter([
            .torch("a/data.pkl", [1, 2, 3]), .torch("a/data/0", [4, 5]), .torch("a/data/1", []),
        ]).bytes()
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = .random(in: 0...255, using: &generator)
            }
            let region = try ByteRegion(copying: bytes)
            guard let archive = try? ZipArchive(region, isBulk: { _ in true }) else { continue }
            for entry in archive.entries {
                let contents = try? archive.contents(of: entry)
                #expect(contents == nil || contents?.count == entry.byteCount, "seed \(seed)")
            }
        }
    }

    // libzip looks for an end record in the last 64 KiB of what it is shown. Without most of a large
    // directory, these are bytes of the records, which nobody has judged.
    @Test func `an end record in a record does not lead libzip elsewhere`() throws {
        let names = (0..<1500).map { "a/data/\(String(repeating: "x", count: 40))\($0)" }
        var writer = ZipWriter([.deflated("a/data.pkl")] + names.map { .stored($0, [1, 2]) })
        var other = ZipWriter([.stored("a/data.pkl", [6, 6, 6])])
        other.entries[0].offset = 0
        for isWide in [false, true] {
            other.end.isWide = isWide
            writer.entries[1500] = .stored("a/data/last", other.bytes())
            let archive = try bulk(writer.bytes())
            let entry = try #require(archive.entry(named: "a/data.pkl"))
            #expect(try archive.contents(of: entry).copyBytes() == ZipWriter.inflatedBytes)
        }
    }

    @Test func `a numbered name is found wherever its entry is`() throws {
        let numbers = [5, 0, 3, 1, 99_999_999_999, 4, 2, 7]
        let names =
            numbers.map { "a/data/\($0)" } + ["a/0", "b/0", "a/00", "a/data/X1", "a/data/", "0"]
        let archive = try bulk(
            ZipWriter(
                names.map { .stored($0, $0.hasSuffix("/") ? [] : Array($0.utf8)) }
            ).bytes())
        for (index, name) in names.enumerated() {
            #expect(archive.entry(named: name)?.index == index)
            #expect(archive.entry(named: name.lowercased())?.index == index)
        }
        for name in ["a/data/6", "c/0", "a/data/x", "1", ""] {
            #expect(archive.entry(named: name) == nil)
        }
    }

    @Test(arguments: ["a/data/7", "a/DATA/7", "A/data/7"])
    func `numbered names that differ in case only are refused`(_ name: String) {
        let names = (0..<20).map { "a/data/\($0)" } + [name]
        let bytes = ZipWriter(names.map { .stored($0, [1]) }).bytes()
        #expect(bulkFailure(bytes)?.code == .duplicateRecord)
    }
}

/// End records that are not what they have to be, which libzip is not shown.
struct EndRecordTests {
    private static let wide: [UInt8] = {
        var writer = RefusalTests.sound
        writer.end.isWide = true
        return writer.bytes()
    }()

    // Offsets are from the end of the archive: a record of 22 bytes, a locator of 20, one of 56.
    @Test(arguments: [
        ("the disk of the end record", 18, 1), ("the disk of the directory", 16, 1),
        ("the entries on this disk", 14, 1), ("the locator's place", 34, 1),
        ("the locator's disk", 38, 1), ("the number of disks", 26, 2),
        ("the size of the ZIP64 record", 94, 45), ("the ZIP64 record's disk", 82, 1),
        ("the ZIP64 record's entries on this disk", 74, 1), ("its signature", 98, 0),
    ])
    func `a wrong field is refused`(_ name: String, _ distance: Int, _ value: UInt8) throws {
        #expect(try bulk(Self.wide).entries.count == 2)
        var bytes = Self.wide
        #expect(bytes[bytes.count - distance] != value, "\(name)")
        bytes[bytes.count - distance] = value
        #expect(bulkFailure(bytes)?.code == .damagedArchive, "\(name)")
    }

    @Test func `bytes between the directory and its end record are refused`() {
        var writer = RefusalTests.sound
        for isWide in [false, true] {
            writer.end.isWide = isWide
            writer.gap = [0]
            #expect(bulkFailure(writer.bytes()) != nil)
            writer.gap = []
            #expect(bulkFailure(writer.bytes()) == nil)
        }
    }

    @Test func `an empty end record behind the directory's beginning is refused`() {
        var writer = RefusalTests.sound
        writer.comment = ZipWriter().bytes()
        #expect(bulkFailure(writer.bytes())?.code == .contradictoryHeaders)
    }
}

/// What is told of an entry.
private struct Facts: Equatable {
    let name: [UInt8]
    let compression: ZipEntry.Compression
    let numbers: [Int]
    let crc32: UInt32

    init(_ entry: ZipEntry) {
        name = Array(entry.name.utf8)
        compression = entry.compression
        numbers = [
            entry.byteCount, entry.compressedByteCount, entry.headerOffset, entry.dataOffset,
            entry.index,
        ]
        crc32 = entry.crc32
    }
}

private func bulk(_ bytes: [UInt8]) throws -> ZipArchive {
    try ZipArchive(ByteRegion(copying: bytes)) { _ in true }
}

private func bulkFailure(_ bytes: [UInt8]) -> CheckpointError? {
    do {
        _ = try bulk(bytes)
        return nil
    } catch {
        return error as? CheckpointError
    }
}
