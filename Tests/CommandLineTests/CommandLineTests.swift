import Foundation
import TestSupport
import Testing

@Suite struct CommandLineTests {
    private let folder: TemporaryFolder
    private let checkpoint = Fixture.path("torch-2.13.0/training_checkpoint_adam.pth")

    init() throws { folder = try TemporaryFolder() }

    @Test func `inspect shows a tree`() throws {
        let outcome = try PTHTool.run("inspect", checkpoint)
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
        #expect(outcome.output.contains("zip, pickle protocol 2, little endian, 33 records"))
        #expect(outcome.output.contains("conv.weight"))
        #expect(outcome.output.contains("float32 [3, 2, 3, 3]"))
        #expect(outcome.output.contains("27 tensors, 226 elements, 908 B in 27 storages"))
        #expect(!outcome.output.contains("\u{1B}"), "a pipe gets no colours")
    }

    @Test func `inspect --depth hides what is deeper`() throws {
        let outcome = try PTHTool.run("inspect", checkpoint, "--depth", "1")
        #expect(outcome.output.contains("model_state_dict"))
        #expect(!outcome.output.contains("conv.weight"))
    }

    @Test func `inspect --json keeps its contract`() throws {
        let outcome = try PTHTool.run("inspect", checkpoint, "--json", "--digest")
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
        #expect(json["format"]?.string == "zip")
        #expect(json["file"]?.string == checkpoint)
        #expect(json["byteorder"]?.string == "little")
        #expect(json["pickleProtocol"]?.int == 2)
        #expect(
            json["globals"]?.array?.map { $0.string } == [
                "collections.OrderedDict", "torch.FloatStorage", "torch.LongStorage",
                "torch._utils._rebuild_tensor_v2",
            ])
        let row = try Fixture.named("torch-2.13.0/training_checkpoint_adam.pth").tensors[0]
        let tensor = try #require(json["tensors"]?.array?[0])
        for key in ["path", "dtype", "shape", "stride", "offset", "layout", "device", "sha256"] {
            #expect(tensor[key] == row[key], "\(key)")
        }
        #expect(tensor["storage"]?.string == "0")
        #expect(json["totals"]?["tensors"]?.int == 27)
        #expect(json["totals"]?["storages"]?.int == 27)
    }

    @Test func `show prints a value as Python would`() throws {
        #expect(try PTHTool.run("show", checkpoint, "loss").output == "0.125\n")
        let rate = try PTHTool.run(
            "show", checkpoint, "optimizer_state_dict", "param_groups", "0", "betas")
        #expect(rate.output == "(0.9, 0.999)\n")
    }

    @Test func `show prints a tensor with its statistics`() throws {
        let outcome = try PTHTool.run("show", checkpoint, "model_state_dict", "head.bias")
        #expect(outcome.output.contains("['model_state_dict']['head.bias']"))
        #expect(outcome.output.contains("min "))
        #expect(outcome.output.contains("tensor(["))
    }

    @Test func `show names the keys that are there when one is not`() throws {
        let outcome = try PTHTool.run("show", checkpoint, "model")
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.error.contains("pth: \(checkpoint): data.pkl at byte 2: there is no 'model'"))
        #expect(outcome.error.contains("model_state_dict"))
    }

    @Test func `wrong usage has a status of its own`() throws {
        #expect(try PTHTool.run("convert", checkpoint, folder.path("out.zip")).status == 64)
        #expect(try PTHTool.run("inspect").status == 64)
        #expect(try PTHTool.run("inspect", checkpoint, "--digest").status == 64)
    }

    @Test func `names from a file can't steer the terminal`() throws {
        let code = "import sys, torch; torch.save({'a\\x1b[31m\\u202eb': 1}, sys.argv[1])"
        let path = folder.path("escape.pth")
        #expect(try TorchPython.run(code: code, [path]).status == 0)
        let outcome = try PTHTool.run("inspect", path)
        #expect(outcome.status == 0)
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(outcome.output.contains("\\u{1b}"))
    }

    @Test func `a hostile pickle is listed and nothing is run`() throws {
        let path = Fixture.path("not_checkpoints/pickle_os_system.pth")
        let outcome = try PTHTool.run("inspect", path)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("weights_only=True) refuses this file"))
        #expect(outcome.output.contains("system"))
    }

    @Test func `shared elements don't make the output endless`() throws {
        // Ten references to a list of ten references, 60 deep: 10^60 paths in 2 KB.
        let code = """
            import sys, torch
            value = []
            for _ in range(60): value = [value] * 10
            torch.save({"bomb": value}, sys.argv[1])
            """
        let path = folder.path("bomb.pth")
        #expect(try TorchPython.run(code: code, [path]).status == 0)
        for command in [["inspect", path], ["show", path], ["show", path, "bomb", "--all"]] {
            let outcome = try run(PTHTool.executable, command)
            #expect(outcome.status == 0)
            #expect(outcome.output.utf8.count < (command.contains("--all") ? 1 << 26 : 1 << 20))
        }
    }
}
