import Foundation
import TestSupport
import Testing

/// What files cost, whatever they claim: `pth` in processes of its own, within limits.
@Suite(.serialized) struct CostTests {
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

    @Test(arguments: [
        "shared_text", "referenced_text", "large_integer", "deep_tensor", "long_names",
        "long_locations", "expanded_tensors", "deep_lists", "inflating",
    ])
    func `a small file costs little whatever it asks for`(_ name: String) throws {
        let path = folder.path(name + ".pth")
        let made = try TorchPython.run(script: "costly.py", [name, path])
        try #require(made.status == 0, "\(made.error)")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(try #require(attributes[.size] as? Int) < 2_000_000)
        let output = folder.path("out.safetensors")
        for command in [
            ["inspect", path], ["inspect", path, "--json"], ["show", path],
            ["convert", path, output, "--shared", "duplicate"],
        ] {
            let cost = try Measurement(
                of: PTHTool.executable, command, within: .init(memory: 512, seconds: 10, file: 512))
            #expect(cost.status == 0 || cost.status == 1, "\(command[0]): \(cost)")
            #expect(cost.residentByteCount < 512 << 20, "\(command[0]): \(cost)")
        }
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
