import ByteIO
import TestSupport
import Testing

@testable import ZipArchive

/// A change to an archive of two stored entries that makes it mean two things, or nothing.
struct Damage: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var code: CheckpointError.Code
    var apply: @Sendable (inout ZipWriter) -> Void

    init(
        _ name: String, _ code: CheckpointError.Code,
        _ apply: @escaping @Sendable (inout ZipWriter) -> Void
    ) {
        testDescription = name
        self.code = code
        self.apply = apply
    }

    static let all: [Damage] = [
        Damage("the same name twice", .duplicateRecord) { $0.entries[1] = .stored("a/x", [3]) },
        Damage("names that differ in case", .duplicateRecord) {
            $0.entries[1] = .stored("a/X", [3])
        },
        Damage("an entry that starts inside another", .overlappingRecords) {
            $0.entries[1] = $0.entries[0]
            $0.entries[0].contents = ZipWriter([.stored("a/y", [9])]).bytes()
            let size = UInt32($0.entries[0].contents.count)
            ($0.entries[0].local.byteCount, $0.entries[0].local.compressedByteCount) = (size, size)
            ($0.entries[0].central.byteCount, $0.entries[0].central.compressedByteCount) = (
                size, size
            )
            $0.entries[1] = .stored("a/y", [9])
            $0.entries[1].offset = 33
        },
        Damage("an entry that reaches into the directory", .overlappingRecords) {
            for size in ZipWriter.Header.sizes {
                $0.entries[1].local[keyPath: size] += 20
                $0.entries[1].central[keyPath: size] += 20
            }
        },
        Damage("an entry that ends behind the file", .truncated) {
            for size in ZipWriter.Header.sizes {
                $0.entries[1].local[keyPath: size] += 10_000
                $0.entries[1].central[keyPath: size] += 10_000
            }
        },
        Damage("an entry that starts behind the file", .truncated) {
            $0.entries[1].offset = 1 << 30
        },
        Damage("another name", .contradictoryHeaders) {
            $0.entries[0].local.name = Array("a/z".utf8)
        },
        Damage("a longer name", .contradictoryHeaders) { $0.entries[0].local.name += [0x61] },
        Damage("a name cut by a zero", .contradictoryHeaders) {
            $0.entries[0].local.name += [0, 0x61]
            $0.entries[0].central.name = $0.entries[0].local.name
        },
        Damage("a name in an extra field", .contradictoryHeaders) {
            let name = Array("a/other".utf8)
            let body = [1] + little(crc32($0.entries[0].central.name)) + name
            $0.entries[0].central.extra = little(UInt16(0x7075)) + little(UInt16(body.count)) + body
        },
        Damage("another method", .contradictoryHeaders) { $0.entries[0].local.method = 8 },
        Damage("another size", .contradictoryHeaders) { $0.entries[0].local.byteCount = 1 },
        Damage("another compressed size", .contradictoryHeaders) {
            $0.entries[0].local.compressedByteCount = 1
        },
        Damage("no size without a descriptor", .contradictoryHeaders) {
            ($0.entries[0].local.byteCount, $0.entries[0].local.compressedByteCount) = (0, 0)
        },
        Damage("another checksum", .contradictoryHeaders) { $0.entries[0].local.crc32 ^= 1 },
        Damage("a checksum of a descriptor's entry", .contradictoryHeaders) {
            $0.entries[0].local.flags = 8
            $0.entries[0].local.crc32 ^= 1
        },
        Damage("the largest size without a ZIP64 field", .contradictoryHeaders) {
            $0.entries[0].local.byteCount = .max
        },
        Damage("another size in a ZIP64 field", .contradictoryHeaders) {
            ($0.entries[0].local.byteCount, $0.entries[0].local.compressedByteCount) = (.max, .max)
            $0.entries[0].local.extra =
                little(UInt16(1)) + little(UInt16(16)) + little(UInt64(2)) + little(UInt64(3))
        },
        Damage("stored in fewer bytes than it has", .contradictoryHeaders) {
            $0.entries[0].local.byteCount = 1
            $0.entries[0].central.byteCount = 1
        },
        Damage("encrypted by both headers", .encryptedRecord) {
            $0.entries[0].local.flags = 1
            $0.entries[0].central.flags = 1
        },
        Damage("encrypted by the directory", .encryptedRecord) { $0.entries[0].central.flags = 1 },
        Damage("encrypted by its own header", .contradictoryHeaders) {
            $0.entries[0].local.flags = 1
        },
        Damage("strongly encrypted", .encryptedRecord) {
            $0.entries[0].local.flags = 0x41
            $0.entries[0].central.flags = 0x41
        },
        Damage("strongly encrypted by a flag alone", .encryptedRecord) {
            $0.entries[0].central.flags = 0x40
        },
        Damage("a patch of other data", .encryptedRecord) { $0.entries[0].central.flags = 0x20 },
        Damage("a hidden header", .encryptedRecord) { $0.entries[0].central.flags = 0x2000 },
        Damage("a folder with contents", .contradictoryHeaders) {
            $0.entries[0].central.attributes = 0x10
        },
        Damage("an entry in another part", .damagedArchive) { $0.entries[0].central.part = 2 },
        Damage("more entries than the directory has", .damagedArchive) { $0.end.entryCount = 3 },
        Damage("fewer entries than the directory has", .damagedArchive) { $0.end.entryCount = 1 },
        Damage("a directory behind the file", .damagedArchive) { $0.end.directoryOffset = 1 << 30 },
        Damage("a directory elsewhere", .damagedArchive) { $0.end.directoryOffset = 0 },
        Damage("a directory that is too long", .damagedArchive) {
            $0.end.directoryByteCount = 1 << 20
        },
        Damage("another number of entries by the ZIP64 record", .contradictoryHeaders) {
            $0.end.isWide = true
            $0.end.wideEntryCount = 1 << 40
        },
    ]
}

