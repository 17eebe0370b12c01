import TestSupport
import Testing
import TorchCheckpoint

/// Shapes of pickle that are legal, and that a reader can lose something of.
@Suite struct UnusualPickleTests {
    private func open(_ python: String) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        let path = folder.path("made.pth")
        let code =
            "import sys, collections, functools, torch\n\(python)\ntorch.save(value, sys.argv[1])"
        let outcome = try TorchPython.run(code: code, [path])
        try #require(outcome.status == 0, "\(outcome.error)")
        return try Checkpoint(contentsOf: path)
    }

    private func paths(_ checkpoint: Checkpoint) throws -> [String] {
        try checkpoint.tensors().map(\.path.description)
    }

    @Test func `keys in different Unicode forms stay apart`() throws {
        let checkpoint = try open(
            "value = {'\\u00e9': torch.zeros(1), 'e\\u0301': torch.zeros(2)}")
        #expect(checkpoint.root.dictionary?.count == 2)
        #expect(try checkpoint.tensors().map(\.tensor.shape) == [[1], [2]])
        #expect(try checkpoint["\u{e9}"]?.tensor().shape == [1])
        #expect(try checkpoint["e\u{301}"]?.tensor().shape == [2])
        let error = #expect(throws: CheckpointError.self) { try checkpoint.stateDict() }
        #expect(error?.code == .duplicateName)
        #expect(throws: CheckpointError.self) { try checkpoint.safetensorsContents() }
    }

    @Test func `dictionaries keyed by tensors keep all entries`() throws {
        let checkpoint = try open(
            "value = {torch.zeros(2): {'a': torch.zeros(3)}, torch.zeros(2): {'a': torch.zeros(4)}}"
        )
        #expect(checkpoint.root.dictionary?.count == 2)
        #expect(try checkpoint.tensors().map(\.tensor.shape) == [[3], [4]])
    }

    @Test func `a dictionary whose entries are its attributes, too, has them once`() throws {
        let checkpoint = try open(
            """
            class Output(dict): pass
            value = Output(a=torch.zeros(2), b=torch.zeros(3))
            value.a, value.other = value['a'], torch.zeros(4)
            """)
        #expect(try paths(checkpoint) == ["['a']", "['b']", "['other']"])
        #expect(checkpoint.root.fields.keys == ["a", "other"])
    }

    @Test func `NaN keys stay apart`() throws {
        let checkpoint = try open("value = {float('nan'): 1, float('-nan'): 2}")
        #expect(checkpoint.root.dictionary?.count == 2)
    }

    @Test func `states that are no dictionaries are walked`() throws {
        let checkpoint = try open(
            """
            class Odd:
                def __init__(self, state): self.state = state
                def __getstate__(self): return self.state
            value = [Odd((torch.zeros(1), 3)), Odd(torch.zeros(2)),
                     Odd([torch.zeros(3), {'w': torch.zeros(4)}])]
            """)
        #expect(try checkpoint.tensors().map(\.tensor.shape) == [[1], [2], [3], [4]])
        #expect(try paths(checkpoint)[0] == "[0]['<state>'][0]")
        for path in try checkpoint.tensors().map(\.path) {
            #expect(checkpoint[path]?.isTensor == true, "\(path)")
        }
    }

    @Test func `keyword arguments of constructors are walked`() throws {
        let pickle: [UInt8] =
            [0x80, 4] + Array("cm\nC\n)}".utf8) + [0x8C, 1, 0x6B, 0x4B, 7, 0x73, 0x92, 0x2E]
        let checkpoint = try Checkpoint(bytes: pickle)
        #expect(checkpoint.root.keywordArguments?["k"]?.int == 7)
        #expect(checkpoint[["<kwargs>", "k"]]?.int == 7)
    }

    @Test func `an object keeps its elements beside its entries`() throws {
        let checkpoint = try open(
            """
            class Both:
                def __reduce__(self):
                    return (Both, (), None, iter([torch.zeros(1)]), iter([('k', torch.zeros(2))]))
                def append(self, x): pass
                def extend(self, x): pass
                def __setitem__(self, k, v): pass
            value = Both()
            """)
        #expect(try checkpoint.tensors().map(\.tensor.shape) == [[1], [2]])
    }

    @Test func `a set of a set has its elements, and one of something else is an object`() throws {
        let nested = try Checkpoint(
            bytes: Array("\u{1}".utf8).dropFirst() + [0x80, 2]
                + Array("c__builtin__\nset\nc__builtin__\nfrozenset\n](K\u{1}K\u{2}e".utf8)
                + [0x85, 0x52, 0x85, 0x52, 0x2E])
        #expect(nested.root.pythonRepr() == "{1, 2}")
        let unknown = try Checkpoint(
            bytes: [0x80, 2] + Array("c__builtin__\nset\nK\u{5}".utf8) + [0x85, 0x52, 0x2E])
        #expect(unknown.root.kind == .object)
        #expect(unknown.root.count == nil)
    }

    @Test func `a key that reads like a step of ours is reached`() throws {
        let checkpoint = try open("value = {'<args>': 1, '_metadata': 2}")
        #expect(checkpoint["<args>"]?.int == 1)
        let plain = try open("value = collections.OrderedDict(a=torch.zeros(1))")
        #expect(plain["_metadata"] == nil)
        #expect(plain["<kwargs>"] == nil)
    }

    @Test func `a large index is no trap`() throws {
        let checkpoint = try open("value = {'x': (1, 2), 'y': (3, 4)}")
        #expect(checkpoint["y"]?[Int.max] == nil)
        #expect(checkpoint["y"]?[Int.min] == nil)
        #expect(checkpoint["y"]?[1]?.int == 4)
    }

    @Test func `a parameter over a sparse tensor is one`() throws {
        let checkpoint = try open(
            """
            value = {'p': torch.nn.Parameter(torch.zeros(2).to_sparse(), requires_grad=False),
                     'w': torch.zeros(3)}
            """)
        #expect(try checkpoint.tensors().contains { $0.path == ["w"] })
        #expect(checkpoint["p"]?.kind == .sparseTensor)
        #expect(try checkpoint["p"]?.sparseTensor().isParameter == true)
    }

    @Test func `a numeric extension code is refused by a policy`() throws {
        let pickle: [UInt8] = [0x80, 2, 0x82, 1, 0x2E]
        #expect(try Checkpoint(bytes: pickle).root.kind == .global)
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(bytes: pickle, options: LoadOptions(globals: .weightsOnly))
        }
        #expect(error?.code == .forbiddenGlobal)
    }

    @Test func `errors name file, record and place`() throws {
        let path = try Fixture.named("not_checkpoints/tensor_past_storage.pth").path
        let checkpoint = try Checkpoint(contentsOf: path)
        for attempt in [
            { _ = try checkpoint.tensors() }, { _ = try checkpoint.safetensorsContents() },
            { _ = try checkpoint.stateDict() },
        ] {
            let error = #expect(throws: CheckpointError.self) { try attempt() }
            #expect(error?.path == path)
            #expect(error?.record == "data.pkl")
            #expect(error?.offset != nil)
        }
    }

    @Test func `a state dict keeps what is no tensor, and an empty one is one`() throws {
        let checkpoint = try open(
            """
            value = {'empty': collections.OrderedDict(), 'mixed': {'w': torch.zeros(1), 'scale': 2.0},
                     'run': {'loss': torch.zeros(1), 'model': {'w': torch.zeros(1)}}}
            """)
        #expect(try checkpoint.stateDict("empty").count == 0)
        let mixed = try checkpoint.stateDict("mixed")
        #expect(mixed.names == ["w"])
        #expect(mixed.extras["scale"]?.double == 2)
        #expect(throws: CheckpointError.self) { try checkpoint.stateDict("run") }
    }

    @Test func `aliased containers are converted under each name`() throws {
        let checkpoint = try open("d = {'w': torch.ones(2)}; value = {'model': d, 'ema': d}")
        let contents = try checkpoint.safetensorsContents()
        #expect(Array(contents.tensors.keys) == ["model.w", "ema.w"])
        #expect(contents.leftOut.isEmpty)
    }
}
