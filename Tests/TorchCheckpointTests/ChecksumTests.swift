import Foundation
import TestSupport
import Testing

@testable import TorchCheckpoint

/// Comparing the records of files with their checksums.
@Suite struct ChecksumTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Has torch save a file.
    private func saved(_ code: String) throws -> String {
        let code = """
            import sys, torch
            path = sys.argv[1]
            values = {"a": torch.arange(10.0), "b": torch.zeros(0), "c": torch.ones(3, 4)}
            \(code)
            """
        let path = folder.path("file.pth")
        let made = try TorchPython.run(code: code, [path])
        try #require(made.status == 0, "\(made.error)")
        return path
    }

    @Test(arguments: [
        ("torch.save(values, path)", 8),
        ("torch.serialization.set_crc32_options(False); torch.save(values, path)", 0),
        // Storages that are left out have room and no checksum.
        ("with torch.serialization.skip_data(): torch.save(values, path)", 6),
        ("torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path)", 9),
    ])
    func `what torch saves has the checksums that are there`(
        _ code: String, _ count: Int
    ) throws {
        #expect(try Checkpoint(contentsOf: saved(code)).verifyChecksums() == count)
    }

    @Test func `a deflated record is verified too`() throws {
        let path = try saved(
            """
            import zipfile
            torch.save(values, path + ".old")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
                old = zipfile.ZipFile(path + ".old")
                for entry in old.infolist():
                    file.writestr(entry.filename, old.read(entry))
            """)
        let checkpoint = try Checkpoint(contentsOf: path)
        let archive = try #require(checkpoint.archive)
        let verified = archive.entries.count { $0.crc32 != 0 || $0.compression == .deflated }
        #expect(try checkpoint.verifyChecksums() == verified)
        let entry = try #require(archive.entries.first { $0.name.hasSuffix("data/0") })
        var bytes = try #require(folder.contents()["file.pth"])
        bytes[entry.dataOffset + entry.compressedByteCount / 2] ^= 0x10
        let error = try thrown { try Checkpoint(bytes: bytes).verifyChecksums() }
        #expect(error.code == .damagedArchive && error.record == entry.name)
    }

    @Test func `a flipped bit is an error that names the record`() throws {
        let path = try saved("torch.save(values, path)")
        let original = try #require(folder.contents()["file.pth"])
        let archive = try #require(try Checkpoint(contentsOf: path).archive)
        for entry in archive.entries where entry.name.contains("/data/") && entry.byteCount > 0 {
            var bytes = original
            bytes[entry.dataOffset + entry.byteCount - 1] ^= 0x80
            let changed = try folder.write("changed.pth", bytes)
            // Opening does not look.
            let checkpoint = try Checkpoint(contentsOf: changed)
            let error = try thrown { try checkpoint.verifyChecksums() }
            #expect(error.code == .checksumMismatch)
            #expect(error.record == entry.name)
            #expect(error.path == changed && error.advice != nil)
            let reason = "has the checksum 01234567 where the directory says 01234567"
            #expect(error.reason.count == reason.count)
        }
    }

    @Test func `what was made in Swift, or is a pickle, has nothing to compare`() throws {
        #expect(try checkpoint(ofEpoch: 1).verifyChecksums() == 0)
        let path = folder.path("a.pth")
        try checkpoint(ofEpoch: 1).write(to: path)
        var opened = try Checkpoint(contentsOf: path)
        let count = try opened.verifyChecksums()
        #expect(count == opened.archive?.entries.count)
        opened["epoch"] = 2
        #expect(try opened.verifyChecksums() == count)
        #expect(try Checkpoint(bytes: [0x80, 2, 0x4B, 1, 0x2E]).verifyChecksums() == 0)
    }
}
