import ByteIO
import Testing

@testable import ZipArchive

struct ReadingTests {
    @Test func `stored entries are read`() throws {
        let archive = try open(
            ZipWriter([
                .stored("a/data.pkl", [1, 2, 3]), .stored("a/data/0", []), .stored("a/é", [4]),
            ]))
        #expect(archive.entries.map(\.name) == ["a/data.pkl", "a/data/0", "a/é"])
        let contents = try archive.entries.map { try archive.bytes(of: $0) }
        #expect(contents == [[1, 2, 3], [], [4]])
        #expect(archive.entries.allSatisfy { $0.compression == .stored && !$0.isFolder })
    }

    @Test func `entries are found by their whole name, whatever its ASCII case`() throws {
        let archive = try open(ZipWriter([.stored("a/Data.pkl", [1]), .stored("a/É", [2])]))
        for name in ["a/Data.pkl", "a/data.pkl", "A/DATA.PKL"] {
            #expect(archive.entry(named: name)?.name == "a/Data.pkl")
        }
        for name in ["a/Data.pk", "Data.pkl", "", "a/é", "a/Data.pkl/"] {
            #expect(archive.entry(named: name) == nil)
        }
        #expect(archive.entry(named: "A/É")?.byteCount == 1)
    }

    @Test func `stored contents are the archive's own bytes`() throws {
        let region = try ByteRegion(copying: ZipWriter([.stored("a", [1, 2, 3])]).bytes())
        let archive = try ZipArchive(region)
        let contents = try archive.contents(of: archive.entries[0])
        #expect(region.offset(of: contents) == archive.entries[0].dataOffset)
        #expect(contents.copyBytes() == [1, 2, 3])
    }

    @Test func `an archive can be a part of a larger region`() throws {
        let bytes = ZipWriter([.stored("a", [1, 2, 3]), .deflated("b")]).bytes()
        let whole = try ByteRegion(copying: [9, 9, 9, 9, 9] + bytes + [8, 8])
        let archive = try ZipArchive(whole.slice(at: 5, count: bytes.count))
        let contents = try archive.contents(of: archive.entries[0])
        #expect(whole.offset(of: contents) == 5 + archive.entries[0].dataOffset)
        #expect(try archive.bytes(of: archive.entries[1]) == ZipWriter.inflatedBytes)
    }

