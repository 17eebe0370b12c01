import Foundation
import TestSupport
import Testing

/// `pth convert` of whole modules, held to what Python makes of them.
@Suite struct ConvertModuleTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `modules become the state dicts and safetensors files of Python`() throws {
        try #require(TorchPython.run(script: "module_cases.py", [folder.path]).status == 0)
        let suffix = ".zip.pt"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(suffix) }
        #expect(files.count > 28)
        for file in files {
            let name = String(file.dropLast(suffix.count))
            let weights = try PTHTool.run(
                "convert", folder.path(file), folder.path("\(name).weights.pth"),
                "--extract-weights")
            #expect(weights.status == 0, "\(name): \(weights.error)")
            let converted = try PTHTool.run(
                "convert", folder.path(file), folder.path("\(name).converted.safetensors"),
                "--shared", "duplicate", "--skip-unsupported")
            #expect(converted.status == (name == "empty" ? 1 : 0), "\(name): \(converted.error)")
        }
        let check = try TorchPython.run(script: "check_modules.py", [folder.path])
        let numbers = check.output.split(separator: " ")
        try #require(numbers.first == "ok", "\(check.output)\(check.error.suffix(2000))")
        #expect(Int(numbers[1]) == files.count * 2 - 2)
    }

    /// Writes what is in a dictionary and an object beside modules.
    private func write() throws {
        let code = """
            import argparse, collections, sys, torch
            from torch import nn
            folder = sys.argv[1]
            holders = type(sys)("holders")
            sys.modules["holders"] = holders
            class Holder: pass
            Holder.__module__, holders.Holder = "holders", Holder
            learner = Holder()
            learner.model = nn.Linear(2, 1)
            model = nn.Linear(2, 1)
            torch.save({
                "model": model, "ema": model, "epoch": 3, "args": argparse.Namespace(lr=0.1),
                "list": [1, argparse.Namespace(), (2, argparse.Namespace(), nn.Linear(1, 1))],
                "odd": collections.defaultdict(int, a=1), "frozen": frozenset([1]),
                "weights": model.weight, "size": torch.Size([2]), "names": {0: "cat"},
                (1, "key"): None, frozenset([2]): 1,
            }, folder + "/run.pt")
            torch.save(learner, folder + "/learner.pt")
            torch.save({"it's": {"net": nn.DataParallel(nn.Linear(2, 1))}}, folder + "/deep.pt")
            """
        try #require(TorchPython.run(code: code, [folder.path]).status == 0)
    }

    @Test func `what weights_only refuses is left out and named, and the rest stays`() throws {
        try write()
        let output = folder.path("out.pth")
        let outcome = try PTHTool.run("convert", folder.path("run.pt"), output, "--extract-weights")
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.error.hasPrefix("pth: note: 5 values have no place in a file for weights"))
        for name in ["args", "list.1", "list.2.1", "odd", "frozen"] {
            #expect(outcome.error.contains(name), "\(name)")
        }
        let code = """
            import sys, torch
            found = torch.load(sys.argv[1], weights_only=True)
            assert list(found) == ["model", "ema", "epoch", "list", "weights", "size", "names",
                                   (1, "key")], list(found)
            assert list(found["model"]) == ["weight", "bias"]
            assert found["model"] is found["ema"]
            assert found["model"]._metadata == {"": {"version": 1}}
            assert found["list"][:2] == [1, None] and found["list"][2][:2] == (2, None)
            assert list(found["list"][2][2]) == ["weight", "bias"]
            assert type(found["weights"]) is torch.nn.Parameter and found["weights"].requires_grad
            assert type(found["model"]["weight"]) is torch.Tensor
            assert not found["model"]["weight"].requires_grad
            assert found["model"]["weight"].data_ptr() == found["weights"].data_ptr()
            assert (found["epoch"], found["size"], found["names"]) == (3, (2,), {0: "cat"})
            print("ok")
            """
        let check = try TorchPython.run(code: code, [output])
        #expect(check.output == "ok\n", "\(check.error.suffix(2000))")
    }

    @Test(arguments: [
        ("learner.pt", [], "--key model."), ("deep.pt", ["--key", "it's"], nil),
        ("learner.pt", ["--key", "model"], nil),
    ])
    func `where nothing can be converted, the error says where to start`(
        _ name: String, _ options: [String], _ advice: String?
    ) throws {
        try write()
        for (output, more) in [("out.safetensors", []), ("out.pth", ["--extract-weights"])] {
            let outcome = try PTHTool.run(
                ["convert", folder.path(name), folder.path(output)] + options + more)
            #expect(outcome.status == (advice == nil ? 0 : 1), "\(outcome.error)")
            if let advice { #expect(outcome.error.contains(advice), "\(outcome.error)") }
        }
    }

    @Test func `names of patterns are those that are written`() throws {
        try write()
        let output = folder.path("out.safetensors")
        let outcome = try PTHTool.run(
            "convert", folder.path("deep.pt"), output, "--key", "it's", "--key", "net",
            "--rename", "module.*=*", "--drop", "module.bias")
        #expect(outcome.status == 0, "\(outcome.error)")
        let code = """
            import sys, safetensors.torch
            print(sorted(safetensors.torch.load_file(sys.argv[1])))
            """
        #expect(try TorchPython.run(code: code, [output]).output == "['weight']\n")
    }

    @Test func `leaving out and keeping are not asked for at once`() throws {
        let input = Fixture.path("torch-2.13.0/training_whole_module.pth")
        let options = ["--extract-weights", "--keep-globals"]
        let outcome = try PTHTool.run(["convert", input, folder.path("out.pth")] + options)
        #expect(outcome.status == 64)
        let other = try PTHTool.run(
            "convert", input, folder.path("out.safetensors"), "--extract-weights")
        #expect(other.status == 64)
    }
}
