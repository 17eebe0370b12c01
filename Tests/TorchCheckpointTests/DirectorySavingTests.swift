import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ByteIO
@testable import TorchCheckpoint

/// How checkpoints get into a folder.
@Suite struct DirectorySavingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `torch reads what is saved, and the names say what it is`() throws {
        let directory = try CheckpointDirectory(
            folder.path("läufe 7/α"), metric: .minimizing("val_loss"), fileExtension: "pt")
        try directory.saveSmall(1)
        let entry = try directory.saveSmall(2, 1e-05)
        #expect(entry.epoch == 2 && entry.metric == 1e-05)
        #expect(entry.path.string == folder.path("läufe 7/α/epoch=2-val_loss=1e-05.pt"))
        let code = """
            import sys, torch
            for name in sys.argv[1:]:
                values = torch.load(name, weights_only=True)
                print(values["epoch"], values["weights"].sum().item())
            """
        let paths = try directory.listing().entries.map(\.path.string)
        let read = try TorchPython.run(code: code, paths)
        #expect(read.output == "1 64.0\n2 128.0\n", "\(read.error)")
    }

    @Test func `links and relative paths lead to the folder`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("real"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: "real")
        let up = String(repeating: "../", count: 40)
        for (epoch, path) in [(1, "link"), (2, "link/../real/"), (3, "real/.")] {
            let directory = try CheckpointDirectory(up + folder.path(path).dropFirst())
            try directory.saveSmall(epoch)
            #expect(try directory.latest()?.storedEpoch == epoch)
        }
        let url = URL(fileURLWithPath: folder.path("real"))
        #expect(try CheckpointDirectory(url).listing().entries.map(\.epoch) == [1, 2, 3])
        let elsewhere = try #require(URL(string: "https://example.org/runs"))
        #expect(try thrown { _ = try CheckpointDirectory(elsewhere) }.code == .fileSystem)
    }

    @Test func `other files are left alone`() throws {
        let others = [
            "last.pth", "epoch=1.pt", "epoch=01.pth", "epoch=1-loss=1.pth", "notes.txt", "x.tmp",
            ".hidden", ".epoch=1.pth.tmp", ".epoch=1.pth.ABC.tmp", ".epoch=1.pth.1.2.tmp",
            ".epoch=01.pth.1.tmp", ".epoch=1.pth..tmp", ".epoch=1.pth.00.tmp", ".other.pth.1a.tmp",
        ]
        for name in others { _ = try folder.write(name, [1]) }
        let directory = try CheckpointDirectory(folder.path, keepingLast: 1)
        for epoch in 2...5 { try directory.saveSmall(epoch) }
        #expect(try folder.names == (others + ["epoch=5.pth"]).sorted())
    }

    @Test func `what is left of saves that were killed is removed by the next`() throws {
        let left = [
            ".epoch=1.pth.3w5e11264sgsf.tmp", ".epoch=9-loss=-0.5.pth.0.tmp",
            ".epoch=9-loss=nan.pth.1a.tmp",
        ]
        for name in left { _ = try folder.write(name, [1]) }
        let directory = try CheckpointDirectory(folder.path)
        #expect(try directory.latest() == nil)
        #expect(try folder.names.count == left.count)
        try directory.saveSmall(5)
        #expect(try folder.names == ["epoch=5.pth"])
    }

    @Test func `so is what a killed process leaves in fact, however long the name`() async throws {
        let directory = try CheckpointDirectory(
            folder.path, metric: .minimizing(String(repeating: "m", count: 45)))
        let name = try directory.saveSmall(.max, -2.2250738585072014e-308).path.string
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = name as String] in
            var file = try AtomicFile(replacing: FilePath(name), isNameless: false)
            try file.write(([1, 2, 3] as [UInt8]).span.bytes)
            kill(getpid(), SIGKILL)
        }
        #expect(try folder.names.count == 2)
        try directory.saveSmall(1, 5)
        #expect(try folder.names.count == 2)
        #expect(try directory.listing().entries.map(\.epoch) == [1, .max])
    }

    @Test func `one is made only when it is due`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), every: 5)
        let metrics: [Double?] = [nil, 9, 9, 8, .nan, 9, 7, 7, nil, 9, 9, -1, .infinity]
        var made: [Int] = []
        for (epoch, metric) in metrics.enumerated() {
            let entry = try directory.saveIfDue(epoch: epoch, metric: metric) {
                made.append(epoch)
                return try checkpoint(ofEpoch: epoch)
            }
            #expect((entry?.epoch == epoch) == (made.last == epoch))
        }
        // Multiples of 5, and those that are better than all before.
        #expect(made == [0, 1, 3, 5, 6, 10, 11])
    }

    /// What a training run saves.
    private struct TrainingState: Codable, Equatable {
        let epoch: Int
        let losses: [Double]
    }

    @Test func `a Swift value is saved as it is encoded, and made only when it is due`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), every: 2)
        var made: [Int] = []
        func state(_ epoch: Int) -> TrainingState {
            made.append(epoch)
            return TrainingState(epoch: epoch, losses: [0.5, 0.25])
        }
        let saved = try directory.save(encoding: state(1), epoch: 1, metric: 0.5)
        #expect(try saved.open().decode(TrainingState.self) == state(1))
        for epoch in 2...5 {
            let entry = try directory.saveIfDue(
                encoding: state(epoch), epoch: epoch, metric: epoch == 5 ? 0.25 : 1)
            #expect(try entry?.open().decode(TrainingState.self).epoch == entry?.epoch)
        }
        #expect(made == [1, 1, 2, 4, 5])
        func failing() throws -> TrainingState { throw CancellationError() }
        #expect(throws: CancellationError.self) {
            try directory.saveIfDue(encoding: failing(), epoch: 6)
        }
        #expect(try directory.saveIfDue(encoding: failing(), epoch: 7) == nil)
    }

    @Test func `without best ones only every so many are due`() throws {
        let directory = try CheckpointDirectory(
            folder.path, metric: .maximizing("accuracy"), keepingBest: 0, every: 3)
        let made = try (1...7).filter { epoch in
            try directory.saveIfDue(epoch: epoch, metric: Double(epoch)) {
                try checkpoint(ofEpoch: epoch)
            } != nil
        }
        #expect(made == [3, 6])
    }

    @Test func `an error of making is passed on and nothing is saved`() throws {
        let directory = try CheckpointDirectory(folder.path)
        #expect(throws: CancellationError.self) {
            try directory.saveIfDue(epoch: 1) { throw CancellationError() }
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func `a save that fails removes nothing`() throws {
        let directory = try CheckpointDirectory(folder.path, keepingLast: 1)
        try directory.saveSmall(1)
        let names = try folder.names
        let refused = try Checkpoint(bytes: Array("cos\nsystem\n.".utf8))
        #expect(try thrown { try directory.save(refused, epoch: 2) }.code == .forbiddenGlobal)
        // A folder is where the file is to be.
        try FileManager.default.createDirectory(
            atPath: folder.path("epoch=3.pth"), withIntermediateDirectories: false)
        #expect(try thrown { try directory.saveSmall(3) }.code == .fileSystem)
        #expect(try folder.names == names + ["epoch=3.pth"])
        #expect(try directory.latest()?.epoch == 1)
    }

    @Test func `threads save one at a time and lose nothing`() throws {
        let path = folder.path
        let shared = try CheckpointDirectory(path, metric: .minimizing(), keepingLast: 2)
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            failures.note {
                let own = try CheckpointDirectory(path, metric: .minimizing(), keepingLast: 2)
                for turn in 0..<6 {
                    let epoch = turn * 8 + thread
                    let directory = thread % 2 == 0 ? shared : own
                    let entry = try directory.saveSmall(epoch, Double((epoch * 37) % 48))
                    // The best of all that are saved is there from when it was saved.
                    let best = try #require(try directory.best()?.metric)
                    #expect(try #require(entry.metric) >= best)
                }
            }
        }
        #expect(failures.all.isEmpty, "\(failures.all)")
        try shared.saveSmall(100, 100)
        #expect(try shared.listing().entries.map(\.epoch) == [0, 47, 100])
        #expect(try folder.names.count == 3)
    }

    @Test func `a folder that may not be written to is refused, and can be read`() async throws {
        let path = folder.path
        try CheckpointDirectory(path).saveSmall(1)
        chmod(path, 0o555)
        defer { chmod(path, 0o755) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Root may write anywhere.
            if geteuid() == 0 { try #require(seteuid(65534) == 0) }
            for path in [path, path + "/new"] {
                let error = try thrown { try CheckpointDirectory(path).saveSmall(2) }
                #expect(error.code == .fileSystem)
                #expect(error.underlying as? Errno == .permissionDenied)
                #expect(error.advice != nil)
            }
            #expect(try CheckpointDirectory(path).latest()?.epoch == 1)
        }
        #expect(try folder.names == ["epoch=1.pth"])
    }

    @Test func `an old one that can't be removed is an error behind the save`() async throws {
        let path = folder.path
        let all = try CheckpointDirectory(path, keepingLast: nil)
        for epoch in 1...3 { try all.saveSmall(epoch) }
        chmod(path, 0o555)
        defer { chmod(path, 0o755) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Root may remove anything.
            if geteuid() == 0 { try #require(seteuid(65534) == 0) }
            let directory = try CheckpointDirectory(path, keepingLast: 1)
            let name = try CheckpointName(epoch: 3, metric: nil)
            let error = try thrown {
                try directory.prune(
                    name, of: checkpoint(ofEpoch: 3), FolderLock(FilePath(path)))
            }
            #expect(error.code == .fileSystem && error.path == path + "/epoch=1.pth")
            #expect(error.underlying as? Errno == .permissionDenied && error.advice != nil)
            #expect(try directory.latest()?.epoch == 3)
        }
        chmod(path, 0o755)
        try CheckpointDirectory(path, keepingLast: 1).saveSmall(4)
        #expect(try folder.names == ["epoch=4.pth"])
    }

    @Test func `nothing is saved through a link, and links are not removed`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 1)
        try directory.saveSmall(4, 1)
        for epoch in [5, 6] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("epoch=\(epoch)-loss=2.0.pth"),
                withDestinationPath: "epoch=4-loss=1.0.pth")
        }
        let error = try thrown { try directory.saveSmall(5, 2) }
        #expect(error.code == .fileSystem && error.path?.hasSuffix("epoch=5-loss=2.0.pth") == true)
        #expect(error.advice != nil)
        #expect(try directory.latest()?.storedEpoch == 4)
        #expect(try directory.listing().entries.map(\.epoch) == [4])
        for epoch in [7, 8] { try directory.saveSmall(epoch, 2) }
        #expect(try folder.names.count == 4)
        #expect(try directory.listing().entries.map(\.epoch) == [4, 8])
    }

    @Test func `a leftover that can't be removed is no reason not to save`() throws {
        let leftover = ".epoch=1.pth.abc.tmp"
        try FileManager.default.createDirectory(
            atPath: folder.path(leftover), withIntermediateDirectories: false)
        try CheckpointDirectory(folder.path).saveSmall(1)
        #expect(try folder.names == [leftover, "epoch=1.pth"])
    }

    @Test func `what replaces a file that may not be read may be read`() async throws {
        let path = folder.path
        chmod(path, 0o777)
        await #expect(processExitsWith: .success) { [path = path as String] in
            if geteuid() == 0 { try #require(seteuid(65534) == 0) }
            let directory = try CheckpointDirectory(path)
            let entry = try directory.saveSmall(1)
            chmod(entry.path.string, 0)
            #expect(throws: CheckpointError.self) { try directory.latest() }
            try directory.saveSmall(1)
            #expect(try directory.latest() == entry)
        }
    }

    @Test func `the harness that kills training programs finds those that do it wrong`() throws {
        let outcome = try TorchPython.runAlone(
            script: "kill_training.py", ["--self-test", "--rounds", "25"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }
}

/// The errors of several threads.
private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var errors: [String] = []

    var all: [String] { lock.withLock { errors } }

    func note(_ body: () throws -> Void) {
        do { try body() } catch { lock.withLock { errors.append("\(error)") } }
    }
}
