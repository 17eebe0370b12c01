import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// How much of the process's memory is resident.
enum ProcessMemory {
    /// The most that was resident at any time, in bytes.
    static func peak() throws -> Int { try field("VmHWM") }

    /// The pages of files that are resident now, in bytes.
    static func residentFilePages() throws -> Int { try field("RssFile") }

    private static func field(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]
        return try #require(Int(kibibytes)) * 1024
    }
}

@Suite(.serialized) struct OpeningTests {
    private static let large = Repository.root + "/.fixtures/large_tensors.pth"
    private static let many = Repository.root + "/.fixtures/many_tensors.pth"

    @Test func `opening 1 GiB and listing its tensors reads none of them`() throws {
        #if os(Linux)
            // The pages of a mapped file count as resident when they are touched, and only then.
            let before = try ProcessMemory.residentFilePages()
            let checkpoint = try Checkpoint(contentsOf: FilePath(Self.large))
            let stateDict = try checkpoint.stateDict()
            let entries = try checkpoint.tensors()
            let after = try ProcessMemory.residentFilePages()
            #expect(entries.count == 32)
            #expect(stateDict.tensors.values.allSatisfy { $0.byteCount == 32 << 20 })
            #expect(after - before < 16 << 20)

            // The measure is able to fail: one tensor's pages show when it is read.
            _ = try entries[0].tensor.statistics()
            #expect(try ProcessMemory.residentFilePages() - before >= 32 << 20)
        #endif
    }

    @Test func `100,000 tensors are read`() throws {
        let stateDict = try Checkpoint(contentsOf: FilePath(Self.many)).stateDict()
        #expect(stateDict.count == 100_000)
        let last = try stateDict.tensor("layers.9999.part.9.weight")
        #expect(try last.array() == [Float](repeating: 99_999, count: 8))
    }

    @Test func `a checkpoint inside a larger file is opened by its range`() throws {
        let folder = try TemporaryFolder()
        let bytes = try Fixture.named("torch-2.13.0/view_several_views.pth").bytes()
        let path = try folder.write("outer", [1, 2, 3] + bytes + [4, 5])
        let checkpoint = try Checkpoint(
            contentsOf: FilePath(path), range: 3..<(3 + bytes.count))
        let direct = try Checkpoint(bytes: bytes)
        let digests = { (checkpoint: Checkpoint) in
            try checkpoint.tensors().map { try $0.tensor.sha256() }
        }
        #expect(try digests(checkpoint) == digests(direct))
        #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: FilePath(path), range: 3..<(30 + bytes.count))
        }
    }

    @Test func `a file may be removed while its checkpoint is in use`() throws {
        let folder = try TemporaryFolder()
        let bytes = try Fixture.named("torch-2.13.0/view_several_views.pth").bytes()
        let path = try folder.write("model.pth", bytes)
        let checkpoint = try Checkpoint(contentsOf: FilePath(path))
        try FileManager.default.removeItem(atPath: path)
        #expect(try checkpoint.tensors().allSatisfy { try !$0.tensor.rowMajorBytes().isEmpty })
    }

    @Test func `URLs and Data open as paths and bytes do`() throws {
        let fixture = try Fixture.named("torch-2.13.0/view_several_views.pth")
        let url = URL(fileURLWithPath: fixture.path)
        #expect(try Checkpoint(contentsOf: url).tensors().count > 0)
        #expect(try Checkpoint(bytes: Data(contentsOf: url)).tensors().count > 0)
        let remote = try #require(URL(string: "https://example.org/model.pth"))
        #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: remote) }
    }
}
