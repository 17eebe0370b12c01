import Foundation
import TestSupport
import Testing
import TorchCheckpoint

@Suite struct StateDictCopyingTests {
    private func open(_ name: String) throws -> StateDict {
        let fixture = try Fixture.named("torch-2.13.0/" + name)
        return try Checkpoint(contentsOf: FilePath(fixture.path)).stateDict()
    }

    /// For each tensor, the number of the first one that has the same storage.
    private func sharing(_ stateDict: StateDict) -> [Int?] {
        let storages = stateDict.tensors.values.map { ObjectIdentifier($0.storage) }
        return storages.map { storages.firstIndex(of: $0) }
    }

    private func expectSame(_ copy: StateDict, _ original: StateDict) throws {
        #expect(copy.names == original.names)
        #expect(sharing(copy) == sharing(original))
        for (name, tensor) in original {
            let other = try copy.tensor(name)
            #expect(other.storage !== tensor.storage)
            #expect(other.layout == tensor.layout && other.dtype == tensor.dtype)
            #expect(other.requiresGrad == tensor.requiresGrad)
            #expect(other.isParameter == tensor.isParameter)
            #expect(other.storage.key == tensor.storage.key && other.device == tensor.device)
            #expect(try other.rowMajorBytes() == tensor.rowMajorBytes())
        }
    }

    @Test(arguments: ["training_tied_weights.pth", "training_state_dict.pth"])
    func `a copy has the same tensors, sharing what they shared`(name: String) throws {
        let stateDict = try open(name)
        let copy = try stateDict.copied()
        try expectSame(copy, stateDict)
        #expect(copy.extras.keys == stateDict.extras.keys)
        #expect((copy.metadata == nil) == (stateDict.metadata == nil))
    }

    @Test func `deflated storages are copied`() throws {
        let fixture = try Fixture.named("torch-2.13.0/container_deflated.pth")
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        var stateDict = StateDict()
        for (index, entry) in try checkpoint.tensors().enumerated() {
            stateDict.tensors["\(index)"] = entry.tensor
        }
        #expect(stateDict.count > 0)
        try expectSame(stateDict.copied(), stateDict)
    }

    @Test func `the file may change after a copy was made`() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture.named("torch-2.13.0/training_state_dict.pth")
        let path = try folder.write("run.pth", fixture.bytes())
        let stateDict = try Checkpoint(contentsOf: FilePath(path)).stateDict()
        let expected = try stateDict.map { try $0.value.rowMajorBytes() }
        let copy = try stateDict.copied()
        // Overwritten in place: what is mapped of the file changes with it.
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.write(contentsOf: Data(repeating: 0xEE, count: fixture.bytes().count))
        try file.close()
        #expect(try copy.map { try $0.value.rowMajorBytes() } == expected)
        try FileManager.default.removeItem(atPath: path)
        #expect(try copy.map { try $0.value.rowMajorBytes() } == expected)
    }

    @Test func `a state dict without tensors is copied`() throws {
        #expect(try StateDict().copied().count == 0)
    }
}
