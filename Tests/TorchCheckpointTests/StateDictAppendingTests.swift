import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// State dicts of models that are made of models.
@Suite struct StateDictAppendingTests {
    private static let model = """
        import sys, torch
        class Counted(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = torch.nn.Parameter(torch.ones(2))
            def get_extra_state(self):
                return 3
            def set_extra_state(self, state):
                pass
        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = torch.nn.Sequential(
                    torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.BatchNorm1d(2))
                self.head = torch.nn.Linear(2, 1)
                self.gain = torch.nn.Parameter(torch.ones(1))
        torch.manual_seed(0)
        model = Model()
        def save(value, name):
            torch.save(value, sys.argv[1] + "/" + name)

        """

    /// Runs Python code that writes files into a new folder.
    private func python(_ code: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(code: Self.model + code, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        return folder
    }

    private func open(_ path: String) throws -> StateDict {
        try Checkpoint(contentsOf: path).stateDict()
    }

    /// Expects that a state dict has the bytes of a file.
    private func expectBytes(_ stateDict: StateDict, of path: String) throws {
        let folder = try TemporaryFolder()
        let written = folder.path(URL(fileURLWithPath: path).lastPathComponent)
        try Checkpoint(stateDict).write(to: written)
        let bytes = try [path, written].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(bytes[0] == bytes[1], "\(stateDict.names) \(stateDict.metadata?.description ?? "")")
    }

    private func module(_ part: StateDict, version: Int = 1) -> StateDict {
        StateDict(part.tensors, extras: part.extras, metadata: .moduleVersions(["": version]))
    }

    @Test func `a model of models has the bytes of torch's state dict`() throws {
        let folder = try python(
            """
            save(model.state_dict(), "model.pth")
            """)
        let saved = try open(folder.path("model.pth"))
        var encoder = module(StateDict())
        for (index, version) in [1, 1, 2].enumerated() {
            let part = saved.subset(withPrefix: "encoder.\(index).")
            try encoder.append(module(part, version: version), withPrefix: "\(index).")
        }
        var model = module(StateDict(["gain": try saved.tensor("gain")]))
        try model.append(encoder, withPrefix: "encoder.")
        try model.append(module(saved.subset(withPrefix: "head.")), withPrefix: "head.")
        try expectBytes(model, of: folder.path("model.pth"))
        #expect(expectedNames == model.metadata?.dictionary?.keys.map(\.description))
    }

    private let expectedNames = [
        "", "encoder", "encoder.0", "encoder.1", "encoder.2", "head",
    ]

    @Test func `parts that were read are put together as torch does it`() throws {
        let folder = try python(
            """
            one, two, both = model.state_dict(), Counted().state_dict(), torch.nn.ModuleList()
            save(one, "one.pth")
            save(two, "two.pth")
            both.append(model)
            both.append(Counted())
            save(both.state_dict(), "both.pth")
            """)
        var both = module(StateDict())
        try both.append(open(folder.path("one.pth")), withPrefix: "0.")
        try both.append(open(folder.path("two.pth")), withPrefix: "1.")
        let expected = try open(folder.path("both.pth"))
        #expect(both.names == expected.names)
        #expect(both.metadata?.description == expected.metadata?.description)
        #expect(both.extras.mapValues(\.int) == ["1._extra_state": 3])
        #expect(expected.extras.mapValues(\.int) == ["1._extra_state": 3])
        for (name, tensor) in expected {
            #expect(try both.tensor(name).rowMajorBytes() == tensor.rowMajorBytes())
        }
        let part = both.subset(withPrefix: "0.")
        let one = try open(folder.path("one.pth"))
        #expect(part.names == one.names)
        #expect(part.metadata?.description == one.metadata?.description)
    }

    @Test func `names and modules are those of torch's destination and prefix`() throws {
        let folder = try python(
            """
            seen = model.state_dict()
            torch.nn.BatchNorm1d(2).state_dict(destination=seen, prefix="a.b.")
            # A module that is there already gets the version of the part.
            torch.nn.BatchNorm1d(3).state_dict(destination=seen, prefix="c.head.")
            torch.nn.ReLU().state_dict(destination=seen, prefix="a.b.")
            save(model.state_dict(), "model.pth")
            save(torch.nn.BatchNorm1d(2).state_dict(), "norm.pth")
            save(seen, "seen.pth")
            """)
        let norm = try open(folder.path("norm.pth"))
        var model = try open(folder.path("model.pth"))
        try model.append(norm, withPrefix: "a.b.")
        try model.append(norm, withPrefix: "c.head.")
        try model.append(module(StateDict()), withPrefix: "a.b.")
        let seen = try open(folder.path("seen.pth"))
        #expect(model.names == seen.names)
        let (found, expected) = try (
            #require(model.metadata?.dictionary), #require(seen.metadata?.dictionary)
        )
        // The modules in between have no state dicts of their own in torch, and are none there.
        #expect(Array(found.keys).filter { $0 != "a" && $0 != "c" } == Array(expected.keys))
        for (name, module) in expected {
            #expect(found[name]?.description == module.description, "\(name)")
        }
        #expect(found["a"]?["version"]?.int == 1 && found["c"]?["version"]?.int == 1)
    }

    @Test func `modules come with parts that have them, also into a model without any`() throws {
        let one = try Tensor([1] as [Float])
        var stateDict = StateDict()
        try stateDict.append(StateDict(["x": one]), withPrefix: "a.")
        #expect(stateDict.metadata == nil && stateDict.names == ["a.x"])
        try stateDict.append(StateDict(metadata: .moduleVersions(["": 2])), withPrefix: "b.c.")
        #expect(
            stateDict.metadata?.description
                == CheckpointValue.moduleVersions(["": 1, "b": 1, "b.c": 2]).description)
        try stateDict.append(StateDict(["y": one]), withPrefix: "")
        #expect(stateDict.names == ["a.x", "y"] && stateDict.metadata?.count == 3)
    }

