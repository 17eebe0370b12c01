import ByteIO
import Foundation
import TestSupport
import Testing
import TorchCheckpoint
import ZipArchive

/// Checkpoints that are written back: the bytes that torch wrote.
@Suite struct LosslessTests {
    static let everything = SaveOptions(globals: .inert)

    /// The archives that torch's own writer made, by the field that pads its headers.
    static let writtenByTorch = Fixture.readable("zip").filter { fixture in
        guard let checkpoint = try? Checkpoint(contentsOf: fixture.path),
            let entries = checkpoint.archive?.entries, let bytes = try? fixture.bytes()
        else { return false }
        // The pickles of other protocols are written as protocol 2, which is what torch takes.
        let endsAtOnce = bytes.suffix(22).starts(with: [0x50, 0x4B, 0x05, 0x06])
        guard checkpoint.graph.protocolVersion == 2, endsAtOnce else { return false }
        return entries.allSatisfy { entry in
            let nameEnd = entry.headerOffset + 30 + entry.name.utf8.count
            return entry.compression == .stored && bytes[nameEnd...].starts(with: "FB".utf8)
        }
    }

    @Test func `there are enough archives of each torch version`() {
        for version in ["1.13.1", "2.1.2", "2.6.0", "2.13.0"] {
            let files = Self.writtenByTorch.filter { $0.name.hasPrefix("torch-\(version)/") }
            #expect(files.count >= 60, "\(version): \(files.count)")
        }
        #expect(Self.writtenByTorch.count > 400)
    }

    @Test(arguments: Fixture.readable("zip"))
    func `an unedited checkpoint is copied byte for byte`(_ fixture: Fixture) throws {
        let checkpoint = try Checkpoint(contentsOf: fixture.path)
        #expect(try checkpoint.serialized(options: Self.everything) == fixture.bytes())
    }

    @Test(arguments: writtenByTorch)
    func `writing every record anew gives the bytes that torch wrote`(_ fixture: Fixture) throws {
        var checkpoint = try Checkpoint(contentsOf: fixture.path)
        // An edit that changes nothing: the pickle and the archive are written, not copied.
        try checkpoint.set(checkpoint.root, at: [])
        #expect(try checkpoint.serialized(options: Self.everything) == fixture.bytes())
    }

    @Test func `the hash of names by another system's library is kept while the names are`() throws
    {
        let fixture = try Fixture.named("torch-2.13.0/training_state_dict.pth")
        let foreign = try written(fixture) { $0.reversed().prefix(20) + $0.suffix(20) }
        var checkpoint = try Checkpoint(bytes: foreign)
        try checkpoint.set(checkpoint.root, at: [])
        #expect(try checkpoint.serialized() == foreign)
        checkpoint["new"] = try CheckpointValue(Tensor([1.0]))
        let grown = try Checkpoint(bytes: checkpoint.serialized())
        let kept = try Checkpoint(bytes: foreign)
        #expect(
            grown.archiveInfo?.serializationID?.prefix(20)
                != kept.archiveInfo?.serializationID?.prefix(20))
    }

    /// The archive of a fixture with another serialization id.
    private func written(
        _ fixture: Fixture, id: ([UInt8]) -> [UInt8]
    ) throws -> [UInt8] {
        let archive = try ZipArchive(ByteRegion(copying: fixture.bytes()))
        var writer = ZipArchiveWriter(MemorySink())
        for entry in archive.entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            let isID = entry.name.hasSuffix("/.data/serialization_id")
            let own = try archive.contents(of: entry).copyBytes()
            let contents = try ByteRegion(copying: isID ? id(own) : own)
            try writer.write(entry.name, contents.bytes)
        }
        return try writer.finish().bytes
    }
}
