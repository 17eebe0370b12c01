import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// More records than a zip's own end record can count.
///
/// `Scripts/test` makes the file; without it the tests fail.
@Suite(.serialized) struct ManyRecordsTests {
    let file = LargeFile(name: "many_records.pth")

    @Test func `the many records are there`() throws {
        let checkpoint = try Checkpoint(contentsOf: file.path)
        #expect(try #require(checkpoint.archive).entries.count > 70_000)
        #expect(try checkpoint["t69999"]?.tensor().array(of: Int32.self) == [69_999])
    }

    @Test func `a copy of many records is the same, byte for byte`() throws {
        try file.checkCopy()
    }

    @Test func `many records written anew are the same, byte for byte`() throws {
        try file.checkWrittenAnew()
    }

    @Test func `of many records, all but the edited ones have the bytes that they had`() throws {
        try file.checkEdited()
    }
}

/// A record of more bytes than 32 bits can count.
///
/// `Scripts/test` makes the file; without it the tests fail, unless `SKIP_LARGE=1` says that it is
/// not wanted.
@Suite(
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["SKIP_LARGE"] != "1",
        "SKIP_LARGE=1 leaves out the record above 4 GiB"))
struct HugeRecordTests {
    let file = LargeFile(name: "huge_record.pth")

    @Test func `the record above 4 GiB is there`() throws {
        let checkpoint = try Checkpoint(contentsOf: file.path)
        #expect(try checkpoint.value(at: ["huge"]).tensor().storage.byteCount > 1 << 32)
        #expect(try checkpoint["last"]?.tensor().array(of: Float.self) == [1, 1, 1])
    }

    @Test func `a copy of a huge record is the same, byte for byte`() throws {
        try file.checkCopy()
    }

    @Test func `a huge record written anew is the same, byte for byte`() throws {
        try file.checkWrittenAnew()
    }

    @Test func `beside a huge record, all but the edited ones have the bytes that they had`() throws
    {
        try file.checkEdited()
    }
}

/// A file that `Scripts/test` makes because it is too large to commit.
struct LargeFile {
    let path: String

    init(name: String) { path = Repository.root + "/.fixtures/" + name }

    func checkCopy() throws {
        let folder = try TemporaryFolder()
        let copy = folder.path("copy.pth")
        try Checkpoint(contentsOf: path).write(to: copy)
        #expect(try isEqual(to: copy))
    }

    func checkWrittenAnew() throws {
        let folder = try TemporaryFolder()
        var checkpoint = try Checkpoint(contentsOf: path)
        try checkpoint.set(checkpoint.root, at: [])
        let copy = folder.path("again.pth")
        var steps: [(written: Int, total: Int)] = []
        try checkpoint.write(to: copy) { steps.append(($0, $1)) }
        #expect(steps.last?.written == steps.last?.total)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.written <= $1.written })
        #expect(try isEqual(to: copy))
    }

    func checkEdited() throws {
        let folder = try TemporaryFolder()
        let original = try Checkpoint(contentsOf: path)
        var checkpoint = original
        checkpoint["note"] = "edited"
        checkpoint["new"] = try CheckpointValue(Tensor([1, 2] as [Int16]))
        let copy = folder.path("edited.pth")
        try checkpoint.write(to: copy)
        let edited = try Checkpoint(contentsOf: copy)
        #expect(edited["note"]?.string == "edited")
        #expect(try edited["new"]?.tensor().array(of: Int16.self) == [1, 2])
        let (old, new) = try (records(original), records(edited))
        #expect(new.count == old.count + 1)
        let changed = old.filter { name, contents in
            guard let other = new[name], contents.crc32 == other.crc32 else { return true }
            return !isEqual(contents.bytes, other.bytes)
        }
        let names = Set(changed.keys.map { $0.drop { $0 != "/" } })
        #expect(names == ["/data.pkl", "/.data/serialization_id"])
    }

    private func records(
        _ checkpoint: Checkpoint
    ) throws -> [String: (bytes: ByteRegion, crc32: UInt32)] {
        let archive = try #require(checkpoint.archive)
        let rows = try archive.entries.map { entry in
            try (entry.name, (bytes: archive.contents(of: entry), crc32: entry.crc32))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private func isEqual(to other: String) throws -> Bool {
        try isEqual(ByteRegion(mapping: FilePath(path)), ByteRegion(mapping: FilePath(other)))
    }

    // memcmp, because a loop takes minutes in a debug build; mapped pages come and go.
    private func isEqual(_ first: ByteRegion, _ second: ByteRegion) -> Bool {
        first.count == second.count
            && first.withUnsafeBytes { first in
                second.withUnsafeBytes { second in
                    guard let start = first.baseAddress, let other = second.baseAddress else {
                        return true
                    }
                    return memcmp(start, other, first.count) == 0
                }
            }
    }
}
