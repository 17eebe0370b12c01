import Foundation
import TestSupport
import Testing
import TorchCheckpoint

@Suite(.serialized) struct OpeningTests {
    private static let large = Repository.root + "/.fixtures/large_tensors.pth"
    private static let many = Repository.root + "/.fixtures/many_tensors.pth"

    // That none of it is read is held by a test of `pth`, in a process where nothing else runs.
    @Test func `1 GiB is listed, and its last element can be read`() throws {
        let checkpoint = try Checkpoint(contentsOf: FilePath(Self.large))
        #expect(try checkpoint.tensors().count == 32)
        let stateDict = try checkpoint.stateDict()
        #expect(stateDict.names == (0..<32).map { "layer.\($0).weight" })
        #expect(stateDict.tensors.values.allSatisfy { $0.byteCount == 32 << 20 })
        let last = try stateDict.tensor("layer.31.weight")
        #expect(last.dtype == .float32 && last.shape == [1 << 23])
        #expect(try last.statistics()?.zeroCount == 1 << 23)
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
