import TestSupport
import Testing
import TorchCheckpoint

/// Edits that reach everything: removing and renaming by name, casting, compacting, extracting.
@Suite struct EditingWholeTests {
    @Test func `entries at any depth are removed by their path`() throws {
        var checkpoint = try Checkpoint([
            "model": ["w": 1, "num_batches_tracked": 2], "list": [["w": 1, "x": 2]],
            "tuple": .tuple([["x": 1]]), "optimizer": ["x": ["w": 1]],
        ])
        let count = try checkpoint.removeAll { $0.keys.last == "x" || $0.keys == ["model", "w"] }
        #expect(count == 4)
        #expect(
            checkpoint.root.pythonRepr()
                == "{'model': {'num_batches_tracked': 2}, 'list': [{'w': 1}], 'tuple': ({},), "
                + "'optimizer': {}}")
        #expect(try checkpoint.removeAll { _ in false } == 0)
    }

    @Test func `what is removed keeps its own entries, which may be elsewhere, too`() throws {
        var checkpoint = try Checkpoint(["ema": ["w": 1]])
        checkpoint["model"] = checkpoint["ema"]
        let count = try checkpoint.removeAll { $0.keys.first == "ema" }
        #expect(checkpoint.root.pythonRepr() == "{'model': {'w': 1}}")
        #expect(count == 1)
    }

    @Test func `keys at any depth and in metadata get other names`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/training_data_parallel.pth").checkpoint()
        let pattern = KeyPattern("module.*")
        let names = try checkpoint.stateDict("state_dict").names
        #expect(try checkpoint.renameKeys { pattern.renaming($0, to: "*") } == names.count)
        let again = try Checkpoint(bytes: checkpoint.serialized()).stateDict("state_dict")
        #expect(again.names == names.map { String($0.dropFirst("module.".count)) })
        let metadata = try #require(again.metadata?.dictionary)
        #expect(!metadata.keys.contains { $0.description.hasPrefix("module.") })
    }

    @Test func `keys that are no strings keep what they are`() throws {
        let pairs: [(CheckpointValue, CheckpointValue)] = [
            (0, 1), ("a", 2), (.pythonNone, 3),
        ]
        var checkpoint = try Checkpoint(.dictionary(pairs: pairs))
        #expect(try checkpoint.renameKeys { $0 + "!" } == 1)
        #expect(checkpoint.root.pythonRepr() == "{0: 1, 'a!': 2, None: 3}")
        // Names may change places.
        checkpoint = try Checkpoint(["a": 1, "b": 2])
        #expect(try checkpoint.renameKeys { $0 == "a" ? "b" : "a" } == 2)
        #expect(checkpoint.root.pythonRepr() == "{'b': 1, 'a': 2}")
    }

    @Test func `a cast keeps what is shared and leaves other dtypes alone`() throws {
        let original = try Fixture.named("torch-2.13.0/writing_shared_storages.pth").checkpoint()
        var checkpoint = original
        let count = try checkpoint.castFloatingPoint(to: .float16)
        #expect(count > 5)
        #expect(try checkpoint.castFloatingPoint(to: .float16) == 0)
        let again = try Checkpoint(bytes: checkpoint.serialized())
        for (old, new) in zip(try original.tensors(), try again.tensors()) {
            #expect(new.path == old.path)
            #expect(new.tensor.dtype == .float16)
            #expect(new.tensor.layout == old.tensor.layout)
            #expect(
                try new.tensor.array(converting: Float.self)
                    == old.tensor.array(converting: Float.self))
            #expect(new.tensor.storage.key == old.tensor.storage.key)
        }
    }

    @Test func `the scales of quantized tensors are no weights`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/quantized_qint8.pth").checkpoint()
        try checkpoint.castFloatingPoint(to: .bfloat16)
        // (torch.per_channel_affine, scales, zero points, axis)
        let scheme = try #require(checkpoint["per_channel"]?.arguments?[4])
        #expect(try scheme[1]?.tensor().dtype == .float64)
    }

    @Test(arguments: ["float32", "float8_e4m3fn", "uint16"])
    func `tensors go to dtypes without a class of storages and back`(_ name: String) throws {
        let dtype = try #require(DType(rawValue: name))
        var checkpoint = try Checkpoint([
            "half": CheckpointValue(Tensor([1, -2, 0.5] as [Float], requiresGrad: true)),
            "int": CheckpointValue(Tensor([1, 2] as [Int32])),
        ])
        guard dtype.isFloatingPoint else {
            #expect(throws: CheckpointError.self) { try checkpoint.castFloatingPoint(to: dtype) }
            return
        }
        for target in [dtype, .float64, dtype, .float32] {
            try checkpoint.castFloatingPoint(to: target)
            checkpoint = try Checkpoint(bytes: checkpoint.serialized())
            let tensor = try #require(checkpoint["half"]).tensor()
            #expect(tensor.dtype == target)
            #expect(tensor.requiresGrad)
            #expect(try tensor.array(converting: Float.self) == [1, -2, 0.5])
            #expect(try checkpoint["int"]?.tensor().dtype == .int32)
        }
    }

    @Test func `a storage of several dtypes is not cast`() throws {
        let storage = try Storage(bytes: [UInt8](repeating: 0, count: 8))
        var checkpoint = try Checkpoint([
            "float": CheckpointValue(Tensor(storage: storage, dtype: .float32, shape: [2])),
            "int": CheckpointValue(Tensor(storage: storage, dtype: .int32, shape: [2])),
        ])
        let error = #expect(throws: CheckpointError.self) {
            try checkpoint.castFloatingPoint(to: .float64)
        }
        #expect(error?.code == .invalidStorage)
        #expect(error?.advice != nil)
    }

    @Test func `compacting again drops nothing`() throws {
        let original = try Fixture.named("torch-2.13.0/writing_gaps.pth").checkpoint()
        var checkpoint = original
        let dropped = try checkpoint.compact()
        #expect(dropped > 3000)
        #expect(try checkpoint.compact() == 0)
        let bytes = try checkpoint.serialized()
        #expect(try bytes.count < original.serialized().count - dropped / 2)
        for (old, new) in zip(try original.tensors(), try Checkpoint(bytes: bytes).tensors()) {
            #expect(try new.tensor.rowMajorBytes() == old.tensor.rowMajorBytes(), "\(old.path)")
        }
    }

    @Test func `a part by itself has the records that it needs`() throws {
        let fixture = try Fixture.named("torch-2.13.0/training_checkpoint_adam.pth")
        let part = try fixture.checkpoint().extracting(at: ["model_state_dict"])
        let wanted = try fixture.checkpoint().stateDict("model_state_dict")
        let again = try Checkpoint(bytes: part.serialized())
        #expect(try again.stateDict().names == wanted.names)
        let records = again.archive?.entries.filter { $0.name.contains("/data/") }
        let keys = Set(wanted.tensors.values.compactMap(\.storage.key))
        #expect(records?.count == keys.count)
        // The whole is a part as well, and is copied.
        #expect(try fixture.checkpoint().extracting(at: []).serialized() == fixture.bytes())
    }
}
