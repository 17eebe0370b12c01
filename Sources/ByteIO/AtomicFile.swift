package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that appears under its name only when it is whole.
///
/// Bytes go to a ``HiddenFile``; ``commit()`` flushes it to disk and renames it over the
/// destination. If that never happens, nothing is left of it and an old file stays as it was.
package struct AtomicFile: ByteSink, ~Copyable {
    private let path: FilePath
    private let destination: FilePath
    private var file: HiddenFile
    private var byteCount = 0
    private var startedByteCount = 0

    /// Begins the file that is to be at `path`.
    ///
    /// A symbolic link is followed, so the file it names is replaced and not the link. A file that
    /// is replaced hands on its permissions.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``, with advice: the folder is missing or may not
    ///   be written to, or the destination is not a file.
    package init(replacing path: FilePath) throws(CheckpointError) {
        try self.init(replacing: path, isNameless: true)
    }

    /// Begins the file; if not `isNameless`, with a name from the start, as where the file system
    /// wants one.
    init(replacing path: FilePath, isNameless: Bool) throws(CheckpointError) {
        do throws(CheckpointError) {
            let (destination, permissions) = try Self.resolve(path)
            file = try HiddenFile(
                beside: destination, permissions: permissions, isNameless: isNameless)
            self.destination = destination
            self.path = path
        } catch {
            throw error.inFile(path.string)
        }
    }

    /// Appends `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``, with advice when the disk is full.
    package mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
        do {
            byteCount += try unsafe bytes.withUnsafeBytes { bytes in
                try unsafe file.descriptor.writeAll(bytes)
            }
        } catch {
            throw .writing("can't be written", error).inFile(path.string)
        }
        startWriteback()
    }

    /// Makes the bytes durable and puts the file in its place.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``; the old file is then still in place.
    package consuming func commit() throws(CheckpointError) {
        do throws(CheckpointError) {
            try file.flush()
            try file.move(to: destination)
        } catch {
            throw error.inFile(path.string)
        }
        // The file is whole and named by now; a folder that can't be flushed is no reason to fail.
        destination.folder.flush()
    }

    // How much is written before the system is asked to get on with it.
    private static let writebackByteCount = 1 << 24

    // Left alone, Linux keeps up to a fifth of the memory for the flush at the end, while the disk
    // idles. This advice starts the writing without waiting for it.
    private mutating func startWriteback() {
        #if os(Linux)
            guard byteCount - startedByteCount >= Self.writebackByteCount else { return }
            _ = posix_fadvise(
                file.descriptor.rawValue, off_t(startedByteCount),
                off_t(byteCount - startedByteCount), POSIX_FADV_DONTNEED)
            startedByteCount = byteCount
        #endif
    }

    /// The file to replace, links followed, and its permissions; as named if there is none yet.
    private static func resolve(
        _ path: FilePath
    ) throws(CheckpointError) -> (FilePath, FilePermissions?) {
        let status: Stat
        do throws(Errno) {
            status = try path.stat()
        } catch .noSuchFileOrDirectory {
            try checkNewName(path)
            return (path, nil)
        } catch {
            throw .writing("can't be written", error)
        }
        guard status.type == .regular else {
            throw CheckpointError(
                .fileSystem, "is not a regular file, so it can't be replaced",
                advice: "Name a file to write")
        }
        // The new file may have another owner, whose rights were never given away.
        let permissions = status.permissions.subtracting([.setUserID, .setGroupID])
        return (path.followingLinks(), permissions)
    }

    private static func checkNewName(_ path: FilePath) throws(CheckpointError) {
        guard path.lastComponent?.kind == .regular else {
            throw CheckpointError(
                .fileSystem, "is not the name of a file", advice: "Name a file to write")
        }
        guard (try? path.stat(followTargetSymlink: false)) == nil else {
            throw CheckpointError(
                .fileSystem, "is a symbolic link to a file that is not there",
                advice: "Remove the link, or name the file to write")
        }
    }
}

extension FilePath {
    fileprivate func followingLinks() -> FilePath {
        guard let resolved = unsafe realpath(string, nil) else { return self }
        defer { unsafe free(resolved) }
        return unsafe FilePath(String(cString: resolved))
    }
}
