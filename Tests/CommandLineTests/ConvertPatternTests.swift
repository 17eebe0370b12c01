import Foundation
import TestSupport
import Testing

/// What `pth convert` refuses of its options: a status and a message that helps, and nothing
/// written.
@Suite struct ConvertPatternTests {
    private let folder: TemporaryFolder
    private let input = Fixture.current("training_data_parallel.pth")

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ options: [String], to output: String = "out.pth") throws -> Outcome {
        try PTHTool.run(["convert", input, folder.path(output)] + options)
    }

    @Test(arguments: [
        ["--drop", "nothing.*"], ["--drop", "module"], ["--drop", "state_dict.epoch"],
        ["--rename", "nothing.*=*"], ["--rename", "Module.*=*"], ["--rename", "epoch=epoch"],
        // The first takes away what the second needs.
        ["--rename", "module.*=*", "--rename", "module.*=*"],
        ["--drop", "epoch", "--drop", "epoch"],
        ["--key", "state_dict", "--drop", "epoch"],
    ])
    func `a pattern that nothing fits is an error`(_ options: [String]) throws {
        let outcome = try convert(options)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("pth: \(input): nothing fits --"), "\(outcome.error)")
        #expect(outcome.error.contains("'\(options.last ?? "")'"))
        #expect(outcome.error.contains("pth inspect"))
        #expect(outcome.error.isOneLine)
        #expect(try folder.contents().isEmpty)
    }

    @Test(arguments: [
        (["module.*=x"], "'x'"), (["*.weight=w"], "'w'"), (["epoch=state_dict"], "'state_dict'"),
        (["*=same"], "'same'"),
    ])
    func `two entries of one name are an error`(_ rules: [String], _ name: String) throws {
        let outcome = try convert(rules.flatMap { ["--rename", $0] })
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("pth: \(input): "))
        #expect(outcome.error.contains("two entries would have the key \(name)"))
        #expect(outcome.error.isOneLine)
        #expect(try folder.contents().isEmpty)
    }

    @Test func `a key that is not there is named with those that are`() throws {
        let outcome = try convert(["--key", "model"])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("there is no 'model' in the root"))
        #expect(outcome.error.contains("state_dict, epoch"))
        #expect(try folder.contents().isEmpty)
    }

    @Test(arguments: [
        ("out.pth", ["--rename", "module"], "FROM=TO"),
        ("out.pth", ["--map-location", ""], "cuda:0"),
        ("out.pth", ["--map-location", "=cpu"], "'=cpu'"),
        ("out.pth", ["--map-location", "cpu="], "'cpu='"),
        ("out.pth", ["--map-location", "cuda:x"], "'cuda:x'"),
        ("out.pth", ["--map-location", "a=b=c"], "FROM=TO"),
        ("out.pth", ["--dtype", "int8"], "bfloat16"),
        ("out.pth", ["--dtype", "float4_e2m1fn_x2"], "float8_e4m3fn"),
        ("out.pth", ["--dtype", "half"], "float16"),
        ("out.pth", ["--shared", "reject"], "NAME.safetensors"),
        ("out.pth", ["--skip-unsupported"], "NAME.safetensors"),
        ("out.safetensors", ["--map-location", "cpu"], "NAME.pth"),
        ("out.safetensors", ["--compact"], "NAME.pth"),
        ("out.safetensors", ["--repack"], "NAME.pth"),
        ("out.safetensors", ["--format", "zip"], "NAME.pth"),
        ("out.pth", ["--format", "tar"], "--format"),
        ("out.safetensors", ["--keep-globals"], "NAME.pth"),
        ("out.safetensors", ["--shared", "twice"], "keep-first"),
        ("out", [], "NAME.pth"), ("out.", [], "NAME.safetensors"), (".pth", [], "NAME.pth"),
        ("out.zip", [], ".ckpt"), ("out.PTH", [], "out.PTH"), ("out.pth", ["--bogus"], "--bogus"),
        ("out.pth", ["more.pth"], "more.pth"),
    ])
    func `wrong usage is status 64, and what would be right`(
        _ output: String, _ options: [String], _ hint: String
    ) throws {
        let outcome = try convert(options, to: output)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains(hint), "\(outcome.error)")
        #expect(outcome.error.contains("Usage: pth convert"))
        #expect(try folder.contents().isEmpty)
    }

    @Test func `a missing output is wrong usage`() throws {
        let outcome = try PTHTool.run("convert", input)
        #expect(outcome.status == 64)
        #expect(outcome.error.contains("<output>"))
    }

    @Test(arguments: ["pth", "pt", "bin", "ckpt", "tar", "pth.tar"])
    func `a checkpoint may have any of its usual extensions`(_ name: String) throws {
        #expect(try convert([], to: "out." + name).status == 0)
        let bytes = try Fixture.named("torch-2.13.0/training_data_parallel.pth").bytes()
        #expect(try folder.contents() == ["out." + name: bytes])
    }

    @Test func `the name is a pattern for whole keys, and only the star is special`() throws {
        let code = """
            import sys, torch
            torch.save({"a.b": 1, "axb": 2, "a": 3, "aa": 4, "x=y": 5, "[a]": 6, "é": 7}, sys.argv[1])
            """
        let path = folder.path("in.pth")
        #expect(try TorchPython.run(code: code, [path]).status == 0)
        for (options, result) in [
            (["--drop", "a.b"], "{'axb': 2, 'a': 3, 'aa': 4, 'x=y': 5, '[a]': 6, 'é': 7}"),
            (["--drop", "a*b"], "{'a': 3, 'aa': 4, 'x=y': 5, '[a]': 6, 'é': 7}"),
            (["--drop", "a*"], "{'x=y': 5, '[a]': 6, 'é': 7}"), (["--drop", "*"], "{}"),
            (["--drop", "a*", "--rename", "x=y=z"], "{'z': 5, '[a]': 6, 'é': 7}"),
            (["--drop", "a*", "--rename", "[*]=*-*"], "{'x=y': 5, 'a-': 6, 'é': 7}"),
            (["--drop", "*a*", "--rename", "*é=ü*"], "{'x=y': 5, 'ü': 7}"),
        ] as [([String], String)] {
            let output = folder.path("out.pth")
            let outcome = try PTHTool.run(["convert", path, output] + options)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(try PTHTool.run("show", output).output == result + "\n", "\(options)")
        }
    }
}
