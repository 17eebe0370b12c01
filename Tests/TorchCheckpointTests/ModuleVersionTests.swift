import Pickle
import TestSupport
import Testing

@testable import TorchCheckpoint

/// The versions of torch's own modules.
@Suite struct ModuleVersionTests {
    @Test func `the table has all of torch's modules that have another version than 1`() throws {
        let code = """
            import importlib, pkgutil, warnings, torch
            warnings.simplefilter("ignore")
            for root in ("torch.nn", "torch.ao.nn", "torch.ao.quantization"):
                for part in pkgutil.walk_packages(importlib.import_module(root).__path__, root + "."):
                    importlib.import_module(part.name)
            found = set()
            def walk(base):
                for module in base.__subclasses__():
                    if module not in found:
                        found.add(module)
                        walk(module)
            walk(torch.nn.Module)
            for module in found:
                if module._version != 1:
                    print(module.__module__, module.__qualname__, module._version)
            """
        let outcome = try TorchPython.run(code: code)
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        let expected = outcome.output.split(separator: "\n").sorted().map(String.init)
        let found = ModuleClass.versions.map { "\($0.module) \($0.name) \($1)" }.sorted()
        #expect(found == expected)
        #expect(found.count > 40)
    }

    @Test(arguments: [
        ("torch.nn.quantized.modules.linear", "torch.ao.nn.quantized.modules.linear"),
        ("torch.nn.quantized._reference.modules", "torch.ao.nn.quantized.reference.modules"),
        ("torch.quantization.observer", "torch.ao.quantization.observer"),
        ("torch.nn.modules.linear", "torch.nn.modules.linear"),
        ("mytorch.nn.quantized.modules", "mytorch.nn.quantized.modules"),
    ])
    func `a class that torch has moved counts as where it is now`(_ old: String, _ new: String) {
        #expect(
            GlobalName(module: old, name: "X").ofModernTorch == GlobalName(module: new, name: "X"))
    }
}
