import Foundation
import TestSupport
import Testing

/// What `pth convert` passes on to Python, and what it only copies.
@Suite struct ConvertPolicyTests {
    private let folder: TemporaryFolder
    private let module = Fixture.current("training_whole_module.pth")
    private let names = ["fixture_classes.Net", "torch.nn.modules.conv.Conv2d"]

    init() throws { folder = try TemporaryFolder() }

    @Test func `a copy of a whole module passes, with a note`() throws {
        let output = folder.path("out.pth")
        for options in [[], ["--keep-globals"]] {
            let outcome = try PTHTool.run(["convert", module, output] + options)
            #expect(outcome.status == 0)
            #expect(outcome.error.hasPrefix("pth: note: the copy names what torch.load(weights_on"))
            for name in names { #expect(outcome.error.contains(name)) }
            #expect(outcome.error.isOneLine)
            let bytes = try Fixture.named("torch-2.13.0/training_whole_module.pth").bytes()
            #expect(try folder.contents()["out.pth"] == bytes)
        }
    }

    @Test func `a copy of a state dict passes without a note`() throws {
        let outcome = try PTHTool.run(
            "convert", Fixture.current("training_state_dict.pth"), folder.path("out.pth"))
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
    }

    @Test(arguments: [
        ["--map-location", "cuda:0"], ["--repack"], ["--dtype", "float16"],
        ["--rename", "weight=w"], ["--drop", "bias"],
    ])
    func `an edited whole module is refused until it is to be kept`(_ options: [String]) throws {
        let refused = try PTHTool.run(["convert", module, folder.path("out.pth")] + options)
        #expect(refused.status == 1)
        #expect(refused.output.isEmpty)
        for name in names { #expect(refused.error.contains(name), "\(refused.error)") }
        // Where one of them is, and both ways out.
        #expect(refused.error.contains("['_modules']['conv']"))
        #expect(refused.error.contains("--keep-globals") && refused.error.contains("--drop"))
        #expect(!refused.error.contains("SaveOptions"), "\(refused.error)")
        #expect(refused.error.isOneLine)
        #expect(try folder.contents().isEmpty)
    }

    @Test func `--keep-globals keeps what an edited checkpoint names`() throws {
        var written = WrittenCheckpoints(in: folder)
        let device = #"{"op": "device", "device": "cuda:0"}"#
        let cast = #"{"op": "cast", "dtype": "float16"}"#
        for (name, options, edits) in [
            ("training_whole_module.pth", ["--map-location", "cuda:0"], [device]),
            ("training_whole_sequential.pth", ["--dtype", "float16"], [cast]),
            ("training_tied_module.pth", ["--repack"], []),
        ] {
            try written.convert(
                Fixture.current(name), options + ["--keep-globals"], edits, weightsOnly: false)
        }
        try written.check()
    }

    @Test func `what --key or --drop leaves behind is not held against the rest`() throws {
        let code = """
            import sys, torch, fixture_classes
            torch.save({"state_dict": {"w": torch.ones(2)}, "odd": fixture_classes.Plain(a=1)}, sys.argv[1])
            """
        let input = folder.path("in.pth")
        let path = "import sys; sys.path.insert(0, '\(Repository.root)/PythonFixtures')\n"
        let made = try TorchPython.run(code: path + code, [input])
        try #require(made.status == 0, "\(made.error)")
        var written = WrittenCheckpoints(in: folder)
        let sub = #"{"op": "sub", "path": ["state_dict"]}"#
        let remove = #"{"op": "remove", "path": ["odd"]}"#
        let output = try written.convert(
            input, ["--key", "state_dict"], [sub], weightsOnly: false)
        try written.convert(input, ["--drop", "odd"], [remove], weightsOnly: false)
        try written.check()
        #expect(try PTHTool.run("inspect", output, "--weights-only").status == 0)
    }

    @Test func `--weights-only refuses even a copy`() throws {
        let outcome = try PTHTool.run(
            "convert", module, folder.path("out.pth"), "--weights-only", "--keep-globals")
        #expect(outcome.status == 1)
        #expect(outcome.error.isOneLine)
        #expect(try folder.contents().isEmpty)
    }

    @Test func `a TorchScript archive can be copied and nothing else`() throws {
        let fixture = try Fixture.named("torch-2.13.0/torchscript_small.pt")
        let output = folder.path("out.pt")
        let copy = try PTHTool.run("convert", fixture.path, output)
        #expect(copy.status == 0)
        #expect(copy.output.contains("torchscript"))
        #expect(try folder.contents() == ["out.pt": fixture.bytes()])
        for options in [["--repack"], ["--map-location", "cuda:0"], ["--dtype", "float16"]] {
            let outcome = try PTHTool.run(
                ["convert", fixture.path, folder.path("edited.pt"), "--keep-globals"] + options)
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("TorchScript"), "\(outcome.error)")
            #expect(outcome.error.contains("torch.jit.save"), "\(outcome.error)")
            #expect(outcome.error.isOneLine)
        }
        #expect(try folder.contents().count == 1)
    }

    @Test func `a bare pickle is copied, or becomes an archive`() throws {
        let code = """
            import pickle, sys
            with open(sys.argv[1], "wb") as file:
                pickle.dump({"epoch": 3, "names": ["a", "b"], "rate": 0.5}, file, protocol=2)
            """
        let input = folder.path("in.pkl")
        #expect(try TorchPython.run(code: code, [input]).status == 0)
        let copy = folder.path("copy.pth")
        #expect(try PTHTool.run("convert", input, copy).output.contains("pickle"))
        let files = try folder.contents()
        #expect(files["copy.pth"] == files["in.pkl"])
        for (options, result) in [
            (["--repack"], "{'epoch': 3, 'names': ['a', 'b'], 'rate': 0.5}"),
            (["--drop", "rate"], "{'epoch': 3, 'names': ['a', 'b']}"),
        ] {
            let output = folder.path("out.pth")
            let outcome = try PTHTool.run(["convert", input, output] + options)
            #expect(outcome.output.contains("zip"), "\(outcome.error)")
            let code = "import sys, torch; print(torch.load(sys.argv[1], mmap=True))"
            let loaded = try TorchPython.run(code: code, [output])
            #expect(loaded.output == result + "\n", "\(loaded.error)")
        }
    }
}
