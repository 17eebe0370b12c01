import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ByteIO

/// The error of replacing a file with 2 MiB, or nil when that works.
private func failure(of path: FilePath, isNameless: Bool = true) -> CheckpointError? {
    let piece = [UInt8](repeating: 7, count: 1 << 19)
    do throws(CheckpointError) {
        var file = try AtomicFile(replacing: path, isNameless: isNameless)
        for _ in 0..<4 { try file.write(piece.span.bytes) }
        try file.commit()
        return nil
    } catch {
        return error
    }
}

/// The error of beginning a file, or nil when that works.
private func beginningFailure(of path: FilePath) -> CheckpointError? {
    do throws(CheckpointError) {
        _ = try AtomicFile(replacing: path)
        return nil
    } catch {
        return error
    }
}

#if canImport(Glibc)
    private let fileSizeResource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#else
    private let fileSizeResource = RLIMIT_FSIZE
#endif

/// What goes wrong in writing a file is said with advice, and leaves the folder as it was.
@Suite struct AtomicFileFailureTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write("old", "old")
    }

    private func expectNothingChanged() throws {
        #expect(try folder.names() == ["old"])
        #expect(try folder.read("old") == "old")
    }

    @Test(
        arguments: [
            ("missing/file", .noSuchFileOrDirectory), ("old/file", .notDirectory),
            (String(repeating: "n", count: 256), .fileNameTooLong),
        ] as [(String, Errno)])
    func `a place where no file can be is refused at once`(_ name: String, _ errno: Errno) throws {
        let path = folder.path.appending(name)
        let error = beginningFailure(of: path)
        #expect(error?.code == .fileSystem)
        #expect(error?.underlying as? Errno == errno)
        #expect(error?.path == path.string)
        #expect(error?.advice != nil)
        try expectNothingChanged()
    }

    @Test(arguments: [".", "", "..", "/", "/dev/null", "missing/.."])
    func `what is not a file is refused at once`(_ name: String) throws {
        let path = name.isEmpty ? FilePath("") : folder.path.pushing(FilePath(name))
        let error = beginningFailure(of: path)
        #expect(error?.code == .fileSystem)
        #expect(error?.advice == "Name a file to write")
        try expectNothingChanged()
    }

    @Test func `a link that leads nowhere is refused at once`() throws {
        let path = folder.path.appending("link")
        try FileManager.default.createSymbolicLink(
            atPath: path.string, withDestinationPath: "missing")
        let error = beginningFailure(of: path)
        #expect(error?.advice == "Remove the link, or name the file to write")
        #expect(try folder.names() == ["link", "old"])
    }

    @Test(arguments: [true, false])
    func `a commit that fails leaves no litter`(_ isNameless: Bool) throws {
        let path = folder.path.appending("new")
        let file = try AtomicFile(replacing: path, isNameless: isNameless)
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: false)
        var failure: CheckpointError?
        do throws(CheckpointError) { try file.commit() } catch { failure = error }
        #expect(failure?.code == .fileSystem)
        #expect(failure?.underlying as? Errno == .isDirectory)
        #expect(failure?.advice != nil)
        #expect(try folder.names() == ["new", "old"])
    }

    @Test(arguments: [true, false])
    func `a folder without permission is refused`(_ isNameless: Bool) async throws {
        try folder.setPermissions("", 0o555)
        defer { try? folder.setPermissions("", 0o755) }
        let path = folder.path.string
        await #expect(processExitsWith: .success) { [path = path as String, isNameless] in
            // Root may write anywhere.
            if geteuid() == 0 { try #require(seteuid(65534) == 0) }
            for name in ["old", "new"] {
                let error = failure(of: FilePath(path + "/" + name), isNameless: isNameless)
                #expect(error?.code == .fileSystem)
                #expect(error?.underlying as? Errno == .permissionDenied)
                #expect(error?.advice == "Name a file in a folder that you may write to")
            }
        }
        try expectNothingChanged()
    }

    @Test(arguments: [true, false])
    func `a file that grows too large is refused`(_ isNameless: Bool) async throws {
        let path = folder.path.string
        await #expect(processExitsWith: .success) { [path = path as String, isNameless] in
            // Without this the signal of the limit would end the process.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1_000_000, rlim_max: 1_000_000)
            try #require(setrlimit(fileSizeResource, &limit) == 0)
            for name in ["old", "new"] {
                let error = failure(of: FilePath(path + "/" + name), isNameless: isNameless)
                #expect(error?.code == .fileSystem)
                #expect(error?.underlying as? Errno == .fileTooLarge)
                #expect(error?.advice?.contains("ulimit -f") == true)
            }
        }
        try expectNothingChanged()
    }
}

