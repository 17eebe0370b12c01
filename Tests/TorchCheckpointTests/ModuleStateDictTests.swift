import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The cases of `PythonFixtures/module_cases.py`: what `state_dict()` gives in Python, and here.
@Suite struct ModuleStateDictTests {
    private static let made = Result { try PythonCases(script: "module_cases.py") }

    @Test func `a pickled module has the state dict that it has in Python`() throws {
        let made = try Self.made.get()
        for row in made.rows {
            let rows = try #require(row["state"]?.array)
            for file in try made.files(of: row) {
                let state = try Checkpoint(contentsOf: file).stateDict()
                let isTensor = { (row: JSONValue) in row["dtype"] != nil }
                let names = rows.filter(isTensor).compactMap { $0["name"]?.string }
                #expect(state.names == names, "\(file)")
                let others = rows.filter { !isTensor($0) }.compactMap { $0["name"]?.string }
                #expect(Array(state.extras.keys) == others, "\(file)")
                for row in rows where isTensor(row) { try check(row, state, file) }
            }
        }
        #expect(made.rows.count > 28)
    }

    private func check(_ row: JSONValue, _ state: StateDict, _ file: String) throws {
        let name = try #require(row["name"]?.string)
        let tensor = try state.tensor(name)
        #expect(tensor.dtype.rawValue == row["dtype"]?.string, "\(file): \(name)")
        #expect(tensor.shape == row["shape"]?.ints, "\(file): \(name)")
        #expect(tensor.strides == row["strides"]?.ints, "\(file): \(name)")
        #expect(tensor.requiresGrad == row["requires_grad"]?.bool, "\(file): \(name)")
        #expect(tensor.isParameter == row["is_parameter"]?.bool, "\(file): \(name)")
        #expect(try tensor.sha256() == row["sha256"]?.string, "\(file): \(name)")
    }

    @Test func `its metadata are those of Python`() throws {
        let made = try Self.made.get()
        for row in made.rows {
            for file in try made.files(of: row) {
                let metadata = try Checkpoint(contentsOf: file).stateDict().metadata
                let found = try #require(metadata?.dictionary).map { "\($0): \($1.pythonRepr())" }
                let expected = try #require(row["metadata"]?.array).compactMap(\.array).map {
                    "\($0[0].string ?? ""): \($0[1].pythonRepr)"
                }
                #expect(found == expected, "\(file)")
            }
        }
    }

    @Test func `values that are no tensors are those of the module`() throws {
        let made = try Self.made.get()
        let state = try Checkpoint(contentsOf: made.folder.path("quantized.zip.pt")).stateDict()
        #expect(state.extras["linear._packed_params.dtype"]?.kind == .dtype)
        let packed = try #require(state.extras["linear._packed_params._packed_params"])
        #expect(packed.kind == .tuple)
        #expect(try packed[0]?.tensor().dtype == .qint8)
        #expect(try packed[1]?.tensor().isParameter == true)
    }

    @Test func `a class that the pickle describes has the name that it was given`() throws {
        let made = try Self.made.get()
        let file = made.folder.path("cloudpickled.zip.pt")
        #expect(try Checkpoint(contentsOf: file).root.typeName.name == "Local")
    }

    @Test func `a sparse buffer of a module is in its state dict`() throws {
        let folder = try TemporaryFolder()
        let code = """
            import sys, torch
            from torch import nn
            model = nn.Embedding(5, 2)
            model.register_buffer("graph", torch.eye(3).to_sparse())
            torch.save(model, sys.argv[1] + "/zip.pt")
            torch.save(model, sys.argv[1] + "/legacy.pt", _use_new_zipfile_serialization=False)
            """
        try #require(TorchPython.run(code: code, [folder.path]).status == 0)
        for name in ["zip.pt", "legacy.pt"] {
            let checkpoint = try Checkpoint(contentsOf: folder.path(name))
            let state = try checkpoint.stateDict()
            #expect(state.names == ["weight"])
            #expect(try state.extras["graph"]?.sparseTensor().shape == [3, 3])
            var contents = try checkpoint.safetensorsContents()
            #expect(Array(contents.unsupported.keys) == ["graph"])
            try contents.densify()
            #expect(contents.tensors["graph"]?.shape == [3, 3])
            let weights = try checkpoint.extractingWeights()
            #expect(weights.leftOut.isEmpty)
            #expect(try weights.checkpoint["graph"]?.sparseTensor().shape == [3, 3])
        }
    }

    @Test func `a module beside other values is found where it is`() throws {
        let folder = try TemporaryFolder()
        let code = """
            import sys, torch
            from torch import nn
            class Holder: pass
            sys.modules["holders"] = type(sys)("holders")
            Holder.__module__, sys.modules["holders"].Holder = "holders", Holder
            learner = Holder()
            learner.model, learner.loss = nn.Linear(2, 1), 0.5
            torch.save({"model": nn.Linear(2, 1), "epoch": 3}, sys.argv[1] + "/dict.pt")
            torch.save(learner, sys.argv[1] + "/learner.pt")
            """
        try #require(TorchPython.run(code: code, [folder.path]).status == 0)
        for name in ["dict.pt", "learner.pt"] {
            let checkpoint = try Checkpoint(contentsOf: folder.path(name))
            #expect(try checkpoint.stateDict("model").names == ["weight", "bias"])
            #expect(try checkpoint.stateDictPaths() == [["model"]])
            let error = thrown(CheckpointError.self) { _ = try checkpoint.stateDict() }
            #expect(error?.code == .typeMismatch)
            #expect(error?.advice?.contains(#"stateDict("model")"#) == true)
            #expect(checkpoint.root.isModule == false)
            #expect(checkpoint["model"]?.isModule == true)
        }
    }
}

extension PythonCases {
    /// The paths of a module's file in each container.
    func files(of row: JSONValue) throws -> [String] {
        guard case .object(let files) = row["files"] else { return [] }
        return files.values.compactMap(\.string).sorted().map(folder.path(_:))
    }
}

extension JSONValue {
    /// A dictionary of integers and of such dictionaries, as Python shows it.
    fileprivate var pythonRepr: String {
        switch self {
        case .integer(let value): return "\(value)"
        case .object(let entries):
            // `version` is the first in Python, too.
            let names = entries.keys.sorted { $0 == "version" || ($1 != "version" && $0 < $1) }
            return "{"
                + names.map { "'\($0)': \(entries[$0]?.pythonRepr ?? "")" }.joined(separator: ", ")
                + "}"
        default: return "?"
        }
    }
}