    @Test func `contents outlive the archive`() throws {
        var archive: ZipArchive? = try open(ZipWriter([.stored("a", [7]), .deflated("b")]))
        let entries = try #require(archive?.entries)
        let regions = try entries.map { try #require(try archive?.contents(of: $0)) }
        archive = nil
        #expect(regions[0].copyBytes() == [7])
        #expect(regions[1].copyBytes() == ZipWriter.inflatedBytes)
    }

    @Test func `the forms that torch writes are read`() throws {
        var writer = ZipWriter([
            .torch("a/data.pkl", [1, 2]), .torch("a/data/0", []), .torch("a/version", [51, 10]),
        ])
        writer.end.isWide = true
        let archive = try open(writer)
        #expect(try archive.entries.map { try archive.bytes(of: $0) } == [[1, 2], [], [51, 10]])
        #expect(archive.entries[0].crc32 == crc32([1, 2]))
    }

    @Test func `checksums that torch left out are no contradiction`() throws {
        var entry = ZipWriter.Entry.torch("a", [1, 2])
        entry.central.crc32 = 0
        entry.descriptor.replaceSubrange(4..<8, with: [0, 0, 0, 0])
        #expect(try open(ZipWriter([entry])).entries[0].crc32 == 0)
    }

    @Test func `stored contents are not held to their checksum, as in torch`() throws {
        var entry = ZipWriter.Entry.stored("a", [1, 2])
        entry.central.crc32 ^= 1
        entry.local.crc32 ^= 1
        let archive = try open(ZipWriter([entry]))
        #expect(try archive.bytes(of: archive.entries[0]) == [1, 2])
    }

    @Test func `sizes can stand in ZIP64 fields`() throws {
        // As torch writes it beyond 4 GiB: sizes 0, the size and a 0 in the field, 64-bit descriptor.
        var entry = ZipWriter.Entry.torch("a", [1, 2, 3])
        entry.local.extra =
            little(UInt16(1)) + little(UInt16(16)) + little(UInt64(3)) + little(UInt64(0))
        entry.descriptor =
            [0x50, 0x4B, 7, 8] + little(crc32([1, 2, 3])) + little(UInt64(3)) + little(UInt64(3))
        // As other programs do: the largest number, and both sizes in the field.
        var other = ZipWriter.Entry.stored("b", [4])
        (other.local.byteCount, other.local.compressedByteCount) = (.max, .max)
        other.local.extra =
            little(UInt16(1)) + little(UInt16(16)) + little(UInt64(1)) + little(UInt64(1))
        other.central = other.local
        let archive = try open(ZipWriter([entry, other]))
        #expect(try archive.entries.map { try archive.bytes(of: $0) } == [[1, 2, 3], [4]])
    }

    @Test func `an entry's place can stand in a ZIP64 field`() throws {
        // The field has only those numbers whose place in the header has the largest number.
        for isWhole in [true, false] {
            var entry = ZipWriter.Entry.stored("b", [4, 5])
            let sizes = isWhole ? little(UInt64(2)) + little(UInt64(2)) : []
            let field = sizes + little(UInt64(33))
            entry.central.extra =
                little(UInt16(0x7777)) + little(UInt16(1)) + [0]
                + little(UInt16(1)) + little(UInt16(field.count)) + field
            if isWhole {
                (entry.central.byteCount, entry.central.compressedByteCount) = (.max, .max)
            }
            entry.offset = .max
            let archive = try open(ZipWriter([.stored("a", [1, 2]), entry]))
            #expect(archive.entries.map(\.headerOffset) == [0, 33])
            #expect(try archive.bytes(of: archive.entries[1]) == [4, 5])
        }
    }

    @Test func `an empty archive has no entries`() throws {
        #expect(try open(ZipWriter()).entries.isEmpty)
        var wide = ZipWriter()
        wide.end.isWide = true
        #expect(try open(wide).entries.isEmpty)
    }

    @Test func `a comment and bytes behind the end record are tolerated`() throws {
        var writer = ZipWriter([.stored("a", [1])])
        #expect(try open(writer.bytes() + [0, 1, 2, 3]).entries.count == 1)
        writer.comment = Array("a comment".utf8)
        #expect(try open(writer).entries.count == 1)
        #expect(try open(writer.bytes() + [UInt8](repeating: 7, count: 60_000)).entries.count == 1)
        #expect(failure(writer.bytes() + [UInt8](repeating: 7, count: 70_000)) != nil)
    }

    @Test func `entries that end in a slash are folders`() throws {
        let archive = try open(ZipWriter([.stored("a/", []), .stored("a/b", [1])]))
        #expect(archive.entries.map(\.isFolder) == [true, false])
    }

    @Test func `a name that is not UTF-8 is read as code page 437`() throws {
        var entry = ZipWriter.Entry.stored("x", [1])
        entry.local.name = [0x61, 0x82]
        entry.central.name = entry.local.name
        #expect(try open(ZipWriter([entry])).entries[0].name == "aé")
    }

    @Test func `a name that is said to be UTF-8 and is not is refused`() {
        var entry = ZipWriter.Entry.stored("x", [1])
        entry.local.name = [0x61, 0x82]
        entry.local.flags = 0x0800
        entry.central = entry.local
        #expect(failure(ZipWriter([entry]))?.code == .damagedArchive)
    }

    @Test func `70,000 entries are opened`() throws {
        var writer = ZipWriter()
        for number in 0..<70_000 {
            writer.entries.append(.torch("a/\(number)", [UInt8(number & 0xFF)]))
        }
        writer.end.isWide = true
        writer.end.entryCount = .max
        let archive = try open(writer)
        #expect(archive.entries.count == 70_000)
        let last = try #require(archive.entry(named: "a/69999"))
        #expect(try archive.bytes(of: last) == [UInt8(69_999 & 0xFF)])
    }

    @Test func `more entries than the limit are refused`() {
        let writer = ZipWriter([.stored("a", []), .stored("b", [])])
        #expect(failure(writer, limits: ZipLimits(entries: 2)) == nil)
        #expect(failure(writer, limits: ZipLimits(entries: 1))?.code == .limitExceeded)
        #expect(failure(writer, limits: ZipLimits(entries: -1))?.code == .limitExceeded)
    }

    @Test func `entries out of order are opened`() throws {
        var writer = ZipWriter([.stored("a", [1]), .stored("b", [2])])
        let first = UInt32(30 + 1 + 1)
        (writer.entries[0].offset, writer.entries[1].offset) = (first, 0)
        let central = writer.entries.map(\.central)
        (writer.entries[0].central, writer.entries[1].central) = (central[1], central[0])
        let archive = try open(writer)
        #expect(archive.entries.map(\.name) == ["b", "a"])
        #expect(try archive.entries.map { try archive.bytes(of: $0) } == [[2], [1]])
    }
}

struct InflationTests {
    @Test func `deflated entries are inflated, by many tasks too`() async throws {
        let archive = try open(ZipWriter([.deflated("a"), .stored("b", [1]), .deflated("c")]))
        #expect(archive.entries.map(\.compression) == [.deflated, .stored, .deflated])
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<40 {
                group.addTask { try archive.bytes(of: archive.entries[number % 2 * 2]) }
            }
            for try await bytes in group { #expect(bytes == ZipWriter.inflatedBytes) }
        }
    }

