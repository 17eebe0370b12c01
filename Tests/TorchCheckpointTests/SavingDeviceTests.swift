import TestSupport
import Testing
import TorchCheckpoint

/// Device tags, when a checkpoint is loaded and when it is saved.
@Suite struct SavingDeviceTests {
    private static let names = [
        "device_mixed", "device_cuda_0", "device_mps", "writing_cuda_training",
        "writing_cuda_shared",
    ]

    static let maps: [@Sendable () -> LocationMap] = [
        { .cpu }, { .map([.cuda(0): .cuda(5), .mps: .cpu]) },
        { LocationMap { Device(rawValue: "\($0.type):9") } },
    ]

    @Test(arguments: names, maps.indices)
    func `tags are changed, in loading or in saving, and nothing else`(
        _ name: String, _ place: Int
    ) throws {
        let map = Self.maps[place]()
        let fixture = try Fixture.named("torch-2.13.0/\(name).pth")
        let original = try fixture.checkpoint()
        let loaded = try Checkpoint(
            contentsOf: fixture.path, options: LoadOptions(mapLocation: map))
        let bytes = try original.serialized(options: SaveOptions(mapLocation: map))
        #expect(try loaded.serialized() == bytes)
        let saved = try Checkpoint(bytes: bytes)
        for checkpoint in [loaded, saved] {
            for (old, new) in zip(try original.tensors(), try checkpoint.tensors()) {
                #expect(new.tensor.device == map(old.tensor.device), "\(new.path)")
            }
        }
        let changed = try fixture.changedRecords(in: saved)
        #expect(changed.isSubset(of: ["data.pkl", ".data/serialization_id"]))
        #expect(try fixture.checkpoint().serialized() == fixture.bytes())
    }

    @Test func `a map that changes no tag is no edit`() throws {
        let fixture = try Fixture.named("torch-2.13.0/container_deflated.pth")
        let checkpoint = try Checkpoint(
            contentsOf: fixture.path, options: LoadOptions(mapLocation: .cpu))
        #expect(
            try checkpoint.serialized(options: SaveOptions(mapLocation: .cpu)) == fixture.bytes())
    }

    @Test func `maps of loading, editing and saving follow each other`() throws {
        let fixture = try Fixture.named("torch-2.13.0/writing_cuda_shared.pth")
        var checkpoint = try Checkpoint(
            contentsOf: fixture.path, options: LoadOptions(mapLocation: .device(.cuda(1))))
        checkpoint["new"] = try CheckpointValue(Tensor([1] as [Float], device: .cuda(2)))
        checkpoint["again"] = checkpoint["model"]?["own"]
        try checkpoint.castFloatingPoint(to: .float64)
        let options = SaveOptions(mapLocation: .map([.cuda(1): .cpu]))
        let again = try Checkpoint(bytes: checkpoint.serialized(options: options))
        #expect(try again["new"]?.tensor().device == .cuda(2))
        let others = try again.tensors().filter { $0.path != ["new"] }
        #expect(others.allSatisfy { $0.tensor.device == .cpu })
        #expect(try again["again"]?.tensor().storage === again["model"]?["own"]?.tensor().storage)
        #expect(try checkpoint["again"]?.tensor().device == .cuda(1))
    }
}

extension Fixture {
    /// The records that are not in both, or differ.
    fileprivate func changedRecords(in other: Checkpoint) throws -> Set<String> {
        let (old, new) = try (records(checkpoint()), records(other))
        return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    }

    private func records(_ checkpoint: Checkpoint) throws -> [String: [UInt8]] {
        guard let archive = checkpoint.archive else { return [:] }
        let rows = try archive.entries.map { entry in
            let name = String(entry.name.drop { $0 != "/" }.dropFirst())
            return try (name, archive.contents(of: entry).copyBytes())
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
