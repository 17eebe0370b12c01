import TestSupport
import Testing
import TorchCheckpoint

/// The tensors of every kind of every fixture against what torch reads from it.
@Suite struct TensorKindFixtureTests {
    /// All but archives of TorchScript, whose tensors torch names otherwise.
    static let fixtures = ["zip", "legacy", "tar", "pickle"].flatMap(Fixture.readable)
        .filter { fixture in
            fixture.isOfKindMatrix
                || fixture.tensors.contains {
                    !FixtureTests.isRead($0) || $0["quantization"] != nil
                }
        }

    @Test(arguments: fixtures)
    func `every tensor of every kind is listed where torch has it`(_ fixture: Fixture) throws {
        let checkpoint = try fixture.asTorchReadIt()
        var byPath: [JSONValue: TensorValue] = [:]
        for entry in try checkpoint.tensorValues() { byPath[entry.path.json] = entry.value }
        for row in fixture.tensors {
            let path = row["path"] ?? .null
            let found = byPath.removeValue(forKey: path)
            let value = try #require(found, "no tensor at \(path)")
            guard !FixtureTests.torchMisreads.contains(fixture.name) else { continue }
            try TensorExpectation(row: row, path: path).check(value)
        }
        let others = byPath.keys.filter { $0.array?.contains(.string("<state>")) != true }
        #expect(others.isEmpty, "torch lists no tensor at \(others)")
    }

    @Test func `a CSR tensor of torch 1.13 is the one that later versions write`() throws {
        let later = try Fixture.named("torch-2.13.0/kinds_sparse_csr.pth").checkpoint()
        for name in ["kinds_sparse_csr.pth", "kinds_sparse_csr_legacy.pth"] {
            let old = try Fixture.named("torch-1.13.1/\(name)").checkpoint()
            let entries = try old.tensorValues()
            #expect(entries.count > 12)
            for entry in entries {
                let (tensor, same) = try (
                    old.value(at: entry.path).sparseTensor(),
                    later.value(at: entry.path).sparseTensor()
                )
                #expect(tensor.shape == same.shape && tensor.layout == same.layout)
                #expect(tensor.requiresGrad == same.requiresGrad)
                let digests = try [tensor, same].map { try $0.parts.map { try $0.tensor.sha256() } }
                #expect(digests[0] == digests[1], "\(entry.path)")
            }
        }
    }

    @Test func `attributes are the fields of a tensor`() throws {
        for name in ["view_parameter_with_attributes", "view_tensor_with_attributes"] {
            let fixture = try Fixture.named("torch-2.13.0/\(name).pth")
            let row = try #require(fixture.tensors.first)
            let path = try #require(row["path"]?.array?.first?.string)
            let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
            let value = try #require(checkpoint[path])
            let attributes = try #require(row["attributes"]?.entries)
            #expect(Set(value.fields.keys) == Set(attributes.keys))
            for (key, repr) in attributes {
                #expect(value[key]?.pythonRepr() == repr.string, "\(key)")
            }
        }
        let tagged = try Fixture.named("torch-2.13.0/view_tensor_subclass.pth")
        let value = try Checkpoint(contentsOf: FilePath(tagged.path))["tagged"]
        #expect(value?.typeName.description == tagged.tensors.first?["class"]?.string)
        #expect(value?.fields.isEmpty == true)
    }

    @Test func `storages have a dtype and elements`() throws {
        let fixture = try Fixture.named("torch-2.13.0/view_storages.pth")
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        #expect(checkpoint["untyped"]?.storageDType == nil)
        #expect(
            try checkpoint["untyped"]?.storageTensor().array() == [0, 1, 2, 3, 4, 5] as [UInt8])
        #expect(checkpoint["typed"]?.storageDType == .float32)
        #expect(try checkpoint["typed"]?.storageTensor().array() == [0, 1, 2, 3, 4, 5] as [Float])
        #expect(try checkpoint["typed_int64"]?.storageTensor().array() == [0, 1, 2] as [Int64])
        #expect(throws: CheckpointError(.typeMismatch, "")) { try checkpoint.root.storageTensor() }
    }

    @Test func `a dictionary of sparse tensors is a state dict that has them as extras`() throws {
        let checkpoint = try Fixture.named("torch-2.13.0/view_sparse_coo.pth").checkpoint()
        #expect(try checkpoint.stateDictPaths() == [[]])
        let stateDict = try checkpoint.stateDict()
        #expect(stateDict.tensors.isEmpty)
        #expect(stateDict.extras.values.allSatisfy { $0.kind == .sparseTensor })
        #expect(stateDict.extras.count == 4)
    }

    @Test func `a cast converts the values of sparse tensors and not their indices`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/view_sparse_coo.pth").checkpoint()
        let before = try #require(checkpoint["hybrid"]).sparseTensor().dense()
        #expect(try checkpoint.castFloatingPoint(to: .float64) == 4)
        let tensor = try #require(checkpoint["hybrid"]).sparseTensor()
        #expect(tensor.dtype == .float64)
        #expect(tensor.parts[0].tensor.dtype == .int64)
        #expect(
            try tensor.dense().array(of: Double.self) == before.array(converting: Double.self))
        try checkpoint.compact()
        #expect(try checkpoint["hybrid"]?.sparseTensor().dense().shape == [2, 3, 2])
    }

    @Test func `safetensors has dense and dequantized tensors when asked for`() throws {
        let sparse = try Fixture.named("torch-2.13.0/view_sparse_coo.pth").checkpoint()
        var contents = try sparse.safetensorsContents()
        #expect(contents.unsupported.count == 4)
        #expect(throws: CheckpointError(.unsupportedDType, "")) { try contents.checkSupported() }
        try contents.densify()
        try contents.checkSupported()
        #expect(contents.tensors.count == 4)
        let quantized = try Fixture.named("torch-2.13.0/quantized_quint4x2.pth").checkpoint()
        contents = try quantized.safetensorsContents()
        try contents.densify()
        #expect(contents.tensors["per_channel_float"]?.dtype == .float32)
        let nested = try Fixture.named("torch-2.13.0/view_nested.pth").checkpoint()
        contents = try nested.safetensorsContents()
        try contents.densify()
        #expect(throws: CheckpointError(.unsupportedDType, "")) { try contents.checkSupported() }
        contents.leaveOutUnsupported()
        #expect(contents.leftOut.contains("nested"))
    }
}
