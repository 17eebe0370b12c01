import Foundation
import TestSupport
import Testing

/// One conversion of a checkpoint to a checkpoint, and the same in Python.
private struct Conversion {
    let name: String
    let options: [String]
    let edits: [String]

    init(_ name: String, _ options: String, _ edits: String...) {
        self.init(name, options, edits: edits)
    }

    init(_ name: String, _ options: String, edits: [String]) {
        self.name = name
        self.options = options.split(separator: " ").map(String.init)
        self.edits = edits
    }
}

// Edits of `check_written.py`.
private func device(_ name: String) -> String { #"{"op": "device", "device": "\#(name)"}"# }
private func cast(_ dtype: String) -> String { #"{"op": "cast", "dtype": "\#(dtype)"}"# }
private func sub(_ path: String) -> String { #"{"op": "sub", "path": [\#(path)]}"# }
private func remove(_ path: String) -> String { #"{"op": "remove", "path": [\#(path)]}"# }
private func rename(_ path: String, _ key: String) -> String {
    #"{"op": "rename", "path": [\#(path)], "key": "\#(key)"}"#
}
private let compact = #"{"op": "compact", "size": "intervals"}"#

/// `pth convert` from checkpoint to checkpoint, held to what torch reads from both.
@Suite struct ConvertCheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A part of the fixtures of every torch version; the library's tests copy all.
    private static let sample = Fixture.readable("zip").enumerated()
        .filter { $0.offset % 8 == 3 }.map(\.element)

    @Test func `without options the copy has the same bytes`() throws {
        #expect(Self.sample.count > 55)
        for fixture in Self.sample {
            let output = folder.path("copy.pth")
            let outcome = try PTHTool.run("convert", fixture.path, output)
            #expect(outcome.status == 0, "\(fixture): \(outcome.error)")
            #expect(outcome.output.hasPrefix("\(output): "), "\(fixture)")
            #expect(try folder.contents()["copy.pth"] == fixture.bytes(), "\(fixture)")
        }
    }

    private static let conversions: [Conversion] = [
        // Device tags.
        .init("device_mixed.pth", "--map-location cpu", device("cpu")),
        .init("writing_cuda_shared.pth", "--map-location cuda:3", device("cuda:3")),
        .init("container_deflated.pth", "--map-location mps", device("mps")),
        .init("container_big_endian.pth", "--map-location cuda:1", device("cuda:1")),
        // Parts.
        .init(
            "training_checkpoint_adam.pth", "--key model_state_dict",
            sub(#""model_state_dict""#)),
        .init(
            "training_lightning.pth", "--key optimizer_states --key 0",
            sub(#""optimizer_states", 0"#)),
        .init(
            "training_checkpoint_adam.pth", "--key model_state_dict --key head.bias",
            sub(#""model_state_dict", "head.bias""#)),
        // Entries left out: by dotted path, by key wherever it is, by a number that is a key.
        .init(
            "training_checkpoint_adam.pth", "--drop optimizer_state_dict",
            remove(#""optimizer_state_dict""#)),
        .init(
            "writing_shared_storages.pth", "--drop model.body.* --drop flat",
            remove(#""model", "body.weight""#), remove(#""model", "body.bias""#),
            remove(#""flat""#)),
        .init(
            "writing_shared_storages.pth", "--drop own", remove(#""model", "own""#),
            remove(#""ema", "own""#)),
        .init(
            "writing_shared_storages.pth", "--drop optimizer.state.1",
            remove(#""optimizer", "state", 1"#)),
        // Names.
        .init(
            "training_data_parallel.pth", "--rename module.*=*",
            edits: dataParallelRenames),
        .init(
            "writing_shared_storages.pth", "--rename body.*=trunk.* --rename trunk.weight=w",
            rename(#""model", "body.weight""#, "w"), rename(#""model", "body.bias""#, "trunk.bias"),
            rename(#""ema", "body.weight""#, "w"), rename(#""ema", "body.bias""#, "trunk.bias")),
        .init("training_tied_weights.pth", "--rename output.*=", rename(#""output.weight""#, "")),
        // Casts: shared, strided, expanded, overlapping, grads, 8-bit floats both ways, and what
        // stays.
        .init("writing_shared_storages.pth", "--dtype float16", cast("float16")),
        .init("view_transposed.pth", "--dtype bfloat16", cast("bfloat16")),
        .init("view_expanded.pth", "--dtype float64", cast("float64")),
        .init("view_overlapping.pth", "--dtype float16", cast("float16")),
        .init("view_parameter.pth", "--dtype bfloat16", cast("bfloat16")),
        .init("view_requires_grad.pth", "--dtype float64", cast("float64")),
        .init("dtype_float8_e4m3fn.pth", "--dtype float32", cast("float32")),
        .init("dtype_float8_e5m2fnuz.pth", "--dtype float16", cast("float16")),
        .init("dtype_float32.pth", "--dtype float8_e4m3fn", cast("float8_e4m3fn")),
        .init("dtype_float32.pth", "--dtype float8_e5m2", cast("float8_e5m2")),
        .init("training_checkpoint_adam.pth", "--dtype bfloat16", cast("bfloat16")),
        .init("container_big_endian.pth", "--dtype float32", cast("float32")),
        .init("dtype_int64.pth", "--dtype float16", cast("float16")),
        .init("dtype_complex64.pth", "--dtype float64", cast("float64")),
        // Parts of storages.
        .init("view_sliced.pth", "--compact", compact),
        .init("view_large_storage.pth", "--compact", compact),
        .init("view_stepped.pth", "--compact", compact),
        .init("writing_shared_storages.pth", "--compact", compact),
        // Several at once, in the order of the help.
        .init(
            "training_checkpoint_adam.pth",
            "--key model_state_dict --drop *.num_batches_tracked --rename conv.weight=kernel",
            sub(#""model_state_dict""#), remove(#""norm.num_batches_tracked""#),
            rename(#""conv.weight""#, "kernel")),
        .init(
            "writing_shared_storages.pth",
            "--dtype bfloat16 --compact --map-location cuda:0 --drop flat --drop buckets",
            remove(#""flat""#), remove(#""buckets""#), cast("bfloat16"), compact,
            device("cuda:0")),
        .init(
            "writing_cuda_training.pth", "--repack --map-location cpu --dtype float16",
            cast("float16"), device("cpu")),
        .init("device_mixed.pth", "--weights-only --repack --map-location cpu", device("cpu")),
    ]

    /// What taking off the prefix changes: the tensors and the modules that `_metadata` lists.
    private static let dataParallelRenames: [String] = {
        let tensors = [
            "conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean",
            "norm.running_var", "norm.num_batches_tracked", "head.weight", "head.bias",
        ]
        let metadata = #""state_dict", {"attribute": "_metadata"}, "#
        // The wrapped model takes the place of the wrapper.
        return tensors.map { rename(#""state_dict", "module.\#($0)""#, $0) }
            + [remove(metadata + #""""#), rename(metadata + #""module""#, "")]
            + ["conv", "norm", "head"].map {
                rename(#""state_dict", {"attribute": "_metadata"}, "module.\#($0)""#, $0)
            }
    }()

    @Test func `torch reads what the options ask for, and all else as it was`() throws {
        var written = WrittenCheckpoints(in: folder)
        for conversion in Self.conversions {
            let input = Fixture.current(conversion.name)
            try written.convert(input, conversion.options, conversion.edits)
        }
        try written.check()
    }

    @Test func `devices can be replaced one by one`() throws {
        let cases: [(rules: [String], map: [String: String])] = [
            ([], [:]), (["cuda:1=cpu"], ["cuda:1": "cpu"]),
            (["cuda:1=cuda:0", "xpu:0=mps"], ["cuda:1": "cuda:0", "xpu:0": "mps"]),
            (["cuda=cpu"], ["cuda:0": "cpu", "cuda:1": "cpu"]),
            (["cuda:0=mps", "cuda=cpu"], ["cuda:0": "mps", "cuda:1": "cpu"]),
            (["cuda:0=cuda:0", "cpu"], ["cuda:1": "cpu", "xpu:0": "cpu"]),
            (["cuda:7=cpu"], [:]),
        ]
        let outputs = try cases.indices.map { place in
            let output = folder.path("\(place).pth")
            let options = cases[place].rules.flatMap { ["--map-location", $0] }
            let outcome = try PTHTool.run(
                ["convert", Fixture.current("device_mixed.pth"), output] + options)
            try #require(outcome.status == 0, "\(outcome.error)")
            return output
        }
        let found = try devices(outputs)
        try #require(found.count == cases.count)
        #expect(Set(found[0]) == ["cpu", "cuda:0", "cuda:1", "xpu:0"])
        for (place, (rules, map)) in cases.enumerated() {
            #expect(found[place] == found[0].map { map[$0] ?? $0 }, "\(rules)")
        }
    }

    /// The device that torch finds in each file for each storage.
    private func devices(_ paths: [String]) throws -> [[String]] {
        let code = """
            import sys, torch
            for path in sys.argv[1:]:
                found = []
                torch.load(path, map_location=lambda storage, tag: found.append(tag) or storage)
                print(*found)
            """
        let outcome = try TorchPython.run(code: code, paths)
        return outcome.output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
    }

    @Test func `--compact says how large the file still is`() throws {
        let input = Fixture.current("view_large_storage.pth")
        let output = folder.path("out.pth")
        #expect(try PTHTool.run("convert", input, output, "--compact").status == 0)
        let size = try #require(folder.contents()["out.pth"]?.count)
        #expect(try size < Fixture.named("torch-2.13.0/view_large_storage.pth").bytes().count)
        // Nothing is left to drop: the same once more.
        let again = folder.path("again.pth")
        #expect(try PTHTool.run("convert", output, again, "--compact").status == 0)
        let files = try folder.contents()
        #expect(files["again.pth"] == files["out.pth"])
    }

    @Test func `a storage of several dtypes can't be cast`() throws {
        let code = """
            import sys, torch
            tensor = torch.arange(8.).to(torch.float8_e5m2)
            torch.save({"floats": tensor, "bits": tensor.view(torch.uint16)}, sys.argv[1])
            """
        let input = folder.path("in.pth")
        #expect(try TorchPython.run(code: code, [input]).status == 0)
        let output = folder.path("out.pth")
        let outcome = try PTHTool.run("convert", input, output, "--dtype", "float16")
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("pth: \(input): "), "\(outcome.error)")
        #expect(outcome.error.contains("storage 0 is seen as elements of float8_e5m2, uint16"))
        #expect(outcome.error.isOneLine)
        #expect(try folder.contents().count == 1)
        // Integers of several sizes are nothing to cast.
        let integers = Fixture.current("view_two_dtypes_one_storage.pth")
        #expect(try PTHTool.run("convert", integers, output, "--dtype", "float16").status == 0)
    }

    @Test func `the result says what was written, not what was read`() throws {
        let output = folder.path("out.pth")
        for (name, options, result) in [
            ("container_big_endian.pth", [], "big endian"),
            ("container_big_endian.pth", ["--repack"], "little endian"),
            ("view_transposed.pth", ["--dtype", "float16"], "tensors, 216 B, zip, little endian"),
        ] {
            let outcome = try PTHTool.run(["convert", Fixture.current(name), output] + options)
            #expect(outcome.error.isEmpty)
            #expect(outcome.output.hasPrefix("\(output): "))
            #expect(outcome.output.hasSuffix("\(result)\n"), "\(outcome.output)")
            #expect(outcome.output.isOneLine)
        }
    }
}