#if os(Linux)
    /// What needs a file system of its own, of memory.
    @Suite struct MountedFolderTests {
        // Every Linux has this one; it is the one sure to have files without names.
        private static let sharedMemory = URL(filePath: "/dev/shm")

        @Test func `a process that is killed leaves the old file and no litter`() async throws {
            let folder = try Folder(in: Self.sharedMemory)
            try folder.write("old", "old")
            let path = folder.path.string
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                var file = try AtomicFile(replacing: FilePath(path + "/old"))
                try file.write(([1, 2, 3] as [UInt8]).span.bytes)
                kill(getpid(), SIGKILL)
            }
            #expect(try folder.names() == ["old"])
            #expect(try folder.read("old") == "old")
        }

        @Test func `before the commit the file has no name`() throws {
            let folder = try Folder(in: Self.sharedMemory)
            try folder.write("old", "old")
            var file = try AtomicFile(replacing: folder.path.appending("old"))
            try file.write(([1, 2, 3] as [UInt8]).span.bytes)
            #expect(try folder.names() == ["old"])
            try file.commit()
            #expect(try folder.names() == ["old"])
            #expect(try folder.read("old") == "\u{1}\u{2}\u{3}")
        }

        private static let canMount: Bool = {
            guard let folder = try? Folder() else { return false }
            return (try? Mount(at: folder.path, "size=1m")) != nil
        }()

        @Test(
            .enabled(if: canMount, "mounting takes root; the limit of file sizes is tested anyway"),
            arguments: [true, false])
        func `a full disk is refused`(_ isNameless: Bool) throws {
            let folder = try Folder()
            let mount = try Mount(at: folder.path, "size=1m")
            try folder.write("old", "old")
            for name in ["old", "new"] {
                let error = failure(of: folder.path.appending(name), isNameless: isNameless)
                #expect(error?.code == .fileSystem)
                #expect(error?.underlying as? Errno == .noSpace)
                #expect(error?.advice == "Make room there, or name a file on another disk")
            }
            #expect(try folder.names() == ["old"])
            #expect(try folder.read("old") == "old")
            _ = consume mount
        }

        @Test(
            .enabled(if: canMount, "mounting takes root; permissions are tested anyway"),
            arguments: [true, false])
        func `a disk that is only for reading is refused`(_ isNameless: Bool) throws {
            let folder = try Folder()
            let mount = try Mount(at: folder.path, "ro")
            let error = failure(of: folder.path.appending("new"), isNameless: isNameless)
            #expect(error?.code == .fileSystem)
            #expect(error?.underlying as? Errno == .readOnlyFileSystem)
            #expect(error?.advice == "Name a file on a disk that can be written to")
            _ = consume mount
        }
    }

    /// A file system of memory that is mounted at a folder until nobody uses it any more.
    private final class Mount {
        private let path: FilePath

        init(at path: FilePath, _ options: String) throws {
            let arguments = ["-t", "tmpfs", "-o", options, "none", path.string]
            let outcome = try run("/bin/mount", arguments)
            try #require(outcome.status == 0, "\(outcome.error)")
            self.path = path
        }

        deinit { _ = try? run("/bin/umount", [path.string]) }
    }
#endif
