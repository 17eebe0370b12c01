import Foundation
import TestSupport
import Testing
import TorchCheckpoint

@Suite struct FileURLTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `checkpoints are written to file URLs and read from them`() throws {
        let url = URL(fileURLWithPath: folder.path("a name, 50 %.pth"))
        var written = 0
        try Checkpoint(["a": 1]).write(to: url) { written = $0 + 0 * $1 }
        #expect(written > 0)
        #expect(try Checkpoint(contentsOf: url)["a"]?.int == 1)
        #expect(try folder.contents().keys.map { $0 } == ["a name, 50 %.pth"])
    }

    @Test func `safetensors files are written to file URLs and read from them`() throws {
        let url = URL(fileURLWithPath: folder.path("a b.safetensors"))
        try StateDict(["w": Tensor([1, 2] as [Float])]).writeSafetensors(to: url)
        #expect(try SafetensorsFile(contentsOf: url).tensors.keys == ["w"])
    }

    @Test func `other URLs are refused`() throws {
        let url = try #require(URL(string: "https://example.org/model.pth"))
        let error = CheckpointError(.fileSystem, "")
        #expect(throws: error) { try Checkpoint(contentsOf: url) }
        #expect(throws: error) { try Checkpoint(["a": 1]).write(to: url) }
        #expect(throws: error) { try SafetensorsFile(contentsOf: url) }
        #expect(throws: error) { try StateDict().writeSafetensors(to: url) }
    }
}
