import ByteIO
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ZipArchive

struct WriterTests {
    private static let records: [(String, [UInt8])] = [
        ("root/data.pkl", [1, 2, 3]), ("root/data/0", []),
        ("root/é", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }),
        ("root/version", [51, 10]),
    ]

    @Test(arguments: [1, 2, 64, 100, 4096])
    func `what is written is read again, and contents are aligned`(_ alignment: Int) throws {
        let archive = try open(written(alignment: alignment, Self.records))
        #expect(archive.entries.map(\.name) == Self.records.map(\.0))
        for (entry, (_, contents)) in zip(archive.entries, Self.records) {
            #expect(try archive.bytes(of: entry) == contents)
            #expect(entry.crc32 == crc32(contents))
            #expect(entry.dataOffset % alignment == 0)
        }
    }

    @Test func `an archive can have no records`() throws {
        #expect(try open(written([])).entries.isEmpty)
    }

    @Test func `more records than fit 16 bits are read again`() throws {
        let archive = try open(written((0..<70_000).map { ("a/data/\($0)", [1]) }))
        #expect(archive.entries.count == 70_000)
        #expect(archive.entries.last?.name == "a/data/69999")
    }

    @Test func `the writer knows where its records are`() throws {
        var writer = ZipArchiveWriter(MemorySink())
        for (name, contents) in Self.records { try writer.write(name, contents) }
        let records = writer.records
        let entries = try open(writer.finish().bytes).entries
        #expect(records.map(\.name) == entries.map(\.name))
        #expect(records.map(\.byteCount) == entries.map(\.byteCount))
        #expect(records.map(\.crc32) == entries.map(\.crc32))
        #expect(records.map(\.headerOffset) == entries.map(\.headerOffset))
        #expect(records.map(\.dataOffset) == entries.map(\.dataOffset))
    }

    @Test func `without checksums all are 0, also those that are known`() throws {
        var writer = ZipArchiveWriter(MemorySink(), computesChecksums: false)
        try writer.write("a/known", [1, 2, 3], crc32: 77)
        try writer.write("a/unknown", [1, 2, 3])
        #expect(try open(writer.finish().bytes).entries.map(\.crc32) == [0, 0])
    }

    @Test func `a checksum that is known is not computed`() throws {
        var writer = ZipArchiveWriter(MemorySink())
        try writer.write("a/known", [1, 2, 3], crc32: 77)
        #expect(try open(writer.finish().bytes).entries.map(\.crc32) == [77])
    }

    @Test(arguments: [1, 7, 1000, 600_000])
    func `pieces make the same record as the whole`(_ size: Int) throws {
        let contents = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 13 >> 3) }
        var writer = ZipArchiveWriter(MemorySink())
        try writer.begin("a/b", byteCount: contents.count)
        for start in stride(from: 0, to: contents.count, by: size) {
            try writer.append(Array(contents[start..<min(start + size, contents.count)]))
        }
        try writer.end()
        #expect(try writer.finish().bytes == written([("a/b", contents)]))
    }

    @Test func `a file is written as memory is`() throws {
        let folder = try TemporaryFolder()
        let path = FilePath(folder.path("file"))
        var writer = ZipArchiveWriter(try BufferedAtomicFile(replacing: path))
        for (name, contents) in Self.records { try writer.write(name, contents) }
        let file = try writer.finish()
        try file.commit()
        #expect(try ByteRegion(mapping: path).copyBytes() == written(Self.records))
    }

    @Test func `contents that begin like a descriptor add what torch takes for a checksum`() throws
    {
        let sign: [UInt8] = [0x50, 0x4B, 7, 8]
        let contents: [[UInt8]] = [
            sign + [1, 2, 3, 4], sign + [1, 2, 3], [0] + sign + [1, 2, 3], [],
        ]
        for size in [1, 3, 100] {
            var writer = ZipArchiveWriter(MemorySink())
            for (index, contents) in contents.enumerated() {
                try writer.begin("a/\(index)", byteCount: contents.count)
                for start in stride(from: 0, to: contents.count, by: size) {
                    try writer.append(Array(contents[start...].prefix(size)))
                }
                try writer.end()
            }
            let found = writer.records.map(\.identityChecksums)
            let checksums = contents.map(crc32)
            #expect(found == [[0x0403_0201, checksums[0]], [checksums[1]], [checksums[2]], []])
            _ = try writer.finish()
        }
    }
}

