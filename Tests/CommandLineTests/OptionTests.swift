import Foundation
import TestSupport
import Testing

/// Each option does what `Specs/command-line.md` says.
@Suite struct OptionTests {
    private let checkpoint = Fixture.path("torch-2.13.0/training_checkpoint_adam.pth")
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A checkpoint of a dictionary of 30 numbers and a list of 40.
    private func numbers() throws -> String {
        let code = """
            import sys, torch
            torch.save({"named": {f"n{i:02}": i for i in range(30)}, "list": [7.5] * 40}, sys.argv[1])
            """
        let path = folder.path("numbers.pth")
        let outcome = try TorchPython.run(code: code, [path])
        try #require(outcome.status == 0, "\(outcome.error)")
        return path
    }

    @Test func `inspect --values says how many plain values of a container are shown`() throws {
        let path = try numbers()
        for (options, count) in [
            ([], 20), (["--values", "3"], 3), (["--values", "0"], 0), (["--values", "30"], 30),
        ] {
            let output = try PTHTool.run(["inspect", path] + options).output
            #expect(output.matches(of: #/(?m)^ +n\d\d /#).count == count, "\(options)")
            let elision = "… \(30 - count) more plain values"
            #expect(output.contains(elision) == (count < 30), "\(options)")
        }
        #expect(try PTHTool.run("inspect", path, "--values", "-1").status == 64)
    }

    @Test func `show --all shows all elements of a container`() throws {
        let path = try numbers()
        let short = try PTHTool.run("show", path, "list").output
        #expect(short.matches(of: /7\.5/).count == 16)
        #expect(short.contains("..."))
        let all = try PTHTool.run("show", path, "list", "--all").output
        #expect(all == "[" + Array(repeating: "7.5", count: 40).joined(separator: ", ") + "]\n")
    }

    @Test func `--weights-only accepts what torch accepts`() throws {
        let output = folder.path("out.safetensors")
        for command in [
            ["inspect", checkpoint], ["inspect", checkpoint, "--json"], ["show", checkpoint],
            ["convert", checkpoint, output],
        ] {
            let outcome = try PTHTool.run(command + ["--weights-only"])
            #expect(outcome.status == 0, "\(outcome.error)")
        }
    }

    @Test(arguments: [
        ("not_checkpoints/pickle_os_system.pth", "system"),
        ("torch-2.13.0/training_whole_module.pth", "torch.nn.modules"),
        ("by_hand/tar_sharing.pth", "tar archive"), ("pickles/batches_protocol_2.pkl", "container"),
    ])
    func `--weights-only refuses what torch refuses`(
        _ name: String, _ refused: String
    ) throws {
        let path = Fixture.path(name)
        let output = folder.path("out.safetensors")
        for command in [
            ["inspect", path], ["inspect", path, "--json"], ["show", path],
            ["convert", path, output],
        ] {
            let outcome = try PTHTool.run(command + ["--weights-only"])
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.error.contains(refused), "\(outcome.error)")
            #expect(outcome.error.hasSuffix("leave --weights-only out.\n"), "\(outcome.error)")
            #expect(outcome.error.isOneLine)
        }
        #expect(try folder.contents().isEmpty)
        #expect(try PTHTool.run("inspect", path).status == 0)
    }

    @Test(arguments: [
        ("inspect", ["--weights-only", "--buffered", "--depth", "--values", "--json", "--digest"]),
        ("show", ["--weights-only", "--buffered", "--all"]),
        ("verify", ["--weights-only", "--buffered", "--numbers", "--json"]),
        (
            "convert",
            [
                "--weights-only", "--buffered", "--key", "--drop", "--rename", "--dtype",
                "--map-location", "--compact", "--repack", "--format", "legacy",
                "--extract-weights", "--keep-globals", "--shared", "keep-first", "duplicate",
                "reject", "--skip-unsupported", "NAME.safetensors", ".ckpt", "exact copy",
                "'module.*=*'",
            ]
        ),
    ])
    func `a command's help mentions its options`(_ command: String, _ options: [String]) throws {
        let outcome = try PTHTool.run(command, "--help")
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
        for option in options + ["<file>", "--help", "--version"] {
            #expect(outcome.output.contains(option), "\(option)")
        }
    }

    @Test func `the help of the tool mentions its commands`() throws {
        let outcome = try PTHTool.run("--help")
        #expect(outcome.status == 0)
        for text in [
            "inspect", "show", "convert", "EXIT STATUS", "130", "143", "--map-location cpu",
        ] {
            #expect(outcome.output.contains(text))
        }
    }
}

extension String {
    /// Whether this is one line with its end.
    var isOneLine: Bool { hasSuffix("\n") && dropLast().allSatisfy { $0 != "\n" } }
}
