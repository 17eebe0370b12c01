import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Prefixes of names: what torch makes of them, and that nothing is read.
@Suite struct StateDictPrefixTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs Python code that writes files into the folder.
    private func python(_ code: String) throws {
        let outcome = try TorchPython.run(
            code: "import collections, copy, io, sys, zipfile, zlib, torch\n" + code, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }

    private func open(_ name: String) throws -> StateDict {
        try Checkpoint(contentsOf: folder.path(name)).stateDict()
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: folder.path(name))))
    }

    /// The bytes of a state dict in a file of the given name, which is in the archive, too.
    private func written(_ stateDict: StateDict, as name: String) throws -> [UInt8] {
        let other = try TemporaryFolder()
        try Checkpoint(stateDict).write(to: other.path(name))
        return try Array(Data(contentsOf: URL(fileURLWithPath: other.path(name))))
    }

    private static let model = """
        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = torch.nn.Sequential(
                    torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.BatchNorm1d(2))
                self.head = torch.nn.Linear(2, 1)
                self.gain = torch.nn.Parameter(torch.ones(1))
        torch.manual_seed(0)
        model = Model()
        wrapped = torch.nn.DataParallel(model)
        def save(value, name):
            torch.save(value, sys.argv[1] + "/" + name)

        """

    @Test func `a prefix is removed as torch removes it, and added again`() throws {
        try python(
            Self.model + """
                save(wrapped.state_dict(), "wrapped.pth")
                save(model.state_dict(), "model.pth")
                """)
        let stripped = try open("wrapped.pth").strippingPrefix("module.")
        #expect(try written(stripped, as: "model.pth") == bytes("model.pth"))
        let prefixed = try open("model.pth").addingPrefix("module.")
        #expect(try written(prefixed, as: "wrapped.pth") == bytes("wrapped.pth"))
        #expect(try open("model.pth").strippingPrefix("").names == open("model.pth").names)
    }

    @Test func `names without the prefix stay and come first, as in torch`() throws {
        try python(
            Self.model + """
                import torch.nn.modules.utils
                consume = torch.nn.modules.utils.consume_prefix_in_state_dict_if_present
                mixed = wrapped.state_dict()
                mixed["first"], mixed["modular"] = torch.ones(2), torch.zeros(1)
                mixed._metadata["second"] = {"version": 7}
                mixed._metadata["encoder"] = {"version": 8}
                for name in ["module.head.bias", "module.gain"]:
                    mixed.move_to_end(name, last=True)
                save(mixed, "mixed.pth")
                consume(mixed, "module.")
                save(mixed, "consumed.pth")
                """)
        let stripped = try open("mixed.pth").strippingPrefix("module.")
        let expected = try open("consumed.pth")
        #expect(stripped.names == expected.names)
        #expect(stripped.metadata?.description == expected.metadata?.description)
        #expect(try written(stripped, as: "consumed.pth") == bytes("consumed.pth"))
    }

    @Test func `the part with a prefix is the state dict of that part`() throws {
        try python(
            Self.model + """
                save(model.state_dict(), "model.pth")
                save(model.encoder.state_dict(), "encoder.pth")
                save(model.encoder[2].state_dict(), "norm.pth")
                """)
        let model = try open("model.pth")
        for (prefix, name) in [("encoder.", "encoder.pth"), ("encoder.2.", "norm.pth")] {
            #expect(try written(model.subset(withPrefix: prefix), as: name) == bytes(name))
        }
        #expect(model.subset(withPrefix: "nothing.").count == 0)
        #expect(model.subset(withPrefix: "").names == model.names)
    }

    @Test func `names that fulfil a condition stay, with what is beside tensors`() throws {
        var stateDict = StateDict(extras: ["a._extra_state": 1, "b._extra_state": 2])
        for name in ["b.x", "a.x", "a.y"] { stateDict.tensors[name] = try Tensor([1] as [Float]) }
        stateDict.metadata = .moduleVersions(["": 1, "a": 1, "b": 2])
        let part = stateDict.subset { $0.hasPrefix("a.") }
        #expect(part.names == ["a.x", "a.y"])
        #expect(Array(part.extras.keys) == ["a._extra_state"])
        #expect(part.metadata?.count == 3)
        let prefixed = try part.addingPrefix("m.n.")
        #expect(prefixed.names == ["m.n.a.x", "m.n.a.y"])
        #expect(Array(prefixed.extras.keys) == ["m.n.a._extra_state"])
        #expect(
            prefixed.metadata?.dictionary?.keys.map(\.description)
                == ["", "m", "m.n", "m.n.a", "m.n.b"])
        let bare = try prefixed.strippingPrefix("m.n.")
        #expect(bare.names == part.names && bare.extras.keys == part.extras.keys)
        #expect(
            bare.metadata?.dictionary?.keys.map(\.description) == ["", "m", "a", "b"],
            "the module in between stays, as torch lets it")
    }

    @Test func `two entries of one name are refused`() throws {
        let one = try Tensor([1] as [Float])
        for stateDict in [
            StateDict(["module.a": one, "a": one]), StateDict(["module.a": one], extras: ["a": 1]),
            StateDict(["a": one], extras: ["module.a": 1]),
            StateDict(["module.\u{e9}": one, "e\u{301}": one]),
        ] {
            #expect(throws: CheckpointError(.duplicateName, "")) {
                try stateDict.strippingPrefix("module.")
            }
            #expect(stateDict.subset(withPrefix: "module.").isSingle)
        }
    }

    @Test func `metadata of any kind do no harm`() throws {
        let one = try Tensor([1] as [Float])
        for metadata in [nil, 1, [], "x", [:], ["m.a": 1], [1: 2, "m": [:]]] as [CheckpointValue?] {
            let stateDict = StateDict(["m.a": one], metadata: metadata)
            for result in [
                try stateDict.strippingPrefix("m."), try stateDict.addingPrefix("m."),
                stateDict.subset(withPrefix: "m."),
            ] {
                _ = try Checkpoint(result).serialized()
                #expect((result.metadata == nil) == (metadata == nil))
            }
        }
    }

    @Test func `a part loads though all other records are damaged`() throws {
        try python(
            Self.model + """
                buffer = io.BytesIO()
                torch.save(wrapped.state_dict(), buffer)
                keys = torch.load(io.BytesIO(buffer.getvalue())).keys()
                places = [n for n, key in enumerate(keys) if key.startswith("module.head.")]
                with zipfile.ZipFile(buffer) as old:
                    path = sys.argv[1] + "/damaged.pth"
                    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
                        for info in old.infolist():
                            new.writestr(info.filename, old.read(info))
                data = bytearray(open(path, "rb").read())
                with zipfile.ZipFile(path) as archive:
                    for info in archive.infolist():
                        folder, _, key = info.filename.rpartition("data/")
                        if folder.endswith("/") and int(key) not in places:
                            start = info.header_offset + 30 + len(info.filename)
                            data[start:start + info.compress_size] = b"\\xff" * info.compress_size
                open(path, "wb").write(data)
                save(model.head.state_dict(), "head.pth")
                """)
        let all = try open("damaged.pth")
        var head = NamedTensors(own: try open("head.pth"))
        let expected = try head.own.map { try $0.value.array(of: Float.self) }
        for name in head.own.names {
            head.own.tensors[name] = try Tensor(
                [Float](repeating: 0, count: head.own.tensor(name).elementCount),
                shape: head.own.tensor(name).shape)
        }
        try head.load(all.strippingPrefix("module.").subset(withPrefix: "head."))
        #expect(try head.own.map { try $0.value.array(of: Float.self) } == expected)
        try head.load(all.subset(withPrefix: "module.head."))
        try head.load(all.subset { $0.hasPrefix("module.head.") }.strippingPrefix("module.head."))
        for (name, tensor) in all where !name.hasPrefix("module.head.") {
            guard tensor.dtype == .float32 else { continue }
            #expect(throws: CheckpointError.self, "\(name)") { try tensor.array(of: Float.self) }
        }
    }
}

extension StateDict {
    fileprivate var isSingle: Bool { count + extras.count == 1 }
}
