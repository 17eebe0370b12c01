import TestSupport
import Testing
import TorchCheckpoint

/// Modules with sparse tensors among their buffers, pickled and as TorchScript.
@Suite struct SparseModuleTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let code = """
            import sys, torch
            class Graph(torch.nn.Module):
                def __init__(self):
                    super().__init__()
                    self.weight = torch.nn.Parameter(torch.ones(2))
                    self.register_buffer("coo", torch.tensor([[0, 2.5], [1, 0]]).to_sparse())
                    self.register_buffer("csr", torch.tensor([[0, 2.5], [1, 0]]).to_sparse_csr())
                def forward(self, input):
                    return input
            model = Graph()
            torch.save(model, sys.argv[1] + "/module.pt")
            # What is scripted would need its source in a file.
            traced = torch.jit.trace(model, torch.ones(2), check_trace=False)
            torch.jit.save(traced, sys.argv[1] + "/script.pt")
            """
        let outcome = try TorchPython.run(code: code, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }

    private static let files = ["module.pt", "script.pt"]

    @Test(arguments: files)
    func `sparse buffers are in the state dict`(_ file: String) throws {
        let state = try Checkpoint(contentsOf: folder.path(file)).stateDict()
        #expect(state.names == ["weight"])
        #expect(Set(state.extras.keys) == ["coo", "csr"])
        for (name, extra) in state.extras {
            let tensor = try extra.sparseTensor()
            #expect(tensor.layout.rawValue == "sparse_\(name)")
            #expect(tensor.requiresGrad == false)
            #expect(try tensor.dense().array(of: Float.self) == [0, 2.5, 1, 0], "\(name)")
        }
    }

    @Test(arguments: files)
    func `they are listed, and named when safetensors can't hold them`(_ file: String) throws {
        let checkpoint = try Checkpoint(contentsOf: folder.path(file))
        let kinds = try Set(checkpoint.tensorValues().map(\.value.layoutName))
        #expect(kinds == ["strided", "sparse_coo", "sparse_csr"])
        var contents = try checkpoint.safetensorsContents()
        #expect(Set(contents.unsupported.keys) == ["coo", "csr"])
        #expect(
            thrown(CheckpointError.self) { try contents.checkSupported() }?.code
                == .unsupportedDType)
        try contents.densify()
        #expect(Set(contents.tensors.keys) == ["weight", "coo", "csr"])
    }

    @Test(arguments: files)
    func `torch reads the state dict that is taken out`(_ file: String) throws {
        let state = try Checkpoint(contentsOf: folder.path(file)).stateDict()
        let path = folder.path(file + ".state.pth")
        try Checkpoint(state).write(to: path)
        let code = """
            import sys, torch
            state = torch.load(sys.argv[1])
            assert sorted(state) == ["coo", "csr", "weight"], list(state)
            for name in "coo", "csr":
                assert state[name].layout == getattr(torch, "sparse_" + name)
                assert state[name].to_dense().tolist() == [[0, 2.5], [1, 0]]
            """
        let outcome = try TorchPython.run(code: code, [path])
        #expect(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }
}