    @Test func `metadata of any kind do no harm`() throws {
        let values = [nil, 1, [], "x", [:], ["m.a": 1], [1: 2, "m": [:]]] as [CheckpointValue?]
        for (own, other) in values.flatMap({ own in values.map { (own, $0) } }) {
            var stateDict = StateDict(metadata: own)
            try stateDict.append(StateDict(metadata: other), withPrefix: "m.")
            _ = try Checkpoint(stateDict).serialized()
            // What is no dictionary names no modules.
            let hasModules = other?.kind == .dictionary
            #expect((stateDict.metadata != nil) == (own != nil || hasModules))
        }
    }

    @Test func `a name that is there already is refused, and nothing is added`() throws {
        let one = try Tensor([1] as [Float])
        for part in [
            StateDict(["b": one, "a": one]), StateDict(["b": one], extras: ["a": 1]),
            StateDict(["b": one], extras: ["e\u{301}": 1]),
        ] {
            var stateDict = StateDict(["m.a": one], extras: ["m.\u{e9}": 1])
            #expect(throws: CheckpointError(.duplicateName, "")) {
                try stateDict.append(part, withPrefix: "m.")
            }
            #expect(stateDict.names == ["m.a"] && stateDict.extras.count == 1)
        }
    }

    @Test func `what is appended is not copied`() throws {
        let storage = try Storage(bytes: [0, 0, 0, 0, 0, 0, 0, 0])
        let views = try (0..<2).map {
            try Tensor(storage: storage, dtype: .float32, shape: [1], storageOffset: $0)
        }
        var stateDict = StateDict(["a": views[0]])
        try stateDict.append(StateDict(["a": views[1]]), withPrefix: "b.")
        #expect(try stateDict.tensor("b.a").storage === stateDict.tensor("a").storage)
    }
}
