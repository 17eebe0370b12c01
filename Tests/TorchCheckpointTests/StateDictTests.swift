import TestSupport
import Testing
import TorchCheckpoint

@Suite struct StateDictTests {
    private func open(
        _ name: String, options: LoadOptions = LoadOptions()
    ) throws -> Checkpoint {
        let fixture = try Fixture.named("torch-2.13.0/" + name)
        return try Checkpoint(contentsOf: FilePath(fixture.path), options: options)
    }

    @Test func `a state dict keeps names, order and module versions`() throws {
        let checkpoint = try open("training_checkpoint_adam.pth")
        let stateDict = try checkpoint.stateDict("model_state_dict")
        #expect(
            stateDict.names == [
                "conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean",
                "norm.running_var", "norm.num_batches_tracked", "head.weight", "head.bias",
            ])
        #expect(stateDict.metadata?["norm"]?["version"]?.int == 2)
        #expect(stateDict.map(\.key) == stateDict.names)
        #expect(stateDict["conv.weight"]?.shape == [3, 2, 3, 3])
        #expect(stateDict.description == "9 tensors, 78 elements, 316 B")
    }

    @Test func `the root can be the state dict`() throws {
        let stateDict = try open("training_state_dict.pth").stateDict()
        #expect(stateDict.count > 0)
        #expect(stateDict.metadata != nil)
    }

    @Test func `a wrong key lists the keys that would work`() throws {
        let checkpoint = try open("training_checkpoint_adam.pth")
        let missing = #expect(throws: CheckpointError.self) { try checkpoint.stateDict("model") }
        #expect(missing?.code == .keyNotFound)
        #expect(missing?.advice?.contains("['model_state_dict']") == true)
        let other = #expect(throws: CheckpointError.self) { try checkpoint.stateDict("args") }
        #expect(other?.code == .typeMismatch)
        #expect(other?.advice?.contains("['model_state_dict']") == true)
        let root = #expect(throws: CheckpointError.self) { try checkpoint.stateDict() }
        #expect(root?.advice?.contains("['model_state_dict']") == true)
    }

    @Test func `state dicts are found at any depth`() throws {
        let checkpoint = try open("training_nested_state.pth")
        let paths = try checkpoint.stateDictPaths()
        #expect(paths.count == 2)
        for path in paths { #expect(try checkpoint.stateDict(at: path).count > 0) }
        #expect(try checkpoint.stateDict("model", "encoder").count > 0)
    }

    @Test func `a wrong tensor name lists names like it`() throws {
        let stateDict = try open("training_checkpoint_adam.pth").stateDict("model_state_dict")
        let error = #expect(throws: CheckpointError.self) { try stateDict.tensor("conv.wieght") }
        #expect(error?.advice?.contains("conv.weight") == true)
    }

    @Test func `tied weights share their storage`() throws {
        let stateDict = try open("training_tied_weights.pth").stateDict()
        let tensors = stateDict.tensors.values
        let storages = Set(tensors.map { ObjectIdentifier($0.storage) })
        #expect(storages.count < tensors.count)
    }

    @Test func `subscripts reach everything and give nil elsewhere`() throws {
        let checkpoint = try open("training_checkpoint_adam.pth")
        #expect(checkpoint["epoch"]?.int == 3)
        #expect(checkpoint["loss"]?.double == 0.125)
        #expect(checkpoint["best"]?.isNone == true)
        let group = checkpoint["optimizer_state_dict"]?["param_groups"]?[0]
        #expect(group?["lr"]?.double == 0.25)
        #expect(group?["betas"]?[1]?.double == 0.999)
        #expect(group?["amsgrad"]?.bool == false)
        #expect(checkpoint["args"]?["name"]?.string == "net")
        #expect(checkpoint["optimizer_state_dict"]?["state"]?[5]?["step"]?.isTensor == true)
        #expect(checkpoint["nothing"] == nil)
        #expect(group?["betas"]?[2] == nil)
        #expect(group?["betas"]?[-1] == nil)
        #expect(checkpoint["epoch"]?["x"] == nil)
        #expect(throws: CheckpointError.self) { try checkpoint["epoch"]?.tensor() }
    }

    @Test func `device tags are mapped`() throws {
        let name = "device_mixed.pth"
        let devices = { (map: LocationMap) in
            let checkpoint = try open(name, options: LoadOptions(mapLocation: map))
            return Set(try checkpoint.tensors().map { $0.tensor.device.rawValue })
        }
        let original = try devices(.preserve)
        #expect(original.contains("cuda:0"))
        #expect(try devices(.cpu) == ["cpu"])
        #expect(try devices(.device(.mps)) == ["mps"])
        #expect(
            try devices(.map([.cuda(0): .cpu])) == original.subtracting(["cuda:0"]).union(["cpu"]))
        #expect(try devices(LocationMap { Device(rawValue: $0.type) }).contains("cuda"))
    }

    @Test func `one line describes a checkpoint`() throws {
        let checkpoint = try open("training_checkpoint_adam.pth")
        #expect("\(checkpoint)" == "7 entries, 27 tensors, 908 B, zip, little endian")
    }

    @Test func `the small records of the archive are read`() throws {
        let info = try #require(try open("training_checkpoint_adam.pth").archiveInfo)
        #expect(info.root == "training_checkpoint_adam")
        #expect(info.version == 3)
        #expect(info.formatVersion == "1")
        #expect(info.storageAlignment == 64)
        #expect(info.serializationID?.count == 40)
    }
}
