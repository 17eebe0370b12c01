import TestSupport
import Testing
import TorchCheckpoint

/// The files of `PythonFixtures/hostile_kinds.py`: small ones that ask for a lot, or that hide a name.
@Suite struct HostileKindTests {
    private static let folder = Result {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: "hostile_kinds.py", [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        return folder
    }

    private func open(
        _ name: String, _ globals: GlobalPolicy = .inert
    ) throws -> Checkpoint {
        try Checkpoint(
            contentsOf: Self.folder.get().path(name), options: LoadOptions(globals: globals))
    }

    private func value(_ name: String) throws -> CheckpointValue {
        try #require(try open(name)["t"])
    }

    @Test func `where a dense dimension is empty, the others may be of any size`() throws {
        let tensor = try value("empty_blocks.pth").sparseTensor()
        #expect(try tensor.dense().shape == [1 << 62, 4, 0])
        let array = try value("fortran.pth").numpyArray()
        #expect(array.shape == [0, 1 << 60] && array.isFortranOrder && array.bytes.isEmpty)
    }

    @Test func `expanded views of indices and offsets are refused`() throws {
        let error = #expect(throws: CheckpointError.self) {
            try value("many_indices.pth").sparseTensor()
        }
        #expect(error?.code == .limitExceeded)
        let nested = try value("many_components.pth").nestedTensor()
        #expect(nested.componentCount == 1 << 20)
        let other = #expect(throws: CheckpointError.self) { try nested.components() }
        #expect(other?.code == .limitExceeded)
    }

    @Test(arguments: ["many_dense.pth", "many_quantized.pth"])
    func `all that is made dense together is in proportion to the file`(_ name: String) throws {
        var contents = try open(name).safetensorsContents()
        let error = #expect(throws: CheckpointError.self) { try contents.densify() }
        #expect(error?.code == .limitExceeded)
        #expect(contents.tensors.count + contents.unsupported.count == 4)
    }

    @Test func `arrays that share bytes do not copy them`() throws {
        let checkpoint = try open("shared_array.pth")
        for key in ["a", "b"] {
            let tensor = try #require(try checkpoint[CheckpointPath([.string(key)])]?.tensor())
            #expect(try tensor.array(of: Float.self) == [1, 2])
        }
    }

    @Test func `storages of the same embedded file are apart`() throws {
        let checkpoint = try open("embedded.pkl")
        let storages = try ["a", "b"].map { key in
            try #require(checkpoint[CheckpointPath([.string(key)])]).storageTensor()
        }
        #expect(storages[0].storage !== storages[1].storage)
        #expect(try storages.map { try $0.array(of: Float.self) } == [[1, 1, 1], [1, 1, 1]])
    }

    @Test func `a record that a program lists many times is read once`() throws {
        let checkpoint = try open("repeated.pt2")
        let stateDict = try checkpoint.stateDict()
        let weights = stateDict.tensors.values.map(\.storage)
        #expect(weights.count == 3 && weights.allSatisfy { $0 === weights[0] })
        let others = stateDict.extras.values.map(\.bytes)
        #expect(others == Array(repeating: Array("abc".utf8), count: 3))
    }

    @Test func `names in constants are listed with the others`() throws {
        let names = try open("constants.pth").globalNames.map(\.description)
        #expect(names == ["posix.system"])
    }

    @Test func `names in the first pickle of a legacy file are refused`() throws {
        #expect(try open("plain.pth", .weightsOnly).format == .legacy)
        for policy in [GlobalPolicy.inert, .weightsOnly] {
            let error = #expect(throws: CheckpointError.self) { try open("magic.pth", policy) }
            #expect(error?.code == .malformedPickle)
        }
    }

    @Test(arguments: ["attributes.pt", "inputs.pt2", "opaque.pt2", "constants.pth"])
    func `a policy sees the names in every pickle of an archive`(_ name: String) throws {
        let error = #expect(throws: CheckpointError.self) { try open(name, .weightsOnly) }
        #expect(error?.code == .forbiddenGlobal)
        _ = try open("program.pt2", .weightsOnly)
    }

    @Test(arguments: ["inputs.pt2", "opaque.pt2", "constants.pth"])
    func `a copy does not pass on names in any pickle of an archive`(_ name: String) throws {
        let checkpoint = try open(name)
        let path = try TemporaryFolder().path("copy.pth")
        let error = #expect(throws: CheckpointError.self) { try checkpoint.write(to: path) }
        #expect(error?.code == .forbiddenGlobal)
        let program = try TemporaryFolder()
        try open("program.pt2").write(to: program.path("copy.pt2"))
    }
}
