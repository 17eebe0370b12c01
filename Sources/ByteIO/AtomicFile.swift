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
/// Bytes go to a hidden sibling; ``commit()`` flushes it to disk and renames it over the
/// destination. If that never happens, the sibling is removed and an old file stays as it was.
package struct AtomicFile: ~Copyable {
    private let destination: FilePath
    private let sibling: FilePath
    private let file: FileDescriptor
    private var isOpen = true

    /// Creates the sibling of `path`.
    ///
    /// A symbolic link is followed, so the file it names is replaced and not the link. A file that
    /// is replaced hands on its permissions.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package init(replacing path: FilePath) throws(CheckpointError) {
        let destination = try Self.resolve(path)
        let sibling = Self.sibling(of: destination)
        let permissions = Self.permissions(of: destination)
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                sibling, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: permissions ?? FilePermissions(rawValue: 0o666))
        } catch {
            throw .fileSystem("can't be written", error).inFile(path.string)
        }
        self.init(destination: destination, sibling: sibling, file: file)
        // Once more, because the process's mask was taken off.
        if let permissions { _ = fchmod(file.rawValue, permissions.rawValue) }
    }

    private init(destination: FilePath, sibling: FilePath, file: FileDescriptor) {
        self.destination = destination
        self.sibling = sibling
        self.file = file
    }

    /// Appends `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        do {
            _ = try unsafe file.writeAll(bytes)
        } catch {
            throw .fileSystem("can't be written", error).inFile(destination.string)
        }
    }

    /// Makes the bytes durable and puts the file in its place.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``; the old file is then still in place.
    package mutating func commit() throws(CheckpointError) {
        guard flushToDisk() else {
            throw .system("can't be flushed to disk").inFile(destination.string)
        }
        guard unsafe rename(sibling.string, destination.string) == 0 else {
            throw .system("can't be put in place").inFile(destination.string)
        }
        isOpen = false
        try? file.close()
        flushFolder()
    }

    deinit {
        guard isOpen else { return }
        try? file.close()
        unsafe unlink(sibling.string)
    }

    // On Darwin, fsync hands the bytes to the drive, which may keep them in its cache.
    private func flushToDisk() -> Bool {
        #if canImport(Darwin)
            if fcntl(file.rawValue, F_FULLFSYNC) == 0 { return true }
        #endif
        return fsync(file.rawValue) == 0
    }

    // The file is whole and named by now; a folder that can't be flushed is no reason to fail.
    private func flushFolder() {
        let parent = destination.removingLastComponent()
        let folder = parent.isEmpty ? FilePath(".") : parent
        guard let descriptor = try? FileDescriptor.open(folder, .readOnly) else { return }
        _ = fsync(descriptor.rawValue)
        try? descriptor.close()
    }

    // The name is cut, or one that is as long as names may be would have no sibling.
    private static func sibling(of destination: FilePath) -> FilePath {
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let name = (destination.lastComponent?.string ?? "file").utf8.prefix(100)
        return destination.removingLastComponent()
            .appending(".\(String(decoding: name, as: UTF8.self)).\(tag).tmp")
    }

    private static func permissions(of path: FilePath) -> FilePermissions? {
        var status = stat()
        guard unsafe stat(path.string, &status) == 0 else { return nil }
        return FilePermissions(rawValue: status.st_mode & 0o7777)
    }

    private static func resolve(_ path: FilePath) throws(CheckpointError) -> FilePath {
        var status = stat()
        guard unsafe stat(path.string, &status) == 0 else {
            guard unsafe lstat(path.string, &status) != 0 else {
                throw CheckpointError(
                    .fileSystem, "is a symbolic link to a file that is not there",
                    advice: "Remove the link, or name the file to write"
                ).inFile(path.string)
            }
            return path
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(
                .fileSystem, "is not a regular file, so it can't be replaced",
                advice: "Name a file to write"
            ).inFile(path.string)
        }
        guard let resolved = unsafe realpath(path.string, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe FilePath(String(cString: resolved))
    }
}
