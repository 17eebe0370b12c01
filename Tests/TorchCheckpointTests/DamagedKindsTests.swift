import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Files of every kind and container, changed where it reaches deep.
///
/// The changes are in the instructions of pickles, in archives whose checksums are right. Each
/// variant is an error or a valid reading. `DAMAGE_ROUNDS` is how many variants of each file are
/// read, `DAMAGE_SEED` where they begin.
@Suite struct DamagedKindsTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let rounds = environment["DAMAGE_ROUNDS"].flatMap { Int($0) } ?? 4
    static let seed = environment["DAMAGE_SEED"].flatMap { UInt64($0) } ?? 20_261_124

    /// Small files: what is in large ones is in small ones too.
    private static let byteLimit = 48 << 10

    /// One file of each kind: what other versions of torch wrote only if this one did not.
    static let files: [Fixture] = {
        var isTaken: Set<Substring> = []
        let newestFirst = Fixture.all.sorted {
            $0.name.contains("2.13.0") && !$1.name.contains("2.13.0")
        }
        return newestFirst.filter { fixture in
            let base = fixture.name.split(separator: "/").last ?? ""
            let size = (try? fixture.bytes().count) ?? .max
            return fixture.format != "broken" && size <= byteLimit && isTaken.insert(base).inserted
        }
    }()

    @Test func `there are files of every container`() {
        let formats = Set(Self.files.map(\.format))
        #expect(formats == ["zip", "legacy", "tar", "torchscript", "pickle"])
        #expect(Self.files.contains { $0.name.hasSuffix(".pt2") })
        #expect(Self.files.count > 200)
    }

    @Test(arguments: files)
    func `a file taken apart is put together again`(_ fixture: Fixture) throws {
        let parts = try FileParts(fixture.bytes())
        let again = try FileParts(parts.assembled())
        #expect(parts.parts.map(\.name) == again.parts.map(\.name))
        #expect(parts.parts.map(\.bytes) == again.parts.map(\.bytes))
    }

    @Test(arguments: files)
    func `a changed file is an error or a valid reading`(_ fixture: Fixture) throws {
        let parts = try FileParts(fixture.bytes())
        for round in 0..<Self.rounds {
            let seed = Self.seed &+ UInt64(round)
            var random = SeededGenerator(seed: seed)
            var changed = parts
            changed.mutate(using: &random)
            let reading = DamagedReading(what: "\(fixture.name), DAMAGE_SEED=\(seed)")
            reading.readAll(try changed.assembled(), writes: true)
        }
    }

    @Test(arguments: files)
    func `a file cut anywhere is an error or a valid reading`(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes()
        var random = SeededGenerator(seed: Self.seed)
        for _ in 0..<Self.rounds {
            let count = Int.random(in: 0..<bytes.count, using: &random)
            DamagedReading(what: "the first \(count) bytes of \(fixture.name)")
                .readAll(Array(bytes[..<count]))
        }
    }

    @Test func `most changes leave a file that can be opened`() throws {
        var opened = 0
        for seed in 0..<UInt64(200) {
            var random = SeededGenerator(seed: seed)
            let fixture = try Fixture.named("torch-2.13.0/training_checkpoint_adam.pth")
            var parts = try FileParts(fixture.bytes())
            parts.mutate(using: &random)
            let reading = DamagedReading(what: "seed \(seed)")
            if reading.readAll(try parts.assembled()) { opened += 1 }
        }
        // Only what is opened reaches the code that makes tensors and state dicts.
        #expect((40..<200).contains(opened), "\(opened) of 200 were opened")
    }
}
