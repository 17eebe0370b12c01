import ByteIO
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ZipArchive

/// Fields of 16, 32 and 64 bits at and around their largest numbers.
///
/// What is true is read, what can't be is refused. Sizes beyond 4 GiB that torch writes:
/// `LargeArchiveTests`.
struct SizeTests {
    private static func field(_ numbers: UInt64...) -> [UInt8] {
        little(UInt16(1)) + little(UInt16(8 * numbers.count)) + numbers.flatMap { little($0) }
    }

    private static let changes: [Damage] = [
        Damage("the largest size without a ZIP64 field", .damagedArchive) {
            for size in [\ZipWriter.Header.byteCount, \.compressedByteCount] {
                $0.entries[1].local[keyPath: size] = .max
                $0.entries[1].central[keyPath: size] = .max
            }
        },
        Damage("a size of 2⁶³", .numberOutOfRange) { widen(&$0, 1 << 63) },
        Damage("a size of 2⁶⁴ − 1", .numberOutOfRange) { widen(&$0, .max) },
        Damage("a size of 2⁶³ − 1", .truncated) { widen(&$0, .max >> 1) },
        Damage("a size of 2³²", .truncated) { widen(&$0, 1 << 32) },
        Damage("the largest offset without a ZIP64 field", .damagedArchive) {
            $0.entries[1].offset = .max
        },
        Damage("an offset of 2³²", .truncated) { place(&$0, 1 << 32) },
        Damage("an offset of 2⁶³ − 1", .truncated) { place(&$0, .max >> 1) },
        Damage("an offset of 2⁶³", .damagedArchive) { place(&$0, 1 << 63) },
        Damage("the largest number of entries of 16 bits", .damagedArchive) {
            $0.end.entryCount = .max
        },
        Damage("the largest size of a directory of 32 bits", .damagedArchive) {
            $0.end.directoryByteCount = .max
        },
        Damage("the largest offset of a directory of 32 bits", .damagedArchive) {
            $0.end.directoryOffset = .max
        },
        Damage("2⁶⁴ − 1 entries by the ZIP64 record", .damagedArchive) {
            ($0.end.isWide, $0.end.entryCount, $0.end.wideEntryCount) = (true, .max, .max)
        },
    ]

    private static func widen(_ writer: inout ZipWriter, _ size: UInt64) {
        for header in [\ZipWriter.Entry.local, \.central] {
            writer.entries[1][keyPath: header].byteCount = .max
            writer.entries[1][keyPath: header].compressedByteCount = .max
            writer.entries[1][keyPath: header].extra = field(size, size)
        }
    }

    private static func place(_ writer: inout ZipWriter, _ offset: UInt64) {
        writer.entries[1].offset = .max
        writer.entries[1].central.extra = field(offset)
    }

    @Test(arguments: changes)
    func `a number that the file can't have is refused`(_ change: Damage) {
        var writer = RefusalTests.sound
        change.apply(&writer)
        // With libzip and without.
        for isBulk in [true, false] {
            let error = #expect(throws: CheckpointError.self) {
                try ZipArchive(ByteRegion(copying: writer.bytes())) { _ in isBulk }
            }
            #expect(error?.code == change.code, "\(String(describing: error))")
        }
    }

    @Test func `numbers that are true are read from ZIP64 fields`() throws {
        var writer = RefusalTests.sound
        Self.widen(&writer, 2)
        let place = writer.entries[0].contents.count + 33
        writer.entries[1].offset = .max
        writer.entries[1].central.extra = Self.field(2, 2, UInt64(place))
        (writer.end.isWide, writer.end.entryCount) = (true, .max)
        (writer.end.directoryByteCount, writer.end.directoryOffset) = (.max, .max)
        let archive = try open(writer)
        #expect(try archive.bytes(of: archive.entries[1]) == [4, 5])
    }

    /// Without a ZIP64 record, readers take the number of entries modulo 2¹⁶.
    @Test(arguments: [65_535, 65_536], [true, false])
    func `as many entries as 16 bits count are read, and more`(_ count: Int, _ isWide: Bool) throws
    {
        var writer = ZipWriter((0..<count).map { .stored("a/data/\($0)", []) })
        writer.end.isWide = isWide
        writer.end.entryCount = isWide && count >= 65_535 ? .max : nil
        let archive = try ZipArchive(ByteRegion(copying: writer.bytes())) { _ in true }
        #expect(archive.entries.count == count)
        writer.end.wideEntryCount = UInt64(count + 65_536)
        guard isWide else { return }
        #expect(throws: CheckpointError.self) {
            try ZipArchive(ByteRegion(copying: writer.bytes())) { _ in true }
        }
    }

    /// A file with a hole for the contents of its first entry.
    private static func sparse(_ byteCount: Int, in folder: TemporaryFolder) throws -> FilePath {
        let path = FilePath(folder.path("sparse.zip"))
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter {
            var writer = ZipArchiveWriter(HoleSink(file: file), computesChecksums: false)
            try writer.begin("a/data/0", byteCount: byteCount)
            let zeros = [UInt8](repeating: 0, count: 1 << 24)
            var rest = byteCount
            while rest > 0 {
                let piece = zeros[..<min(rest, zeros.count)]
                try writer.append(piece.span.bytes)
                rest -= piece.count
            }
            try writer.end()
            try writer.write("a/data/1", ([1, 2, 3] as [UInt8]).span.bytes) { _ in }
            _ = try writer.finish()
        }
        return path
    }

    @Test(arguments: [(1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1, 1 << 32])
    func `an entry of 2³¹ or 2³² bytes is read, and what is behind it`(_ byteCount: Int) throws {
        let folder = try TemporaryFolder()
        let path = try Self.sparse(byteCount, in: folder)
        for isBulk in [true, false] {
            let archive = try ZipArchive(ByteRegion(mapping: path)) { _ in isBulk }
            #expect(archive.entries.map(\.byteCount) == [byteCount, 3])
            #expect(try archive.bytes(of: archive.entries[1]) == [1, 2, 3])
            #expect(try archive.contents(of: archive.entries[0]).count == byteCount)
        }
        // Of the outline, nearly nothing is read.
        let file = try PartialFile(path)
        try ArchiveOutline.read(file) { _ in true }
        #expect(file.byteCount - file.missingByteCount < 1 << 20)
        #expect(try ZipArchive(file.region).entries.map(\.byteCount) == [byteCount, 3])
    }
}

/// Writes to a file, and leaves a hole for pieces of zeros.
private struct HoleSink: ByteSink {
    let file: FileDescriptor
    private var position: Int64 = 0

    init(file: FileDescriptor) { self.file = file }

    mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
        do {
            try bytes.withUnsafeBytes { bytes in
                let isHole = bytes.count > 1 << 16 && bytes[0] == 0 && bytes[bytes.count - 1] == 0
                if !isHole { _ = try file.writeAll(toAbsoluteOffset: position, bytes) }
            }
        } catch {
            throw CheckpointError(.fileSystem, "\(error)")
        }
        position += Int64(bytes.byteCount)
    }
}
