import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import TorchCheckpoint

/// What is found in a folder with damaged checkpoints and other things.
@Suite struct DirectoryFindingTests {
    private let folder: TemporaryFolder
    private let directory: CheckpointDirectory

    init() throws {
        folder = try TemporaryFolder()
        directory = try CheckpointDirectory(folder.path, metric: .minimizing())
    }

    private static let damagedName = "epoch=2-loss=0.5.pth"

    @Test func `a folder that is empty or not there has no checkpoint`() throws {
        let missing = try CheckpointDirectory(folder.path("none/there"), metric: .minimizing())
        for directory in [directory, missing] {
            #expect(try directory.latest() == nil)
            #expect(try directory.best() == nil)
            #expect(try directory.listing().entries.isEmpty)
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func `a path that is a file is an error`() throws {
        let file = try CheckpointDirectory(try folder.write("file", [1]))
        for method in [{ _ = try file.latest() }, { _ = try file.listing() }] {
            let error = try thrown(method)
            #expect(error.code == .fileSystem && error.path == folder.path("file"))
        }
        #expect(try thrown { try file.saveSmall(1) }.advice != nil)
    }

    /// A way to damage a checkpoint, and the error that it shows by.
    struct Damage: Sendable, CustomStringConvertible {
        let description: String
        let code: CheckpointError.Code
        let change: @Sendable ([UInt8]) -> [UInt8]

        init(
            _ description: String, _ code: CheckpointError.Code,
            _ change: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            (self.description, self.code, self.change) = (description, code, change)
        }
    }

    static let damages: [Damage] = [
        Damage("empty", .unrecognizedFormat) { _ in [] },
        Damage("one byte", .unrecognizedFormat) { Array($0.prefix(1)) },
        Damage("the first header", .damagedArchive) { Array($0.prefix(64)) },
        Damage("half", .damagedArchive) { Array($0.prefix($0.count / 2)) },
        Damage("all but the end", .damagedArchive) { Array($0.dropLast(22)) },
        Damage("all but a byte", .damagedArchive) { Array($0.dropLast()) },
        Damage("half of zeros", .damagedArchive) { bytes in
            bytes.prefix(bytes.count / 2) + [UInt8](repeating: 0, count: bytes.count / 2)
        },
        Damage("all zeros", .unrecognizedFormat) { [UInt8](repeating: 0, count: $0.count) },
        Damage("the middle of zeros", .checksumMismatch) { bytes in
            let start = bytes.firstRange(of: [0, 0, 0, 64] as [UInt8])?.lowerBound ?? 0
            return bytes[..<start] + [UInt8](repeating: 0, count: 64) + bytes[(start + 64)...]
        },
        Damage("git-lfs", .unrecognizedFormat) { _ in
            Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1234\n".utf8)
        },
        Damage("text", .unrecognizedFormat) { _ in Array("<!DOCTYPE html><html></html>".utf8) },
    ]

    @Test(arguments: damages)
    func `a damaged one is passed over and reported`(_ damage: Damage) throws {
        try directory.saveSmall(1, 0.75)
        try directory.saveSmall(2, 0.5)
        let bytes = try #require(folder.contents()[Self.damagedName])
        _ = try folder.write(Self.damagedName, damage.change(bytes))
        try expectDamaged(damage.code)
    }

    private func expectDamaged(_ code: CheckpointError.Code) throws {
        #expect(try directory.latest()?.epoch == 1)
        #expect(try directory.best()?.epoch == 1)
        let listing = try directory.listing()
        #expect(listing.entries.map(\.epoch) == [1])
        #expect(listing.damaged.count == 1)
        let damaged = try #require(listing.damaged.first)
        #expect(damaged.path.lastComponent?.string == Self.damagedName)
        #expect(damaged.error.code == code, "\(damaged.error)")
        #expect(damaged.error.path == damaged.path.string)
        #expect(damaged.error.advice != nil)
    }

    @Test func `a cut at any place is found`() throws {
        try directory.saveSmall(1, 0.75)
        try directory.saveSmall(2, 0.5)
        let bytes = try #require(folder.contents()[Self.damagedName])
        for count in 0..<bytes.count {
            _ = try folder.write(Self.damagedName, bytes.prefix(count))
            #expect(try directory.latest()?.epoch == 1, "\(count) bytes")
        }
    }

    @Test func `a flipped bit in any record is found`() throws {
        try directory.saveSmall(1, 0.75)
        try directory.saveSmall(2, 0.5)
        let bytes = try #require(folder.contents()[Self.damagedName])
        let archive = try #require(
            try Checkpoint(contentsOf: folder.path(Self.damagedName)).archive)
        for entry in archive.entries {
            for offset in 0..<entry.byteCount {
                var changed = bytes
                changed[entry.dataOffset + offset] ^= 1
                _ = try folder.write(Self.damagedName, changed)
                #expect(try directory.latest()?.epoch == 1, "\(entry.name) \(offset)")
            }
        }
    }

    @Test func `an archive of other things, and one without its storage, are damaged`() throws {
        try directory.saveSmall(1, 0.75)
        let code = """
            import sys, zipfile, torch
            name = sys.argv[1]
            if sys.argv[2] == "zip":
                with zipfile.ZipFile(name, "w") as file:
                    file.writestr("notes/readme.txt", "hello")
            else:
                torch.save({"w": torch.arange(9.0)}, name)
                old = zipfile.ZipFile(name)
                with zipfile.ZipFile(name + ".new", "w") as file:
                    for entry in old.infolist():
                        if not entry.filename.endswith("data/0"):
                            file.writestr(entry.filename, old.read(entry))
                        elif sys.argv[2] == "short":
                            file.writestr(entry.filename, old.read(entry)[:-4])
                import os
                os.replace(name + ".new", name)
            """
        for (kind, error) in [
            ("zip", .missingRecord), ("missing", .missingRecord), ("short", .invalidStorage),
        ] as [(String, CheckpointError.Code)] {
            let made = try TorchPython.run(code: code, [folder.path(Self.damagedName), kind])
            try #require(made.status == 0, "\(made.error)")
            try expectDamaged(error)
        }
    }

    @Test func `a folder and a pipe are damaged, and a link is nothing`() throws {
        try directory.saveSmall(1, 0.75)
        let path = folder.path(Self.damagedName)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try expectDamaged(.fileSystem)
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        try expectDamaged(.fileSystem)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
        #expect(try directory.listing().damaged.isEmpty)
        for epoch in 3...8 { try directory.saveSmall(epoch, 1) }
        #expect(try folder.names.contains(Self.damagedName))
    }

    @Test func `a file that may not be read is damaged`() async throws {
        try directory.saveSmall(1, 0.75)
        try directory.saveSmall(2, 0.5)
        let path = folder.path
        chmod(path, 0o755)
        chmod(folder.path(Self.damagedName), 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Root may read anything.
            if geteuid() == 0 { try #require(seteuid(65534) == 0) }
            let directory = try CheckpointDirectory(path)
            #expect(try directory.latest()?.epoch == 1)
            let damaged = try directory.listing().damaged
            #expect(damaged.first?.error.underlying as? Errno == .permissionDenied)
        }
    }

    @Test func `if all are damaged, that is an error and names them`() throws {
        for epoch in 1...7 {
            _ = try folder.write("epoch=\(epoch)-loss=1.0.pth", Array("damaged".utf8))
        }
        for method in [{ _ = try directory.latest() }, { _ = try directory.best() }] {
            let error = try thrown(method)
            #expect(error.code == .noWholeCheckpoint)
            #expect(error.path == folder.path && error.advice != nil)
            #expect(error.reason.contains("7 checkpoints"))
            #expect(error.reason.contains("and 2 more"))
        }
        let latest = try thrown { _ = try directory.latest() }
        #expect(latest.reason.contains("epoch=7-loss=1.0.pth"))
        #expect(latest.underlying is CheckpointError)
        // A run that begins anew all the same removes nothing.
        try directory.saveSmall(1, 0.5)
        #expect(try directory.latest()?.metric == 0.5)
        #expect(try folder.names.count == 8)
    }

    @Test func `structure alone passes over a flipped bit`() throws {
        try directory.saveSmall(1, 0.75)
        try directory.saveSmall(2, 0.5)
        try folder.flipWeight(Self.damagedName)
        #expect(try directory.latest()?.epoch == 1)
        let quick = try CheckpointDirectory(folder.path, verification: .structure)
        #expect(try quick.latest()?.epoch == 2)
        #expect(try quick.listing().damaged.isEmpty)
    }

    @Test func `a checkpoint of torch counts, with and without checksums`() throws {
        let code = """
            import sys, torch
            torch.save({"epoch": 1, "w": torch.arange(9.0)}, sys.argv[1] + "/epoch=1-loss=0.5.pth")
            torch.serialization.set_crc32_options(False)
            torch.save({"epoch": 2, "w": torch.arange(9.0)}, sys.argv[1] + "/epoch=2-loss=0.25.pth")
            """
        let made = try TorchPython.run(code: code, [folder.path])
        try #require(made.status == 0, "\(made.error)")
        #expect(try directory.listing().entries.map(\.epoch) == [1, 2])
        #expect(try directory.best()?.storedEpoch == 2)
    }

    @Test func `what is nested too deep to be listed is whole all the same`() throws {
        let depth = 100_000
        let lists = [UInt8](repeating: 0x5D, count: depth)
        let ends = [UInt8](repeating: 0x61, count: depth - 1)
        let nested = try Checkpoint(bytes: [0x80, 2] + lists + ends + [0x2E])
        #expect(try thrown { _ = try nested.tensors() }.code == .limitExceeded)
        let entry = try directory.save(nested, epoch: 1, metric: 0.5)
        #expect(try directory.latest() == entry)
    }

    @Test func `a checkpoint that the options of loading refuse does not count`() throws {
        let strict = try CheckpointDirectory(
            folder.path, keepingLast: 1, loadOptions: LoadOptions(globals: .weightsOnly))
        try strict.saveSmall(1)
        let refused = try Checkpoint(bytes: Array("cos\nsystem\n.".utf8))
        let error = try thrown {
            try strict.save(refused, epoch: 2, options: SaveOptions(globals: .inert))
        }
        #expect(error.code == .forbiddenGlobal && error.path == folder.path("epoch=2.pth"))
        #expect(try strict.latest()?.epoch == 1)
        #expect(try strict.listing().damaged.first?.error.code == .forbiddenGlobal)
        let inert = try CheckpointDirectory(folder.path, keepingLast: 1)
        #expect(try inert.latest()?.epoch == 2)
        try inert.saveSmall(3)
        #expect(try folder.names == ["epoch=3.pth"])
    }

    @Test func `an entry is opened as the directory says, or otherwise on request`() throws {
        let directory = try CheckpointDirectory(
            folder.path, loadOptions: LoadOptions(mapLocation: .device(.cuda(1))))
        let saved = try directory.saveSmall(1)
        let latest = try #require(try directory.latest())
        #expect(try saved == latest && directory.listing().entries == [latest])
        func device(_ checkpoint: Checkpoint) throws -> Device? {
            try checkpoint.tensors().first?.tensor.device
        }
        for entry in [saved, latest] {
            #expect(try device(entry.open()) == .cuda(1))
            #expect(try device(entry.open(options: LoadOptions())) == .cpu)
        }
        let plain = try #require(try CheckpointDirectory(folder.path).latest())
        #expect(plain == latest && Set([plain, latest]).count == 1)
    }

    @Test func `a file that was removed since it was found is an error that says so`() throws {
        let entry = try directory.saveSmall(1, 0.5)
        try FileManager.default.removeItem(atPath: entry.path.string)
        let error = try thrown { _ = try entry.open() }
        #expect(error.code == .fileSystem && error.path == entry.path.string)
        #expect(error.advice?.contains("latest()") == true)
        let other = try directory.saveSmall(2, 0.5)
        _ = try folder.write("epoch=2-loss=0.5.pth", Array("damaged".utf8))
        #expect(try thrown { _ = try other.open() }.code == .unrecognizedFormat)
    }

    @Test func `a system without memory is an error, and no damage`() async throws {
        try directory.saveSmall(1, 0.75)
        let size = 64 << 30
        let path = folder.path
        _ = try folder.write(Self.damagedName, [])
        try #require(truncate(folder.path(Self.damagedName), size) == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            var limit = rlimit(rlim_cur: 32 << 30, rlim_max: 32 << 30)
            #if canImport(Glibc)
                try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            #else
                try #require(setrlimit(RLIMIT_AS, &limit) == 0)
            #endif
            let directory = try CheckpointDirectory(path)
            let latest = try thrown { _ = try directory.latest() }
            #expect(latest.underlying as? Errno == .noMemory, "\(latest)")
            #expect(try thrown { _ = try directory.listing() }.code == .fileSystem)
        }
        #expect(try directory.latest()?.epoch == 1)
    }

    @Test func `a folder whose files may not be looked at is an error`() async throws {
        try directory.saveSmall(1, 0.75)
        let path = folder.path
        chmod(path, 0o744)
        defer { chmod(path, 0o755) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            if geteuid() == 0 {
                try #require(seteuid(65534) == 0)
            } else {
                chmod(path, 0o444)
            }
            let error = try thrown { _ = try CheckpointDirectory(path).latest() }
            #expect(error.underlying as? Errno == .permissionDenied, "\(error)")
        }
    }

    @Test func `the newest is found though it comes in place of one that was listed`() throws {
        for epoch in 1...2 { try directory.saveSmall(epoch, 1) }
        var listings = 0
        let found = try directory.firstWhole { files in
            listings += 1
            if listings == 1 {
                _ = try? directory.saveSmall(3, 1)
                try? FileManager.default.removeItem(atPath: folder.path("epoch=2-loss=1.0.pth"))
            }
            return files.reversed()
        }
        #expect(found?.epoch == 3 && listings == 2)
    }

    @Test func `the latest is found while others save and remove`() async throws {
        let path = folder.path
        try CheckpointDirectory(path).saveSmall(0)
        try await withThrowingTaskGroup { group in
            group.addTask {
                for epoch in 1...60 {
                    try CheckpointDirectory(path, keepingLast: 1).saveSmall(epoch)
                }
            }
            group.addTask {
                var newest = 0
                while newest < 60 {
                    try Task.checkCancellation()
                    let entry = try #require(try CheckpointDirectory(path).latest())
                    #expect(entry.epoch >= newest)
                    newest = entry.epoch
                    _ = try CheckpointDirectory(path).listing()
                }
            }
            // If one fails, this ends the other.
            for try await _ in group {}
        }
    }
}
