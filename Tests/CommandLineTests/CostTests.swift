import Foundation
import TestSupport
import Testing

/// What files cost, whatever they claim: `pth` in processes of its own, within limits.
@Suite struct CostTests {
    private static let large = Repository.root + "/.fixtures/large_tensors.pth"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `inspecting 1 GiB reads none of it`() throws {
        let listed = try Measurement(of: PTHTool.executable, ["inspect", Self.large])
        #expect(listed.status == 0, "\(listed)")
        #expect(listed.residentByteCount < 64 << 20, "\(listed)")
        // The measure is able to fail: what is read is resident.
        let read = try Measurement(
            of: PTHTool.executable, ["inspect", Self.large, "--json", "--digest"])
        #expect(read.status == 0, "\(read)")
        #expect(read.residentByteCount > 500 << 20, "\(read)")
    }

    /// The names of the files that `PythonFixtures/costly` makes: each asks for much in a way of its
    /// own.
    private static let costly: [String] = {
        let listed = try? TorchPython.runAlone(script: "costly", ["--list"])
        return listed?.output.split(separator: "\n").map(String.init) ?? []
    }()

    @Test func `there are enough costly files`() { #expect(Self.costly.count >= 120) }

    // Five seconds are the bar; cores that are shared are slower.
    @Test(arguments: costly)
    func `a small file costs little whatever it asks for`(_ name: String) throws {
        let outcome = try TorchPython.runAlone(
            script: "costly", ["--measure", PTHTool.optimized(), "--seconds", "10", name])
        let rows = outcome.output.split(separator: "\n")
        #expect(rows.count == 11, "\(outcome.error)")
        let wrong = rows.filter { !$0.contains("\"within\": true") }
        #expect(wrong.isEmpty && outcome.status == 0, "\(wrong.joined(separator: "\n"))")
    }

    @Test func `a limit that is passed ends the program`() throws {
        let endless = try Measurement(
            of: "/bin/sh", ["-c", "while :; do :; done"], within: .init(seconds: 1))
        #expect(endless.signal != nil)
        let greedy = try Measurement(
            of: TorchPython.executable, ["-c", "bytes(1 << 30)"], within: .init(memory: 512))
        #expect(greedy.status == 1)
    }

    @Test func `damage costs little memory`() throws {
        let fixture = try Fixture.named("torch-2.13.0/training_state_dict.pth")
        let original = try fixture.bytes()
        let seed: UInt64 = 20_261_125
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            var bytes = original
            let offset = Int.random(in: bytes.indices, using: &random)
            bytes[offset] = UInt8.random(in: 0...255, using: &random)
            let path = try folder.write("damaged.pth", bytes)
            let cost = try Measurement(
                of: PTHTool.executable, ["inspect", path, "--json"],
                within: .init(memory: 256, seconds: 10))
            let what = "\(fixture), byte \(offset) is \(bytes[offset]), seed \(seed): \(cost)"
            #expect(cost.status == 0 || cost.status == 1, "\(what)")
            #expect(cost.residentByteCount < 64 << 20, "\(what)")
        }
    }
}
