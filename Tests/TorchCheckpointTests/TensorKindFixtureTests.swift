import TestSupport
import Testing
import TorchCheckpoint

/// The sparse, nested and quantized tensors of every fixture against what torch reads from it.
@Suite struct TensorKindFixtureTests {
    @Test(arguments: Fixture.readable("zip"))
    func `every tensor of every kind is listed where torch has it`(_ fixture: Fixture) throws {
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        var byPath: [JSONValue: TensorValue] = [:]
        for entry in try checkpoint.tensorValues() { byPath[entry.path.json] = entry.value }
        for row in fixture.tensors {
            let path = row["path"] ?? .null
            let found = byPath.removeValue(forKey: path)
            let value = try #require(found, "no tensor at \(path)")
            #expect(value.layoutName == row["layout"]?.string, "\(path)")
            #expect(value.dtype.rawValue == row["dtype"]?.string, "\(path)")
            #expect(value.device.rawValue == row["device"]?.string, "\(path)")
            switch value {
            case .strided(let tensor): try check(tensor, row)
            case .sparse(let tensor):
                #expect(tensor.shape == row["shape"]?.ints, "\(path)")
                // torch takes what is unknown for false.
                let isCoalesced = tensor.layout == .coo ? tensor.isCoalesced ?? false : nil
                #expect(isCoalesced == row["coalesced"]?.bool, "\(path)")
                try check(tensor.parts, row)
            case .nested(let tensor): try check(tensor.parts, row)
            }
        }
        let others = byPath.keys.filter { $0.array?.contains(.string("<state>")) != true }
        #expect(others.isEmpty, "torch lists no tensor at \(others)")
    }

    private func check(_ parts: [(name: String, tensor: Tensor)], _ row: JSONValue) throws {
        #expect(parts.count == row["parts"]?.entries?.count)
        for (name, part) in parts {
            let wanted = try #require(row["parts"]?[name], "there is no \(name)")
            #expect(part.shape == wanted["shape"]?.ints, "\(name)")
            #expect(part.dtype.rawValue == wanted["dtype"]?.string, "\(name)")
            #expect(try part.sha256() == wanted["sha256"]?.string, "\(name)")
        }
    }

    private func check(_ tensor: Tensor, _ row: JSONValue) throws {
        #expect((tensor.quantization == nil) == (row["quantization"] == nil))
        guard let quantization = tensor.quantization, let wanted = row["quantization"] else {
            return
        }
        #expect(quantization.schemeName == wanted["scheme"]?.string)
        switch quantization {
        case .perTensor(let scale, let zeroPoint):
            #expect(scale == wanted["scale"]?.double)
            #expect(zeroPoint == wanted["zeroPoint"]?.int)
        case .perChannel(let channels):
            #expect(channels.axis == wanted["axis"]?.int)
            #expect(try channels.scales.sha256() == wanted["scales"]?["sha256"]?.string)
            #expect(try channels.zeroPoints.sha256() == wanted["zeroPoints"]?["sha256"]?.string)
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

extension JSONValue {
    fileprivate var entries: [String: JSONValue]? {
        if case .object(let entries) = self { entries } else { nil }
    }
}
