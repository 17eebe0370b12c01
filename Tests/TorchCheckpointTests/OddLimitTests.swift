import TestSupport
import Testing
import TorchCheckpoint

/// Limits are numbers that callers choose, so any number is one.
@Suite struct OddLimitTests {
    private static let files = [
        "torch-2.13.0/training_checkpoint_adam.pth", "torch-2.13.0/container_deflated.pth",
        "torch-2.13.0/legacy_training.pth", "torch-2.13.0/container_tar.pth",
        "not_checkpoints/pickle_os_system.pth",
    ].filter { name in Fixture.all.contains { $0.name == name } }

    private static let numbers = [Int.min, -1, 0, 1, Int.max]

    @Test func `there are files of several formats`() { #expect(Self.files.count >= 3) }

    @Test(arguments: files, numbers)
    func `a limit may be any number, and nothing traps`(_ file: String, _ number: Int) throws {
        let bytes = try Fixture.named(file).bytes()
        let pickleLimits = PickleLimits(
            bytes: number, instructions: number, nodes: number, memoSlots: number,
            stackObjects: number, marks: number, textBytes: number, integerBytes: number,
            integerDigits: number, nameBytes: number)
        let zipLimits = ZipLimits(
            entries: number, nameBytes: number, inflatedBytes: number, inflationRatio: number,
            recordBytes: number, recordRatio: number)
        let valueLimits = ValueLimits(depth: number, decodingDepth: number, tensors: number)
        let all = ScanLimits(
            depth: number, inflatedBytes: number, attempts: number, pickleLimits: pickleLimits,
            zipLimits: zipLimits)
        let scans = try [
            all, ScanLimits(depth: number), ScanLimits(inflatedBytes: number),
            ScanLimits(attempts: number), ScanLimits(pickleLimits: pickleLimits),
            ScanLimits(zipLimits: zipLimits),
        ].map { try CheckpointScan(bytes: bytes, limits: $0) }
        #expect(number > 1 || scans[0].findings.contains { $0.code == .limitReached })
        for options in [
            LoadOptions(zipLimits: zipLimits), LoadOptions(pickleLimits: pickleLimits),
            LoadOptions(valueLimits: valueLimits),
        ] {
            let checkpoint = try? Checkpoint(bytes: bytes, options: options)
            _ = try? checkpoint?.tensorValues()
            _ = try? checkpoint?.checkDepth()
        }
    }
}
