import TestSupport
import Testing
import TorchCheckpoint

/// Damaged checkpoints: each is an error or a valid reading, never a trap, and costs no more memory
/// than its size warrants.
@Suite struct DamageTests {
    /// Reads all that there is to read; only errors of this library may come out.
    private func readAll(_ bytes: [UInt8]) throws {
        do {
            let checkpoint = try Checkpoint(bytes: bytes)
            _ = "\(checkpoint) \(checkpoint.root)"
            for entry in try checkpoint.tensors() {
                // A damaged shape may make a view expand to anything; reading it is bounded.
                guard entry.tensor.byteCount <= 1 << 20 else { continue }
                _ = try entry.tensor.rowMajorBytes()
            }
            for path in try checkpoint.stateDictPaths() { _ = try checkpoint.stateDict(at: path) }
        } catch let error as CheckpointError {
            #expect(!error.reason.isEmpty)
        }
    }

    @Test(arguments: [
        "torch-2.13.0/view_contiguous.pth", "torch-2.13.0/container_deflated.pth",
        "torch-1.13.1/view_contiguous.pth",
    ])
    func `an archive cut anywhere is an error`(_ name: String) throws {
        let bytes = try Fixture.named(name).bytes()
        for count in bytes.indices {
            #expect(throws: CheckpointError.self, "the first \(count) bytes") {
                try Checkpoint(bytes: bytes[..<count])
            }
        }
    }

    @Test(arguments: [
        "torch-2.13.0/view_several_views.pth", "torch-2.13.0/training_state_dict.pth",
        "torch-2.13.0/view_parameter_with_attributes.pth", "torch-2.13.0/quantized_qint8.pth",
        "torch-2.13.0/protocol_4_values.pth", "torch-2.13.0/dtype_float8_e5m2.pth",
    ])
    func `a changed byte of data.pkl is an error or a valid reading`(_ name: String) throws {
        var bytes = try Fixture.named(name).bytes()
        let record = try #require(
            try Checkpoint(bytes: bytes).archive?.entries.first { $0.name.hasSuffix("/data.pkl") })
        var random = SeededGenerator(seed: 20_261_123)
        for offset in record.dataOffset..<(record.dataOffset + record.byteCount) {
            let original = bytes[offset]
            for _ in 0..<4 {
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
                try readAll(bytes)
            }
            bytes[offset] = original
        }
    }

    @Test(arguments: [
        "torch-2.13.0/view_contiguous.pth", "torch-2.13.0/container_deflated.pth",
        "torch-2.13.0/container_big_endian.pth",
    ])
    func `a changed byte of the archive is an error or a valid reading`(_ name: String) throws {
        var bytes = try Fixture.named(name).bytes()
        var random = SeededGenerator(seed: 20_261_124)
        for offset in bytes.indices {
            let original = bytes[offset]
            for _ in 0..<2 {
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
                try readAll(bytes)
            }
            bytes[offset] = original
        }
    }

    @Test func `damage costs little memory`() throws {
        #if os(Linux)
            // Other suites run beside this one, so the bound is for all of them together.
            let name = "torch-2.13.0/training_state_dict.pth"
            var bytes = try Fixture.named(name).bytes()
            var random = SeededGenerator(seed: 20_261_125)
            for _ in 0..<2_000 {
                let offset = Int.random(in: bytes.indices, using: &random)
                let original = bytes[offset]
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
                try readAll(bytes)
                bytes[offset] = original
            }
            #expect(try ProcessMemory.peak() < 2 << 30)
        #endif
    }
}
