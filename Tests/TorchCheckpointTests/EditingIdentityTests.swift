import TestSupport
import Testing
import TorchCheckpoint

/// Which edits are seen where: copies of checkpoints, aliases inside one, values of others.
@Suite struct EditingIdentityTests {
    @Test func `a copy and its original change apart`() throws {
        let original = try Checkpoint(["a": ["x": 1]])
        var copy = original
        try copy.set(2, at: ["a", "x"])
        #expect(original["a"]?["x"]?.int == 1)
        #expect(copy["a"]?["x"]?.int == 2)
        var second = copy
        second["a"] = nil
        copy["b"] = 1
        #expect(copy.root.pythonRepr() == "{'a': {'x': 2}, 'b': 1}")
        #expect(second.root.pythonRepr() == "{}")
    }

    @Test func `a value that was taken before an edit stays as it was`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/training_checkpoint_adam.pth").checkpoint()
        let root = checkpoint.root
        let text = root.pythonRepr()
        let model = try #require(checkpoint["model_state_dict"])
        let count = model.count
        let tensors = try checkpoint.tensors()
        let bytes = try tensors.map { try $0.tensor.rowMajorBytes() }
        checkpoint["epoch"] = nil
        try checkpoint.removeAll { $0.keys.count > 1 }
        try checkpoint.castFloatingPoint(to: .float16)
        #expect(root.pythonRepr() == text)
        #expect(model.count == count)
        #expect(try tensors.map { try $0.tensor.rowMajorBytes() } == bytes)
    }

    @Test func `a dictionary in two places changes in both`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/writing_aliases.pth").checkpoint()
        #expect(checkpoint["model"]?.id == checkpoint["ema"]?.id)
        checkpoint[["model", "note"]] = 1
        #expect(checkpoint["ema"]?["note"]?.int == 1)
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(again["model"]?.id == again["ema"]?.id)
    }

    @Test func `assigning what is elsewhere in the checkpoint makes an alias`() throws {
        var checkpoint = try Checkpoint(["a": ["x": 1]])
        checkpoint["b"] = checkpoint["a"]
        checkpoint[["b", "x"]] = 2
        #expect(checkpoint["a"]?["x"]?.int == 2)
        #expect(checkpoint["a"]?.id == checkpoint["b"]?.id)
        checkpoint["list"] = [1]
        try checkpoint.append(checkpoint.root, to: ["list"])
        #expect(checkpoint["list"]?[1]?.id == checkpoint.root.id)
    }

    @Test func `a value of another checkpoint is a copy with aliases and cycles of its own`() throws
    {
        let other = try Fixture.named("torch-2.13.0/writing_cycles.pth").checkpoint()
        var checkpoint = try Checkpoint(["own": 1])
        checkpoint["copy"] = other.root
        let copy = try #require(checkpoint["copy"])
        #expect(copy["root"]?.id == copy.id)
        #expect(copy["list"]?[1]?.id == copy["list"]?.id)
        #expect(copy["first"]?["second"]?[1]?.id == copy["first"]?.id)
        checkpoint[["copy", "root", "list", 0, "note"]] = 1
        #expect(checkpoint["copy"]?["note"]?.int == 1)
        #expect(other["note"] == nil)
        _ = try checkpoint.serialized()
    }

    @Test func `storages are shared however their values come in`() throws {
        let other = try Fixture.named("torch-2.13.0/writing_shared_storages.pth").checkpoint()
        var checkpoint = try Checkpoint(["a": other.root])
        checkpoint["b"] = other["model"]
        checkpoint["c"] = try other.value(at: ["model", "body.bias"])
        checkpoint["d"] = try CheckpointValue(#require(other["flat"]).tensor())
        checkpoint["e"] = try .list([#require(other["flat"])])
        let again = try Checkpoint(bytes: checkpoint.serialized())
        let wanted = try storages(other.tensors().map(\.tensor))
        #expect(try storages(again.tensors().map(\.tensor)) == wanted)
        let places: [CheckpointPath] = [["a", "flat"], ["c"], ["d"], ["e", 0]]
        let flat = try places.map { try ObjectIdentifier(again.value(at: $0).tensor().storage) }
        #expect(Set(flat).count == 1)
    }

    private func storages(_ tensors: [Tensor]) -> Int {
        Set(tensors.map { ObjectIdentifier($0.storage) }).count
    }

    // These two in processes of their own: two storages of one record would end the process.
    @Test func `what was removed can be put back after a cast`() async {
        await #expect(processExitsWith: .success) {
            let fixture = try Fixture.named("torch-2.13.0/training_tied_weights.pth")
            var checkpoint = try fixture.checkpoint()
            let path = try #require(try EditingIdentityTests.sharedPath(checkpoint))
            let removed = try checkpoint.remove(at: path)
            try checkpoint.castFloatingPoint(to: .bfloat16)
            try checkpoint.set(removed, at: path)
            let again = try Checkpoint(bytes: checkpoint.serialized())
            #expect(try again.value(at: path).tensor().dtype == .float32)
            #expect(try again.tensors().contains { $0.tensor.dtype == .bfloat16 })
        }
    }

    /// A tensor that shares its storage with another one.
    private static func sharedPath(_ checkpoint: Checkpoint) throws -> CheckpointPath? {
        let entries = try checkpoint.tensors()
        return entries.last { entry in
            entries.count { $0.tensor.storage === entry.tensor.storage } > 1
        }?.path
    }

    @Test func `what is taken out before compacting can be put back whole`() async {
        await #expect(processExitsWith: .success) {
            var checkpoint = try Fixture.named("torch-2.13.0/writing_gaps.pth").checkpoint()
            let removed = try checkpoint.remove(at: ["low"])
            let bytes = try removed.tensor().rowMajorBytes()
            #expect(try checkpoint.compact() > 0)
            try checkpoint.set(removed, at: ["low"])
            let again = try Checkpoint(bytes: checkpoint.serialized())
            #expect(try again.value(at: ["low"]).tensor().rowMajorBytes() == bytes)
        }
    }
}
