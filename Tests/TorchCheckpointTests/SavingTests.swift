import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Where checkpoints are saved to, how, and what is refused.
@Suite struct SavingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let training = "torch-2.13.0/training_checkpoint_adam.pth"

    /// A copy of a fixture that can be written over.
    private func copy(_ name: String) throws -> String {
        try folder.write("copy.pth", Fixture.named(name).bytes())
    }

    @Test func `the file that is mapped can be replaced`() throws {
        let path = try copy(Self.training)
        var checkpoint = try Checkpoint(contentsOf: path)
        let tensors = try checkpoint.tensors()
        let bytes = try tensors.map { try $0.tensor.rowMajorBytes() }
        for number in 1...3 {
            checkpoint["note"] = CheckpointValue(number)
            try checkpoint.write(to: path)
            #expect(try Checkpoint(contentsOf: path)["note"]?.int == number)
        }
        #expect(try tensors.map { try $0.tensor.rowMajorBytes() } == bytes)
        let again = try Checkpoint(contentsOf: path).tensors()
        #expect(try again.map { try $0.tensor.rowMajorBytes() } == bytes)
        #expect(try folder.contents().keys.sorted() == ["copy.pth"])
    }

    @Test(arguments: [false, true])
    func `progress grows to the total`(_ isEdited: Bool) throws {
        var checkpoint = try Fixture.named(Self.training).checkpoint()
        if isEdited { checkpoint["note"] = 1 }
        var steps: [(written: Int, total: Int)] = []
        try checkpoint.write(to: folder.path("a.pth")) { steps.append(($0, $1)) }
        #expect(!steps.isEmpty)
        #expect(Set(steps.map(\.total)).count == 1)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.written <= $1.written })
        #expect(steps.last?.written == steps.last?.total)
        #expect(steps.allSatisfy { $0.written > 0 })
    }

    @Test(arguments: [false, true], [0, 5])
    func `a saving that is stopped leaves the old file and nothing else`(
        _ isEdited: Bool, _ calls: Int
    ) throws {
        struct Stop: Error {}
        let path = try copy(Self.training)
        var checkpoint = try Checkpoint(contentsOf: path)
        if isEdited { checkpoint["note"] = 1 }
        var count = isEdited ? calls : 0
        #expect(throws: Stop.self) {
            try checkpoint.write(to: path) { _, _ in
                if count == 0 { throw Stop() }
                count -= 1
            }
        }
        #expect(try folder.contents() == ["copy.pth": Fixture.named(Self.training).bytes()])
    }

    @Test func `a folder that is not there is named`() throws {
        let path = folder.path("missing/a.pth")
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(["a": 1]).write(to: path)
        }
        #expect(error?.code == .fileSystem)
        #expect(error?.path == path)
        #expect(error?.advice != nil)
    }

    @Test func `the root folder has the name of the file, or archive in memory`() throws {
        let checkpoint = try Checkpoint(["a": CheckpointValue(Tensor([1] as [Float]))])
        let path = folder.path("some.name.pth")
        try checkpoint.write(to: path)
        #expect(try Checkpoint(contentsOf: path).archiveInfo?.root == "some.name")
        #expect(try Checkpoint(bytes: checkpoint.serialized()).archiveInfo?.root == "archive")
        // What was read keeps its own.
        var read = try Checkpoint(contentsOf: path)
        read["b"] = 1
        try read.write(to: folder.path("other.pth"))
        #expect(
            try Checkpoint(contentsOf: folder.path("other.pth")).archiveInfo?.root == "some.name")
        try read.write(to: folder.path("other.pth"), options: SaveOptions(layout: .current))
        #expect(try Checkpoint(contentsOf: folder.path("other.pth")).archiveInfo?.root == "other")
    }

    @Test(arguments: [1, 16, 256, 4096, 32768], [SaveOptions.Layout.preserved, .current])
    func `storages begin where the alignment says`(
        _ alignment: Int, _ layout: SaveOptions.Layout
    ) throws {
        let checkpoint = try Fixture.named("torch-2.13.0/writing_sizes.pth").checkpoint()
        let bytes = try checkpoint.serialized(
            options: SaveOptions(layout: layout, storageAlignment: alignment))
        let again = try Checkpoint(bytes: bytes)
        let entries = try #require(again.archive?.entries)
        #expect(entries.count > 10)
        #expect(entries.allSatisfy { $0.dataOffset % alignment == 0 })
        // torch finds storages by what this record says.
        #expect(again.archiveInfo?.storageAlignment == alignment)
    }

    @Test(arguments: [0, -1, 32769, Int.min, Int.max])
    func `an alignment that no padding reaches is refused`(_ alignment: Int) throws {
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(["a": 1]).serialized(options: SaveOptions(storageAlignment: alignment))
        }
        #expect(error?.code == .unwritableRecord)
        #expect(error?.advice != nil)
    }

    @Test func `checksums are computed or left out as is said, or as they were`() throws {
        let with = "torch-2.13.0/writing_shared_storages.pth"
        let without = "torch-2.13.0/writing_checksums_off.pth"
        let cases: [(name: String, option: Bool?, has: Bool)] = [
            (with, nil, true), (with, false, false), (with, true, true), (without, nil, false),
            (without, true, true), (without, false, false),
        ]
        for row in cases {
            var checkpoint = try Fixture.named(row.name).checkpoint()
            checkpoint["note"] = 1
            let options = SaveOptions(computesChecksums: row.option)
            let again = try Checkpoint(bytes: checkpoint.serialized(options: options))
            let entries = try #require(again.archive?.entries).filter { $0.byteCount > 0 }
            #expect(entries.allSatisfy { ($0.crc32 != 0) == row.has }, "\(row)")
        }
    }

    @Test func `a checksum that does not fit is kept, so that damage shows`() throws {
        let original = try Fixture.named("torch-2.13.0/container_wrong_crc.pth").checkpoint()
        var checkpoint = original
        checkpoint["note"] = 1
        let again = try Checkpoint(bytes: checkpoint.serialized())
        let checksums = { (checkpoint: Checkpoint) in
            let entries = checkpoint.archive.map { Array($0.entries) } ?? []
            return entries.filter { $0.name.contains("/data/") }.map { [$0.name: $0.crc32] }
        }
        #expect(checksums(again) == checksums(original))
    }

    @Test func `a checkpoint from memory or from a part of a file is saved`() throws {
        let bytes = try Fixture.named(Self.training).bytes()
        let path = try folder.write("inside", [1, 2, 3] + bytes + [4, 5])
        let range = 3..<(3 + bytes.count)
        for var checkpoint in try [
            Checkpoint(bytes: bytes), Checkpoint(contentsOf: path, range: range),
        ] {
            #expect(try checkpoint.serialized() == bytes)
            try checkpoint.write(to: folder.path("a.pth"))
            #expect(try folder.contents()["a.pth"] == bytes)
            try checkpoint.set(checkpoint.root, at: [])
            #expect(try checkpoint.serialized() == bytes)
            checkpoint["note"] = 1
            #expect(try Checkpoint(bytes: checkpoint.serialized())["note"]?.int == 1)
        }
    }

    @Test func `TorchScript is copied and never edited`() throws {
        let fixture = try Fixture.named("torch-2.13.0/torchscript_small.pt")
        let options = SaveOptions(globals: .inert)
        var checkpoint = try fixture.checkpoint()
        #expect(try checkpoint.serialized(options: options) == fixture.bytes())
        var others = [options, options]
        others[0].layout = .current
        others[1].mapLocation = .device(.cuda(1))
        for other in others {
            #expect(throws: CheckpointError.self) { try checkpoint.serialized(options: other) }
        }
        try checkpoint.set(checkpoint.root, at: [])
        let error = #expect(throws: CheckpointError.self) {
            try checkpoint.serialized(options: options)
        }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.advice != nil)
    }
}
