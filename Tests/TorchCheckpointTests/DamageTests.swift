import TestSupport
import Testing
import TorchCheckpoint

/// Damaged checkpoints: each is an error or a valid reading, never a trap.
///
/// What they cost is held by the tests of `pth`.
@Suite struct DamageTests {
    /// Where a file was changed, for the message of a failure.
    private struct Change: CustomStringConvertible {
        let name: String
        let offset: Int
        let byte: UInt8
        let seed: UInt64

        var description: String { "\(name), byte \(offset) is \(byte), seed \(seed)" }
    }

    /// Changes each byte of a range to a few others, and reads what comes out.
    private func readChanged(
        _ name: String, _ range: Range<Int>, times: Int, seed: UInt64
    ) throws {
        var bytes = try Fixture.named(name).bytes()
        var random = SeededGenerator(seed: seed)
        for offset in range {
            let original = bytes[offset]
            for _ in 0..<times {
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
                let change = Change(name: name, offset: offset, byte: bytes[offset], seed: seed)
                DamagedReading(what: "\(change)").readAll(bytes)
            }
            bytes[offset] = original
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
        let checkpoint = try Checkpoint(bytes: Fixture.named(name).bytes())
        let record = try #require(
            checkpoint.archive?.entries.first { $0.name.hasSuffix("/data.pkl") })
        let range = record.dataOffset..<(record.dataOffset + record.byteCount)
        try readChanged(name, range, times: 2, seed: 20_261_123)
    }

    @Test(arguments: [
        "torch-2.13.0/view_contiguous.pth", "torch-2.13.0/container_deflated.pth",
        "torch-2.13.0/container_big_endian.pth",
    ])
    func `a changed byte of the archive is an error or a valid reading`(_ name: String) throws {
        let range = try Fixture.named(name).bytes().indices
        try readChanged(name, range, times: 2, seed: 20_261_124)
    }
}
