import Foundation
import TestSupport
import Testing

/// `pth convert` to safetensors and back, and from safetensors files in general.
@Suite struct RoundTripTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `tensors survive the way to safetensors and back`() throws {
        var paths: [String] = []
        for name in [
            "training_state_dict.pth", "training_tied_weights.pth", "view_transposed.pth",
            "dtype_bfloat16.pth", "dtype_uint64.pth", "dtype_float8_e4m3fn.pth", "dtype_bool.pth",
        ] {
            let input = Fixture.current(name)
            let (middle, output) = (folder.path("middle.safetensors"), folder.path(name))
            let there = try PTHTool.run("convert", input, middle, "--shared", "keep-first")
            try #require(there.status == 0, "\(there.error)")
            let back = try PTHTool.run("convert", middle, output)
            try #require(back.status == 0, "\(back.error)")
            #expect(back.error.isEmpty)
            paths += [input, output]
        }
        let check = try TorchPython.run(code: Self.comparison, paths)
        #expect(check.output == "7 pairs, 1 shared\n", "\(check.error)")
    }

    // Names, dtypes, shapes, elements and sharing; strides may differ.
    private static let comparison = """
        import sys, torch

        def raw(tensor):
            return tensor.contiguous().reshape(-1).view(torch.uint8).tolist() if tensor.numel() else []

        def shared(state):
            return {(a, b) for a in state for b in state if a < b and state[a].numel()
                    and state[a].data_ptr() == state[b].data_ptr()}

        found = 0
        for paths in zip(sys.argv[1::2], sys.argv[2::2]):
            first, second = (torch.load(path, weights_only=True) for path in paths)
            assert type(second).__name__ == "OrderedDict", paths
            assert sorted(first) == sorted(second), paths
            for name, tensor in first.items():
                other = second[name]
                assert (tensor.dtype, tensor.shape) == (other.dtype, other.shape), (paths, name)
                assert raw(tensor) == raw(other), (paths, name)
            assert shared(first) == shared(second), paths
            found += len(shared(second))
        print(len(sys.argv[1:]) // 2, "pairs,", found, "shared")
        """

    /// A file with two tensors and metadata.
    private func safetensorsFile() throws -> String {
        let header =
            #"{"__metadata__":{"format":"pt","epoch":"3","by":"me"},"#
            + #""m.w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
            + #""n":{"dtype":"I32","shape":[2],"data_offsets":[24,32]}}"#
        let count = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        let data: [UInt8] = (0..<6).flatMap { [0, 0, 64 + $0, 64] } + [1, 0, 0, 0, 2, 0, 0, 0]
        return try folder.write("in.safetensors", count + Array(header.utf8) + data)
    }

    @Test func `options change what comes from safetensors, too`() throws {
        let input = try safetensorsFile()
        let (plain, output) = (folder.path("plain.pth"), folder.path("out.pth"))
        #expect(try PTHTool.run("convert", input, plain).status == 0)
        let outcome = try PTHTool.run(
            "convert", input, output, "--rename", "m.*=*", "--drop", "n", "--dtype", "float16",
            "--map-location", "cuda:0", "--repack", "--compact")
        try #require(outcome.status == 0, "\(outcome.error)")
        var written = WrittenCheckpoints(in: folder)
        written.add(
            "safetensors",
            [
                #"{"op": "remove", "path": ["n"]}"#,
                #"{"op": "rename", "path": ["m.w"], "key": "w"}"#,
                #"{"op": "cast", "dtype": "float16"}"#, #"{"op": "device", "device": "cuda:0"}"#,
            ], from: plain, to: output)
        try written.check()
    }

    @Test func `metadata that a checkpoint has no place for is named`() throws {
        let input = try safetensorsFile()
        let outcome = try PTHTool.run("convert", input, folder.path("out.pth"))
        #expect(outcome.status == 0)
        #expect(
            outcome.error
                == "pth: note: 2 values have no place in a checkpoint of tensors: by, epoch\n")
    }

    @Test func `safetensors to safetensors keeps the metadata`() throws {
        let input = try safetensorsFile()
        let output = folder.path("out.safetensors")
        let outcome = try PTHTool.run("convert", input, output, "--rename", "m.*=*")
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
        let code = """
            import sys, safetensors
            with safetensors.safe_open(sys.argv[1], "pt") as file:
                print(sorted(file.metadata().items()), sorted(file.keys()))
            """
        let read = try TorchPython.run(code: code, [output])
        #expect(
            read.output == "[('by', 'me'), ('epoch', '3'), ('format', 'pt')] ['n', 'w']\n")
    }

    @Test func `safetensors to safetensors keeps notes of shared memory on demand`() throws {
        let files = ["a", "b", "c"].map { folder.path($0 + ".safetensors") }
        let input = Fixture.current("training_tied_weights.pth")
        #expect(try PTHTool.run("convert", input, files[0], "--shared", "keep-first").status == 0)
        #expect(try PTHTool.run("convert", files[0], files[1]).error.contains("keep-first"))
        let outcome = try PTHTool.run("convert", files[0], files[2], "--shared", "keep-first")
        #expect(outcome.status == 0, "\(outcome.error)")
        let written = try folder.contents()
        #expect(written.count == 2)
        #expect(written["a.safetensors"] == written["c.safetensors"])
    }

    @Test func `a safetensors file is never written onto its source`() throws {
        let input = try safetensorsFile()
        let link = folder.path("link.safetensors")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "in.safetensors")
        let before = try folder.contents()
        for output in [input, link] {
            let outcome = try PTHTool.run("convert", input, output)
            #expect(outcome.status == 1)
            #expect(outcome.error.hasPrefix("pth: \(output): is the file that is to be converted"))
            #expect(outcome.error.isOneLine)
        }
        #expect(try folder.contents() == before)
    }

    @Test func `the contents of the input decide what it is`() throws {
        let input = try safetensorsFile()
        let misnamed = try folder.write(
            "misnamed.pth", Data(contentsOf: URL(fileURLWithPath: input)))
        let output = folder.path("out.pth")
        #expect(try PTHTool.run("convert", misnamed, output).output.contains("2 tensors"))
        // Onto itself: a checkpoint takes the place of the safetensors file.
        #expect(try PTHTool.run("convert", misnamed, misnamed).status == 0)
        #expect(try PTHTool.run("inspect", misnamed, "--weights-only").status == 0)
    }
}
