import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Tensors in plain pickles: `Specs/tensors.md`, "Storages in plain pickles".
@Suite struct PickledTensorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Pickles a value in several protocols, and saves it.
    private func pickle(_ value: String, _ protocols: [Int]) throws {
        let code = """
            import pickle, sys, torch, collections
            value = \(value)
            torch.save(value, sys.argv[1] + "/saved.pth")
            for number in sys.argv[2:]:
                with open(f"{sys.argv[1]}/{number}.pkl", "wb") as file:
                    pickle.dump(value, file, protocol=int(number))
            """
        let outcome = try TorchPython.run(code: code, [folder.path] + protocols.map { "\($0)" })
        try #require(outcome.status == 0, "\(outcome.error)")
    }

    @Test func `every protocol has the same tensors as the archive`() throws {
        try pickle(
            """
            (lambda m, b: {"state": m.state_dict(), "base": b, "view": b[2:5], "same": b,
             "large": torch.arange(20000.0), "bytes": torch.arange(5, dtype=torch.uint8)})(
             torch.nn.Linear(3, 2), torch.arange(6.0))
            """, [0, 1, 2, 3, 4, 5])
        let saved = try Checkpoint(contentsOf: folder.path("saved.pth")).tensors()
        for number in 0...5 {
            let checkpoint = try Checkpoint(contentsOf: folder.path("\(number).pkl"))
            #expect(checkpoint.format == .pickle)
            let found = try checkpoint.tensors()
            #expect(found.map(\.path.description) == saved.map(\.path.description))
            for (tensor, wanted) in zip(found, saved) {
                #expect(try tensor.tensor.sha256() == wanted.tensor.sha256(), "\(wanted.path)")
                #expect(tensor.tensor.strides == wanted.tensor.strides)
                #expect(tensor.tensor.storageOffset == wanted.tensor.storageOffset)
            }
            #expect(checkpoint["base"]?.id == checkpoint["same"]?.id)
        }
    }

    @Test func `a plain pickle becomes an archive and a legacy file that torch reads`() throws {
        try pickle("{'a': torch.arange(6.0).reshape(2, 3).t(), 'n': 3}", [2, 4])
        for number in [2, 4] {
            var checkpoint = try Checkpoint(contentsOf: folder.path("\(number).pkl"))
            for (name, layout) in [("zip", SaveOptions.Layout.current), ("legacy", .legacy)] {
                let path = folder.path("\(number).\(name).pth")
                try checkpoint.write(to: path, options: SaveOptions(layout: layout))
            }
            // An edit alone makes an archive, too.
            try checkpoint.set(4, at: ["n"])
            try checkpoint.write(to: folder.path("\(number).edited.pth"))
        }
        let code = """
            import sys, torch
            for path in sys.argv[1:]:
                value = torch.load(path, weights_only=True)
                assert torch.equal(value["a"], torch.arange(6.0).reshape(2, 3).t()), path
                assert value["a"].stride() == (1, 3) and value["n"] in (3, 4), path
            print("ok")
            """
        let paths = ["2", "4"].flatMap { number in
            ["zip", "legacy", "edited"].map { folder.path("\(number).\($0).pth") }
        }
        let outcome = try TorchPython.run(code: code, paths)
        #expect(outcome.output == "ok\n", "\(outcome.error)")
    }

    /// `torch.storage._load_from_bytes` of something, as the first argument of a tensor's function.
    private func open(_ bytes: [UInt8]) throws -> [Float] {
        var argument: [UInt8] = [0x42]
        argument.append(littleEndian: UInt32(bytes.count))
        let call = LegacyBytes.global("torch.storage", "_load_from_bytes") + argument + bytes
        let tensor = LegacyBytes.tensor(call + [0x85, 0x52], count: 3)
        let pickle = [0x80, 3] + tensor + [0x2E]
        return try #require(try Checkpoint(bytes: pickle).tensors().first).tensor.array()
    }

    @Test func `what is in the bytes has to be one storage`() throws {
        var file = LegacyBytes.small
        file.objects = []
        // The file's object is the storage, where elsewhere it is a list.
        let header = Array(file.bytes.prefix(file.objectOffset))
        let storage = LegacyBytes.storage(key: "k", count: 3)
        let tail = LegacyBytes.small.bytes.suffix(20)
        let keys = LegacyBytes.pickled([0x5D] + LegacyBytes.text("k") + [0x61])
        let whole = header + LegacyBytes.pickled(storage) + keys + tail
        #expect(try open(whole) == [1, 2, 3])
        #expect(try open(whole + [7, 8]) == [1, 2, 3])
        let broken: [[UInt8]] = [
            [], [1, 2, 3], LegacyBytes.small.bytes, whole.dropLast(),
            header + LegacyBytes.pickled([0x4E]) + keys + tail,
            header + LegacyBytes.pickled(LegacyBytes.global("os", "system") + [0x30] + storage)
                + keys + tail,
            header + LegacyBytes.pickled(storage) + LegacyBytes.pickled([0x5D]) + tail,
            whole.dropLast(20) + [4] + tail.dropFirst(),
        ]
        for bytes in broken {
            let error: CheckpointError? = thrown { _ = try open(bytes) }
            #expect(error?.advice?.isEmpty == false, "\(bytes.count)")
        }
    }
}
