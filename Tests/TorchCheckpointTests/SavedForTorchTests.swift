import TestSupport
import Testing
import TorchCheckpoint

/// What is moved between checkpoints and formats, as torch reads it.
@Suite struct SavedForTorchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs Python code with the modules of `PythonFixtures` at hand; it prints `ok` at its end.
    private func python(_ code: String, _ arguments: [String]) throws {
        let start = "import sys\nsys.path.insert(0, sys.argv.pop(1))\n"
        let fixtures = Repository.root + "/PythonFixtures"
        let outcome = try TorchPython.run(code: start + code, [fixtures] + arguments)
        #expect(outcome.output == "ok\n", "\(outcome.output)\(outcome.error.suffix(2000))")
    }

    @Test func `tensors of big-endian files are turned around`() throws {
        let original = try Fixture.named("torch-2.13.0/container_big_endian.pth")
        var checks = try WrittenChecks()
        let moved = checks.path()
        try Checkpoint(original.checkpoint().root).write(to: moved)
        #expect(try Checkpoint(contentsOf: moved).byteOrder == .little)
        checks.same(original, moved)
        let single = checks.path()
        var checkpoint = try Checkpoint([:])
        for (key, value) in try original.checkpoint().root.dictionary ?? [:] {
            let tensor = try? value.tensor()
            try checkpoint.set(tensor.map { try CheckpointValue($0) } ?? value, at: [key])
        }
        try checkpoint.write(to: single)
        checks.same(original, single)
        try checks.run()
    }

    /// Fixtures whose bytes are said to be of the other order, which makes other numbers of them.
    private static let turned = [
        "writing_gaps", "writing_shared_storages", "writing_aliases", "view_storages",
        "view_storage_beside_tensor", "view_sparse_coo", "view_expanded",
        "quantized_qint8", "quantized_qint32", "dtype_complex64", "dtype_bfloat16", "dtype_int64",
        "training_checkpoint_adam",
    ]

    /// Makes big-endian files of fixtures.
    private func turn() throws -> [String] {
        let code = """
            import os, zipfile
            for path in sys.argv[2:]:
                new = os.path.join(sys.argv[1], os.path.basename(path))
                with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w") as new:
                    for info in old.infolist():
                        order = info.filename.endswith("/byteorder")
                        new.writestr(info, b"big" if order else old.read(info))
            print("ok")
            """
        let files = Self.turned.map { Fixture.path("torch-2.13.0/\($0).pth") }
        try python(code, [folder.path] + files)
        return Self.turned.map { folder.path("\($0).pth") }
    }

    @Test func `big-endian files are turned around, cast and compacted`() throws {
        var checks = try WrittenChecks()
        for file in try turn() {
            let original = try Checkpoint(contentsOf: file)
            #expect(original.byteOrder == .big)
            let paths = (0..<4).map { "\(checks.path())-\($0)" }
            try original.write(to: paths[0], options: SaveOptions(layout: .current))
            try Checkpoint(original.root).write(to: paths[1])
            var compact = original
            try compact.compact()
            try compact.write(to: paths[2])
            compact["new"] = try CheckpointValue(Tensor([1, -2, 3] as [Int32]))
            try compact.write(to: paths[3])
            let tensor: JSONValue = [
                "op": "tensor", "path": ["new"], "dtype": "int32", "shape": [3],
                "elements": [1, -2, 3],
            ]
            let edits: [[JSONValue]] = [[], [], [["op": "compact"]], [["op": "compact"], tensor]]
            for (path, edits) in zip(paths, edits) {
                let task: JSONValue = [
                    "original": .string(file), "written": .string(path), "edits": .array(edits),
                ]
                checks.add(task, "\(file) \(edits.count) \(path.suffix(1))")
            }
        }
        try checks.run()
    }

    @Test func `tensors that two checkpoints share are in each as they were`() throws {
        let original = try Fixture.named("torch-2.13.0/writing_shared_storages.pth")
        let root = try original.checkpoint().root
        var checks = try WrittenChecks()
        for _ in 0..<2 {
            let path = checks.path()
            try Checkpoint(root).write(to: path)
            checks.same(original, path)
        }
        try checks.run()
    }

    @Test func `a state dict saved alone has the bytes that torch writes of it`() throws {
        var files: [String] = []
        for version in ["1.13.1", "2.1.2", "2.6.0", "2.13.0"] {
            let original = Fixture.path("torch-\(version)/training_checkpoint_adam.pth")
            let path = folder.path("model-\(version).pth")
            try Checkpoint(Checkpoint(contentsOf: original).stateDict("model_state_dict"))
                .write(to: path)
            files += [original, path]
        }
        let code = """
            import os, torch
            folder, *files = sys.argv[1:]
            os.mkdir(folder)
            for original, written in zip(files[::2], files[1::2]):
                state = torch.load(original, weights_only=True)["model_state_dict"]
                path = os.path.join(folder, os.path.basename(written))
                torch.save(state, path)
                if open(path, "rb").read() != open(written, "rb").read():
                    print(f"not as torch writes it: {written}")
            print("ok" if len(files) == 8 else files)
            """
        try python(code, [folder.path("torch")] + files)
    }

    /// Changes after which torch may look for storages where they would be in a file of its own.
    private static let moves: [@Sendable (inout Checkpoint, [String]) throws -> SaveOptions] = [
        { checkpoint, _ in
            checkpoint["new"] = 1
            return SaveOptions(storageAlignment: 4096)
        },
        { checkpoint, names in
            checkpoint[names[2]] = try CheckpointValue(Tensor([1, 2, 3] as [Float]))
            return SaveOptions()
        },
        { checkpoint, names in
            checkpoint[names[0]] = nil
            return SaveOptions()
        },
        { checkpoint, names in
            checkpoint["moved"] = checkpoint[names[0]]
            checkpoint[names[0]] = nil
            return SaveOptions(computesChecksums: false)
        },
        { checkpoint, names in
            checkpoint["new"] = try CheckpointValue(Tensor([1, 2, 3] as [Float]))
            return SaveOptions(layout: .current)
        },
    ]

    @Test func `torch finds storages by calculation where the file says that it may`() throws {
        let original = try Fixture.named("torch-2.13.0/training_state_dict.pth").checkpoint()
        let names = try original.stateDict().names
        let files = try Self.moves.enumerated().map { place, move in
            var checkpoint = original
            let options = try move(&checkpoint, names)
            let path = folder.path("move-\(place).pth")
            try checkpoint.write(to: path, options: options)
            return path
        }
        let code = """
            import torch
            from torch.utils.serialization import config
            for path in sys.argv[1:]:
                wanted = torch.load(path)
                config.load.calculate_storage_offsets = True
                try:
                    torch.load(path, map_location="meta")
                    found = torch.load(path, mmap=True)
                    for name, tensor in wanted.items():
                        if isinstance(tensor, torch.Tensor) and not torch.equal(tensor, found[name]):
                            print(f"{path}: {name} differs")
                except Exception as error:
                    print(f"{path}: {error!r}")
                config.load.calculate_storage_offsets = False
            print("ok")
            """
        try python(code, files)
    }

    @Test func `an edited pickle becomes an archive of the same`() throws {
        var pairs: [String] = []
        let fixtures = Fixture.readable("pickle").filter { $0.row["encoding"] == nil }
        for (place, fixture) in fixtures.enumerated() {
            var checkpoint = try fixture.checkpoint()
            #expect(
                try checkpoint.serialized(options: SaveOptions(globals: .inert))
                    == fixture.bytes())
            try checkpoint.set(checkpoint.root, at: [])
            let path = folder.path("\(place).pth")
            try checkpoint.write(to: path, options: SaveOptions(globals: .inert))
            pairs += [fixture.path, path]
        }
        let code = """
            import pickle, torch
            from comparing import Comparer, Loaded
            from memory import SameMemory
            sys.setrecursionlimit(20000)
            paths = sys.argv[1:]
            for original, written in zip(paths[::2], paths[1::2]):
                try:
                    with open(original, "rb") as file:
                        wanted = Loaded(pickle.load(file), {})
                    found = Loaded(torch.load(written, weights_only=False), {})
                    Comparer(wanted, found, SameMemory(False)).compare()
                except Exception as error:
                    print(original, repr(error))
            print("ok" if len(paths) >= 40 else len(paths))
            """
        try python(code, pairs)
    }
}
