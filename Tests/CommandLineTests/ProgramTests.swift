import Foundation
import TestSupport
import Testing

/// `pth` with archives of TorchScript and torch.export, held to what torch says of the module.
@Suite struct ProgramTests {
    private let folder: TemporaryFolder
    /// The names in the module's state dict, as torch has them of the scripted and of the exported
    /// module.
    private let names: [String: [String]]

    init() throws {
        folder = try TemporaryFolder()
        // torch.jit.script reads the source of a class, so there has to be a file.
        let script = try folder.write("module.py", Self.module.utf8)
        let outcome = try run(TorchPython.executable, [script, folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        names = try JSONDecoder().decode([String: [String]].self, from: Data(outcome.output.utf8))
        try #require(names.count == 2 && names.values.allSatisfy { $0.count == 9 })
    }

    private static let module = """
        import json, logging, sys, torch
        from torch import nn
        logging.disable(logging.WARNING)
        folder = sys.argv[1]
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("steps", torch.tensor(7))
                self.body = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
                self.scale = nn.Parameter(torch.ones(1))
                self.plain = torch.ones(2)
            def forward(self, x):
                return self.body(x) * self.scale + self.plain + self.steps
        model = Model().eval()
        script = torch.jit.script(model)
        torch.jit.save(script, folder + "/script.pt")
        torch.jit.save(torch.jit.freeze(script), folder + "/frozen.pt")
        program = torch.export.export(model, (torch.ones(4, 3),))
        torch.export.save(program, folder + "/export.pt2")
        torch.save(dict(model.state_dict()), folder + "/expected.pth")
        loaded = torch.export.load(folder + "/export.pt2").state_dict
        print(json.dumps({"script.pt": list(script.state_dict()), "export.pt2": list(loaded)}))
        """

    private func inspect(_ file: String) throws -> (tree: Outcome, json: JSONValue) {
        let json = try PTHTool.run("inspect", folder.path(file), "--json")
        try #require(json.status == 0, "\(json.error)")
        let decoded = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8))
        return (try PTHTool.run("inspect", folder.path(file)), decoded)
    }

    @Test func `inspect lists the constants last`() throws {
        for (file, format, constant) in [
            ("frozen.pt", "torchscript", JSONValue.integer(0)),
            ("export.pt2", "zip", .string("plain")),
        ] {
            let (tree, json) = try inspect(file)
            #expect(tree.status == 0 && tree.error.isEmpty)
            #expect(tree.output.contains("\n<constants>  "), "\(tree.output)")
            #expect(json["format"]?.string == format)
            let tensors = try #require(json["tensors"]?.array)
            let paths = tensors.compactMap { $0["path"]?.array }
            let isConstant = paths.map { $0.first == .string("<constants>") }
            let first = try #require(isConstant.firstIndex(of: true), "\(file)")
            #expect(paths[first] == [.string("<constants>"), constant])
            #expect(isConstant[first...].allSatisfy { $0 })
            #expect(json["totals"]?["tensors"]?.int == tensors.count)
        }
        let (tree, json) = try inspect("script.pt")
        #expect(!tree.output.contains("<constants>"))
        #expect(json["tensors"]?.array?.count == 10, "what is no buffer is listed, too")
    }

    @Test func `inspect --json lists the state dict of an exported program in torch's order`()
        throws
    {
        let (_, json) = try inspect("export.pt2")
        let paths = (json["tensors"]?.array ?? []).compactMap { $0["path"]?.array }
        #expect(
            paths.dropLast().map { $0.compactMap(\.string) } == names["export.pt2"]?.map { [$0] })
    }

    @Test(arguments: ["script.pt", "export.pt2"])
    func `a safetensors file has the names and tensors of torch's state dict`(
        _ file: String
    ) throws {
        let output = folder.path("out.safetensors")
        let outcome = try PTHTool.run("convert", folder.path(file), output)
        #expect(outcome.status == 0, "\(outcome.error)")
        let code = """
            import json, sys, torch
            from safetensors.torch import load_file
            found, expected = load_file(sys.argv[1]), torch.load(sys.argv[2], weights_only=True)
            assert all(torch.equal(found[name], expected[name]) for name in expected)
            print(json.dumps(sorted(found)))
            """
        let check = try TorchPython.run(code: code, [output, folder.path("expected.pth")])
        try #require(check.status == 0, "\(check.error.suffix(2000))")
        let found = try JSONDecoder().decode([String].self, from: Data(check.output.utf8))
        #expect(found == names[file]?.sorted())
    }

    @Test func `constants are in no safetensors file, and the message says where they are`() throws
    {
        let output = folder.path("out.safetensors")
        let outcome = try PTHTool.run("convert", folder.path("frozen.pt"), output)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("among the constants of its code"))
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func `--key takes a module out as a checkpoint that weights_only loads`() throws {
        let output = folder.path("body.pth")
        let outcome = try PTHTool.run(
            "convert", folder.path("script.pt"), output, "--key", "body")
        #expect(outcome.status == 0, "\(outcome.error)")
        let code = """
            import sys, torch
            found = torch.load(sys.argv[1], weights_only=True)
            expected = torch.load(sys.argv[2], weights_only=True)
            body = {name[5:]: t for name, t in expected.items() if name.startswith("body.")}
            assert list(found) == list(body) and len(body) == 7, list(found)
            assert all(torch.equal(found[name], body[name]) for name in body)
            layer = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
            layer.load_state_dict(found)
            """
        let check = try TorchPython.run(code: code, [output, folder.path("expected.pth")])
        #expect(check.status == 0, "\(check.error.suffix(2000))")
    }

    @Test(arguments: [
        ("script.pt", "TorchScript", "torch.jit.save"),
        ("export.pt2", "torch.export", "torch.export.save"),
    ])
    func `a program is copied, and an edited one is refused with what to do`(
        _ file: String, _ kind: String, _ advice: String
    ) throws {
        let output = folder.path("out.pt")
        #expect(try PTHTool.run("convert", folder.path(file), output).status == 0)
        let files = try folder.contents()
        #expect(files["out.pt"] == files[file])
        for options in [["--dtype", "float16"], ["--drop", "steps"]] {
            let edited = folder.path("edited.pt")
            let outcome = try PTHTool.run(["convert", folder.path(file), edited] + options)
            #expect(outcome.status == 1)
            #expect(
                outcome.error.hasPrefix("pth: \(folder.path(file)): is an archive of \(kind)")
                    || outcome.error.hasPrefix("pth: \(folder.path(file)): is a \(kind) archive"))
            #expect(outcome.error.contains(advice) && outcome.error.contains("stateDict()"))
            #expect(outcome.output.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: edited))
        }
    }
}
