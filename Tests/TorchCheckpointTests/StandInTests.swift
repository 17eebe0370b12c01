import TestSupport
import Testing
import TorchCheckpoint

/// Tensors that a safetensors file leaves out because another one has the same memory.
@Suite struct StandInTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(
        _ names: [String], _ metadata: OrderedDictionary<String, String>
    ) throws -> SafetensorsFile {
        var stateDict = StateDict()
        for name in names { stateDict.tensors[name] = try Tensor([1, 2] as [Float]) }
        let path = FilePath(folder.path("file.safetensors"))
        try stateDict.writeSafetensors(to: path, metadata: metadata)
        return try SafetensorsFile(contentsOf: path)
    }

    @Test func `notes that name a tensor stand for one, and are sorted`() throws {
        let file = try file(["w", "b"], ["z": "w", "a": "b", "note": "x", "b": "w"])
        #expect(file.standIns == ["a": "b", "z": "w"])
        let stateDict = try Checkpoint(file).stateDict()
        #expect(Set(stateDict.names) == ["w", "b", "a", "z"])
        #expect(stateDict.names.suffix(2) == ["a", "z"])
        #expect(stateDict["z"]?.storage === stateDict["w"]?.storage)
        #expect(stateDict["b"]?.storage !== stateDict["w"]?.storage)
    }

    @Test func `the format is none of them, whatever tensors are called`() throws {
        let file = try file(["pt", "w"], ["format": "pt"])
        #expect(file.standIns.isEmpty)
        #expect(try Checkpoint(file).stateDict().count == 2)
    }

    @Test func `what is left out when writing is noted and found again`() throws {
        let tensor = try Tensor([1, 2] as [Float])
        let path = FilePath(folder.path("tied.safetensors"))
        try StateDict(["decoder": tensor, "encoder": tensor]).writeSafetensors(
            to: path, sharedStorage: .keepFirst)
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.tensors.count == 1 && file.standIns.count == 1)
        let stateDict = try Checkpoint(file).stateDict()
        #expect(stateDict["encoder"]?.storage === stateDict["decoder"]?.storage)
    }
}
