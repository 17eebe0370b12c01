import ByteIO
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ZipArchive

/// Which parts of an archive are read when its large records are not looked into.
@Suite struct ArchiveOutlineTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let large = 3 << 20
    private static let storage = (0..<large).map { UInt8(truncatingIfNeeded: $0 / 5) }

    private func outline(_ bytes: [UInt8]) throws -> PartialFile {
        let file = try PartialFile(FilePath(folder.write("file", bytes)))
        try ArchiveOutline.read(file) { name in
            String(decoding: Array(copying: name), as: UTF8.self).hasPrefix("a/data/")
        }
        return file
    }

    private static func archive(_ more: [ZipWriter.Entry] = []) -> ZipWriter {
        ZipWriter(
            [.torch("a/data.pkl", [1, 2, 3]), .torch("a/data/0", storage)] + more
                + [.torch("a/version", [51, 10])])
    }

    @Test func `the contents of a large record are left out, and nothing else`() throws {
        // What comes behind is longer than a tail, so that the directory is not near.
        let more: [ZipWriter.Entry] = [.torch("a/other", Self.storage)]
        let bytes = Self.archive(more).bytes()
        let file = try outline(bytes)
        #expect(Self.large - (1 << 18)..<Self.large ~= file.missingByteCount)
        let archive = try ZipArchive(file.region)
        #expect(archive.entries.map(\.name) == (try open(bytes)).entries.map(\.name))
        for name in ["a/data.pkl", "a/other", "a/version"] {
            let entry = try #require(archive.entry(named: name))
            #expect(try archive.bytes(of: entry) == open(bytes).bytes(of: entry), "\(name)")
        }
    }

    @Test func `what was left out is read where it is asked for, and where sums are compared`()
        throws
    {
        let file = try outline(Self.archive([.torch("a/other", Self.storage)]).bytes())
        let archive = try ZipArchive(file.region)
        #expect(try archive.verifyChecksums() == 4)
        #expect(file.missingByteCount > 0)
        let entry = try #require(archive.entry(named: "a/data/0"))
        let contents = try archive.contents(of: entry)
        try contents.prepare()
        #expect(contents.copyBytes() == Self.storage)
        #expect(file.missingByteCount == 0)
    }

    @Test func `damage in what was left out is found`() throws {
        var bytes = Self.archive([.torch("a/other", Self.storage)]).bytes()
        bytes[1 << 20] ^= 1
        let file = try outline(bytes)
        #expect(file.missingByteCount > 0)
        #expect(throws: CheckpointError(.checksumMismatch, "")) {
            try ZipArchive(file.region).verifyChecksums()
        }
    }

    @Test func `a file that is cut while sums are compared is an error`() throws {
        let path = FilePath(
            try folder.write("cut", Self.archive([.torch("a/other", Self.storage)]).bytes()))
        let file = try PartialFile(path)
        try ArchiveOutline.read(file) { _ in true }
        let archive = try ZipArchive(file.region)
        try #require(truncate(path.string, 1000) == 0)
        #expect(throws: CheckpointError(.fileSystem, "")) { try archive.verifyChecksums() }
    }

    @Test(arguments: [1, 22, 100, 70_000])
    func `of a file without a directory, beginning and end are read`(_ lost: Int) throws {
        let bytes = Array(Self.archive().bytes().dropLast(lost))
        let file = try outline(bytes)
        #expect(file.byteCount - file.missingByteCount <= 7 << 16)
        let expected = try #require(failure(bytes))
        let error = #expect(throws: CheckpointError.self) { try ZipArchive(file.region) }
        #expect(error?.description == expected.description)
    }

    @Test func `small records and those of other names are read`() throws {
        let small = Array(Self.storage.prefix(1 << 20))
        let writer = ZipWriter([
            .torch("a/data/0", small), .torch("a/other", Self.storage), .deflated("a/data/1"),
        ])
        #expect(try outline(writer.bytes()).missingByteCount == 0)
    }

    @Test func `what may be another directory is read, so that it is refused as ever`() throws {
        // A second end record, whose directory lies inside of the large record.
        var inner = Self.storage
        let start = 1 << 20
        let decoy = ZipWriter([.stored("a/evil", [])]).bytes()
        let entry = Array(decoy[36..<(decoy.count - 22)])
        inner.replaceSubrange(start..<start + entry.count, with: entry)
        var writer = ZipWriter([
            .torch("a/data/0", inner), .torch("a/other", Self.storage),
        ])
        let offset = 30 + 8 + 7 + start
        writer.comment =
            [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + little(UInt32(entry.count))
            + little(UInt32(offset)) + [0, 0]
        let bytes = writer.bytes()
        let expected = try #require(failure(bytes))
        let error = #expect(throws: CheckpointError.self) {
            try ZipArchive(outline(bytes).region)
        }
        #expect(error?.description == expected.description)
        #expect(expected.code == .contradictoryHeaders)
    }

    @Test func `every archive of torch opens as when it is read whole`() throws {
        for fixture in Fixture.all where ["zip", "torchscript", "broken"].contains(fixture.format) {
            let bytes = try fixture.bytes()
            let whole = Result { try open(bytes).entries.map { "\($0)" } }
            let outlined = Result { try ZipArchive(outline(bytes).region).entries.map { "\($0)" } }
            switch (whole, outlined) {
            case (.success(let left), .success(let right)): #expect(left == right, "\(fixture)")
            case (.failure(let left), .failure(let right)):
                #expect("\(left)" == "\(right)", "\(fixture)")
            default: Issue.record("\(fixture): \(whole), \(outlined)")
            }
        }
    }
}
