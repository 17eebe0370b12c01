import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// `SaveOptions.Layout.legacy`, and legacy files that are written back: `Specs/saving.md`.
@Suite struct LegacyWritingTests {
    static let old = Fixture.readable("legacy") + Fixture.readable("tar")

    /// Files of Python 2 that need an encoding, which the checks do not give.
    private static let encoded: Set = ["by_hand/python2_latin1_legacy.pth"]

    /// What torch can't read from the legacy files that it writes itself: it makes tensors of other
    /// devices before their storages are there, and refuses nested ones.
    private static func isLegacyForTorch(_ fixture: Fixture) -> Bool {
        !["nested.pth", "device_tensors.pth"].contains { fixture.name.hasSuffix("_" + $0) }
            && !encoded.contains(fixture.name)
    }

    /// What a pickler of Python 3 wrote at protocol 2, which is what is written.
    static let ofTorch = Fixture.readable("legacy").filter {
        !$0.name.hasPrefix("by_hand/") && (try? $0.checkpoint().graph.protocolVersion) == 2
    }

    @Test(arguments: old + Fixture.readable("pickle"))
    func `an unedited checkpoint is copied byte for byte`(_ fixture: Fixture) throws {
        let options = SaveOptions(globals: .inert)
        #expect(try fixture.checkpoint().serialized(options: options) == fixture.bytes())
    }

    @Test(arguments: ofTorch)
    func `writing everything anew gives the bytes that torch wrote`(_ fixture: Fixture) throws {
        var checkpoint = try fixture.checkpoint()
        try checkpoint.set(checkpoint.root, at: [])
        #expect(
            try checkpoint.serialized(options: SaveOptions(globals: .inert)) == fixture.bytes())
    }

    @Test func `most legacy files are as torch writes them`() {
        #expect(Self.ofTorch.count > 80)
    }

    @Test func `what is written as legacy is the same to torch`() throws {
        var checks = try WrittenChecks()
        let fixtures = EverythingWrittenTests.fixtures + Self.old
        for fixture in fixtures where Self.isLegacyForTorch(fixture) {
            var options = fixture.saveOptions
            options.layout = .legacy
            let path = checks.path()
            do {
                try fixture.checkpoint().write(to: path, options: options)
                #expect(try Checkpoint(contentsOf: path).format == .legacy)
                checks.same(fixture, path)
            } catch {
                Issue.record("\(fixture): \(error)")
            }
        }
        #expect(checks.count > 400)
        try checks.run()
    }

    @Test func `what was legacy or a tar is the same to torch in an archive`() throws {
        var checks = try WrittenChecks()
        for fixture in Self.old where !Self.encoded.contains(fixture.name) {
            var options = fixture.saveOptions
            options.layout = .current
            let path = checks.path()
            try fixture.checkpoint().write(to: path, options: options)
            #expect(try Checkpoint(contentsOf: path).format == .zip)
            checks.same(fixture, path)
        }
        try checks.run()
    }

    @Test func `an edited legacy file keeps keys and header, and is what torch is told`() throws {
        var checks = try WrittenChecks()
        for fixture in Fixture.readable("legacy") where fixture.name.hasSuffix("_small.pth") {
            var checkpoint = try fixture.checkpoint()
            let edit: JSONValue = ["op": "cast", "dtype": "bfloat16"]
            #expect(try checkpoint.castFloatingPoint(to: .bfloat16) > 0)
            let path = checks.path()
            try checkpoint.write(to: path)
            checks.edits([edit], of: fixture, path)
            let written = try Checkpoint(contentsOf: path)
            #expect(written.format == .legacy)
            #expect(
                try written.tensors().map(\.tensor.storage.key)
                    == checkpoint.tensors().map(\.tensor.storage.key))
        }
        #expect(checks.count == 4)
        try checks.run()
    }

    @Test func `torch's own legacy writer gives the same bytes but for the keys`() throws {
        let folder = try TemporaryFolder()
        let code = """
            import sys
            sys.path.insert(0, sys.argv[1])
            import torch, saving, matrix_containers
            for name in sys.argv[3:]:
                value = matrix_containers.LEGACY[name]()
                torch.save(value, f"{sys.argv[2]}/{name}.zip.pth")
                with saving.stable_legacy_keys():
                    torch.serialization.str.numbers = Numbers = type("Numbers", (dict,), {
                        "setdefault": lambda self, key, _: dict.setdefault(self, key, len(self))})()
                    torch.save(value, f"{sys.argv[2]}/{name}.pth", _use_new_zipfile_serialization=False)
            """
        let names = ["small", "many_storages", "no_tensors", "complex", "checkpoint"]
        let outcome = try TorchPython.run(
            code: code, [Repository.root + "/PythonFixtures", folder.path] + names)
        try #require(outcome.status == 0, "\(outcome.error)")
        for name in names {
            let wanted = try Array(
                Data(contentsOf: URL(fileURLWithPath: folder.path(name + ".pth"))))
            let checkpoint = try Checkpoint(contentsOf: folder.path(name + ".zip.pth"))
            let found = try checkpoint.serialized(options: SaveOptions(layout: .legacy))
            #expect(found == wanted, "\(name)")
        }
    }

    @Test func `sharing is kept, and a value made in Swift is written, too`() throws {
        let tensor = try Tensor([1.0, 2.0, 3.0] as [Float])
        let checkpoint = try Checkpoint([
            "a": CheckpointValue(tensor), "b": CheckpointValue(tensor), "n": 3,
        ])
        let bytes = try checkpoint.serialized(options: SaveOptions(layout: .legacy))
        let read = try Checkpoint(bytes: bytes)
        let tensors = try read.tensors().map(\.tensor)
        #expect(tensors.count == 2 && tensors[0].storage === tensors[1].storage)
        #expect(try tensors[0].array() == [1, 2, 3] as [Float])
        #expect(read["n"]?.int == 3)
    }

    @Test func `what has no place in a legacy file is refused`() throws {
        let checkpoint = try Checkpoint(bytes: LegacyBytes.small.bytes)
        for options in [
            SaveOptions(layout: .legacy, storageAlignment: 64),
            SaveOptions(layout: .preserved, computesChecksums: true),
        ] {
            let error: CheckpointError? = thrown { _ = try checkpoint.serialized(options: options) }
            #expect(error?.code == .unwritableRecord)
        }
        let script = try Fixture.readable("torchscript")[0].checkpoint()
        let error: CheckpointError? = thrown {
            _ = try script.serialized(options: SaveOptions(layout: .legacy, globals: .inert))
        }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test func `nested tensors, which torch can't read from its own legacy files, are refused`()
        throws
    {
        let checkpoint = try Fixture.named("torch-2.13.0/view_nested.pth").checkpoint()
        let error: CheckpointError? = thrown {
            _ = try checkpoint.serialized(options: SaveOptions(layout: .legacy, globals: .inert))
        }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test func `saving that is cancelled leaves the old file`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old.pth", [1, 2, 3])
        struct Cancelled: Error {}
        let checkpoint = try Checkpoint(bytes: LegacyBytes.small.bytes)
        #expect(throws: Cancelled.self) {
            try checkpoint.write(to: path, options: SaveOptions(layout: .legacy)) { _, _ in
                throw Cancelled()
            }
        }
        #expect(try folder.contents() == ["old.pth": [1, 2, 3]])
        var last = (written: 0, total: 1)
        try checkpoint.write(to: path, options: SaveOptions(layout: .legacy)) { last = ($0, $1) }
        #expect(last.written == last.total)
        #expect(try folder.contents()["old.pth"]?.count == last.total)
    }
}