    @Test(arguments: [0, 1, 199, 201, 400, 100_000, 1 << 31] as [UInt32])
    func `an entry that inflates to another size is refused`(_ size: UInt32) throws {
        var entry = ZipWriter.Entry.deflated("a")
        (entry.local.byteCount, entry.central.byteCount) = (size, size)
        let archive = try open(ZipWriter([entry]))
        #expect(throws: CheckpointError(.damagedArchive, "")) {
            try archive.contents(of: archive.entries[0])
        }
    }

    @Test func `an entry with another checksum is refused when it is inflated`() throws {
        var entry = ZipWriter.Entry.deflated("a")
        entry.central.crc32 ^= 1
        entry.local.crc32 ^= 1
        let archive = try open(ZipWriter([entry, .deflated("b")]))
        for _ in 0..<2 {
            #expect(throws: CheckpointError(.damagedArchive, "")) {
                try archive.contents(of: archive.entries[0])
            }
        }
        #expect(try archive.bytes(of: archive.entries[1]) == ZipWriter.inflatedBytes)
    }

    @Test func `bytes that are no deflate stream are refused`() throws {
        var entry = ZipWriter.Entry.deflated("a")
        entry.contents = [UInt8](repeating: 0xFF, count: entry.contents.count)
        let archive = try open(ZipWriter([entry]))
        let error = #expect(throws: CheckpointError.self) {
            try archive.contents(of: archive.entries[0])
        }
        #expect(error?.code == .damagedArchive)
        #expect(error?.record == "a")
    }

    @Test func `an empty entry can be deflated`() throws {
        var entry = ZipWriter.Entry.deflated("a")
        entry.contents = [3, 0]
        (entry.central.byteCount, entry.central.compressedByteCount) = (0, 2)
        entry.central.crc32 = 0
        entry.local = entry.central
        let archive = try open(ZipWriter([entry]))
        #expect(try archive.bytes(of: archive.entries[0]) == [])
    }

    @Test func `more inflated bytes than the limit are refused`() throws {
        let limits = ZipLimits(inflatedBytes: ZipWriter.inflatedBytes.count - 1)
        let archive = try open(ZipWriter([.deflated("a"), .stored("b", [1])]), limits: limits)
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try archive.contents(of: archive.entries[0])
        }
        #expect(try archive.bytes(of: archive.entries[1]) == [1])
    }

    @Test func `other methods open and are refused when they are read`() throws {
        var entry = ZipWriter.Entry.stored("a", [1])
        (entry.local.method, entry.central.method) = (93, 93)
        let archive = try open(ZipWriter([entry]))
        #expect(archive.entries[0].compression == .unsupported(93))
        #expect(throws: CheckpointError(.unsupportedCompression, "")) {
            try archive.contents(of: archive.entries[0])
        }
    }
}