/// What the writer refuses.
struct WriterRefusalTests {
    private func code(_ name: String, after others: [String] = []) -> CheckpointError.Code? {
        code { _ = try written((others + [name]).map { ($0, [1]) }) }
    }

    private func code(_ body: () throws -> Void) -> CheckpointError.Code? {
        thrown(CheckpointError.self, body)?.code
    }

    @Test func `names that torch's reader can't tell apart are refused`() {
        #expect(code("a/b", after: ["a/c", "a/b"]) == .duplicateRecord)
        #expect(code("A/b", after: ["a/B"]) == .duplicateRecord)
        #expect(code("a/É", after: ["a/é"]) == nil)
        #expect(code("a/b", after: ["a/b/"]) == nil)
    }

    @Test func `names that no header can have are refused`() {
        #expect(code("") == .unwritableRecord)
        #expect(code("a\0b") == .unwritableRecord)
        #expect(code(String(repeating: "a", count: 65_535)) == nil)
        #expect(code(String(repeating: "a", count: 65_536)) == .unwritableRecord)
        #expect(code(String(repeating: "é", count: 32_768)) == .unwritableRecord)
    }

    @Test func `padding that no header can have is refused`() throws {
        #expect(try open(written(alignment: 65_536, [("a", [1])])).entries[0].dataOffset == 65_536)
        let error = #expect(throws: CheckpointError.self) {
            try written(alignment: 1 << 17, [("a", [1])])
        }
        #expect(error?.code == .unwritableRecord)
        #expect(error?.record == "a")
        #expect(error?.advice != nil)
    }

    @Test func `pieces that do not add up to the size are refused`() {
        for (size, pieces) in [(3, [2]), (3, []), (3, [2, 2]), (0, [1]), (1, [1 << 20])] {
            var writer = ZipArchiveWriter(MemorySink())
            var failure: CheckpointError?
            do throws(CheckpointError) {
                try writer.begin("a/b", byteCount: size)
                for count in pieces {
                    let piece = [UInt8](repeating: 1, count: count)
                    try writer.append(piece.span.bytes)
                }
                try writer.end()
            } catch { failure = error }
            #expect(failure?.code == .unwritableRecord, "\(pieces) for \(size)")
            #expect(failure?.advice != nil)
        }
    }

    @Test func `an error of the sink ends the writing`() {
        var writer = ZipArchiveWriter(CountingSink(capacity: 1000))
        #expect(code { try writer.write("a/b", [UInt8](repeating: 1, count: 900)) } == nil)
        #expect(code { try writer.write("a/c", [1]) } == .fileSystem)
    }
}

struct WriterProgressTests {
    // Nothing of it is read when there are no checksums, so it costs no memory either.
    private static let contents = try? ByteRegion(
        ByteOwner(allocating: (2 << 26) + 5) { _ in })

    @Test func `progress is reported every 64 MiB and at the end of a record`() throws {
        let contents = try #require(Self.contents)
        var writer = ZipArchiveWriter(CountingSink(), computesChecksums: false)
        var steps: [Int] = []
        try writer.write("a/b", contents.bytes) { steps.append($0) }
        #expect(steps == [1 << 26, 1 << 26, 5])
        try writer.write("a/c", []) { steps.append($0) }
        try writer.write("a/d", [1, 2]) { steps.append($0) }
        #expect(steps == [1 << 26, 1 << 26, 5, 2])
        #expect(try writer.finish().byteCount > (2 << 26) + 5)
    }

    @Test func `what progress throws ends the writing`() throws {
        let contents = try #require(Self.contents)
        var writer = ZipArchiveWriter(CountingSink(), computesChecksums: false)
        var calls = 0
        #expect(throws: CancellationError.self) {
            try writer.write("a/b", contents.bytes) { _ in
                calls += 1
                throw CancellationError()
            }
        }
        #expect(calls == 1)
    }
}

/// Counts what is written, and keeps nothing.
private struct CountingSink: ByteSink {
    private(set) var byteCount = 0
    private let capacity: Int

    init(capacity: Int = .max) { self.capacity = capacity }

    mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
        guard bytes.byteCount <= capacity - byteCount else {
            throw CheckpointError(.fileSystem, "is full")
        }
        byteCount += bytes.byteCount
    }
}