extension ZipWriter.Header {
    fileprivate static var sizes: [WritableKeyPath<ZipWriter.Header, UInt32>] {
        [\.byteCount, \.compressedByteCount]
    }
}

struct RefusalTests {
    static let sound = ZipWriter([.stored("a/x", [1, 2, 3]), .stored("a/y", [4, 5])])

    @Test func `the archive that the damages are done to is sound`() throws {
        #expect(try open(Self.sound).entries.count == 2)
    }

    @Test(arguments: Damage.all)
    func `an archive that means two things, or nothing, is refused`(_ damage: Damage) {
        var writer = Self.sound
        damage.apply(&writer)
        let error = failure(writer)
        #expect(error?.code == damage.code, "\(error.debugDescription)")
    }

    @Test(
        arguments: [
            [], [0], [UInt8](repeating: 0, count: 22), Array("PK".utf8), [0x50, 0x4B, 3, 4],
            [0x50, 0x4B, 5, 6],
            [UInt8](repeating: 0, count: 70_000),
            Array("not a zip archive, but long enough to be one".utf8),
        ] as [[UInt8]])
    func `what is no archive is refused`(_ bytes: [UInt8]) {
        #expect(failure(bytes)?.code == .damagedArchive)
    }

    // Readers that look from the front and readers that look from the back find different ones.
    @Test func `an archive with two directories is refused`() {
        let inner = ZipWriter([.stored("a/x", [1])])
        var outer = ZipWriter([.stored("a/x", [2])])
        let front = outer.bytes()
        var second = inner
        second.entries[0].offset = UInt32(front.count)
        second.end.directoryOffset = UInt32(front.count + 30 + 3 + 1)
        outer.comment = second.bytes()
        let error = failure(outer)
        #expect(error?.code == .contradictoryHeaders)
        #expect(error?.reason.contains("2 directories") == true)
        #expect(failure(front + second.bytes())?.code == .contradictoryHeaders)
    }

    @Test func `an archive in a record is no second directory`() throws {
        var inner = ZipWriter([.stored("archive/data.pkl", [1])])
        inner.end.isWide = true
        let writer = ZipWriter([
            .stored("a/x", [7]), .stored("a/inner", inner.bytes()),
            .stored("a/empty", ZipWriter().bytes()),
        ])
        let archive = try open(writer)
        #expect(archive.entries.count == 3)
        let contents = try archive.contents(of: archive.entries[1])
        #expect(try ZipArchive(contents).entries.map(\.name) == ["archive/data.pkl"])
    }

    @Test func `thousands of end records cost no more than one`() {
        var writer = ZipWriter((0..<1000).map { .stored("a/\($0)", [1]) })
        let sound = writer.bytes()
        let start = sound.suffix(22).dropFirst(16).prefix(4)
        var comment: [UInt8] = []
        for _ in 0..<2900 {
            comment += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(UInt16(1000)) + little(UInt16(1000))
            comment += sound.suffix(22).dropFirst(12).prefix(4) + start + [0, 0]
        }
        writer.comment = comment
        #expect(failure(writer)?.code == .contradictoryHeaders)
    }

    @Test(arguments: [1, 3, 35, 40, 60] as [UInt32])
    func `an entry that starts where there is no header is refused`(_ offset: UInt32) {
        var writer = Self.sound
        writer.entries[1].offset = offset
        #expect(failure(writer)?.code == .contradictoryHeaders)
    }

    @Test func `an error names its record and the offset of its header`() {
        var writer = Self.sound
        writer.entries[1].local.method = 8
        let error = failure(writer)
        #expect(error?.record == "a/y")
        #expect(error?.offset == 36)
        #expect(error?.advice != nil)
    }
}

struct HostileArchiveTests {
    private static let archive: ZipWriter = {
        var writer = ZipWriter([
            .torch("a/data.pkl", [1, 2, 3]), .deflated("a/code"), .torch("a/data/0", []),
            .stored("a/version", [51, 10]),
        ])
        writer.end.isWide = true
        return writer
    }()

    @Test func `an archive that is cut anywhere is refused`() throws {
        for writer in [Self.archive, RefusalTests.sound] {
            let region = try ByteRegion(copying: writer.bytes())
            #expect(try ZipArchive(region).entries.isEmpty == false)
            for count in 0..<region.count {
                #expect(throws: CheckpointError(.damagedArchive, "")) {
                    try ZipArchive(region.slice(at: 0, count: count))
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `an archive with a changed byte is refused or read inside its bounds`(_ seed: UInt64)
        throws
    {
        var generator = SeededGenerator(seed: seed)
        let original = Self.archive.bytes()
        for index in original.indices {
            for value in [0, 0xFF, original[index] ^ 1, .random(in: 0...255, using: &generator)] {
                var bytes = original
                bytes[index] = value
                guard let archive = try? open(bytes) else { continue }
                for entry in archive.entries {
                    guard let contents = try? archive.contents(of: entry) else { continue }
                    #expect(
                        contents.count == entry.byteCount, "seed \(seed), byte \(index) as \(value)"
                    )
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `an archive with several changed bytes is refused or read`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let original = Self.archive.bytes()
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0..<Int.random(in: 2...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] =
                    [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)].randomElement(
                        using: &generator) ?? 0
            }
            guard let archive = try? open(bytes) else { continue }
            for entry in archive.entries {
                guard let contents = try? archive.contents(of: entry) else { continue }
                #expect(contents.count == entry.byteCount, "seed \(seed)")
            }
        }
    }
}
