import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A new file in the folder of its destination that does not have its name yet.
///
/// On Linux it has no name at all until it moves, so that nothing is left of it even if the process
/// is killed. Elsewhere, and on file systems without nameless files, it has a hidden name beside the
/// destination. It is gone with this value unless it has moved.
struct HiddenFile: ~Copyable {
    /// The open file, for writing.
    let descriptor: FileDescriptor
    private var name: FilePath?
    private var isOpen = true

    /// Creates the file beside `destination`.
    ///
    /// - Parameters:
    ///   - permissions: The permissions to give it; nil for those that new files get.
    ///   - isNameless: Whether to try to do without a name.
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    init(
        beside destination: FilePath, permissions: FilePermissions?, isNameless: Bool
    ) throws(CheckpointError) {
        let initial = permissions ?? FilePermissions(rawValue: 0o666)
        if isNameless, let file = Self.openNameless(in: destination.folder, initial) {
            descriptor = file
        } else {
            let name = Self.hiddenName(beside: destination)
            do {
                descriptor = try FileDescriptor.open(
                    name, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: initial)
            } catch {
                throw .writing("can't be written", error)
            }
            self.name = name
        }
        // Once more, because the process's mask was taken off. Where permissions can't be set, as on
        // file systems without them, the file is no less whole for it: those above are kept, which
        // the mask has only narrowed.
        if let permissions { _ = fchmod(descriptor.rawValue, permissions.rawValue) }
    }

    deinit {
        if isOpen { try? descriptor.close() }
        if let name { unsafe unlink(name.string) }
    }

    /// Waits until every byte is on the disk.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    func flush() throws(CheckpointError) {
        do throws(Errno) {
            try descriptor.flush()
        } catch {
            throw .writing("can't be flushed to disk", error)
        }
    }

    /// Closes the file and renames it to `destination`, in place of what is there.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``; what was there is then still there.
    mutating func move(to destination: FilePath) throws(CheckpointError) {
        if name == nil { name = try link(beside: destination) }
        isOpen = false
        do {
            try descriptor.close()
        } catch Errno.interrupted {
            // It is closed all the same, and its bytes are on the disk.
        } catch {
            throw .writing("can't be closed", error)
        }
        guard let hidden = name, unsafe rename(hidden.string, destination.string) == 0 else {
            throw .writing("can't be put in place", Errno(rawValue: errno))
        }
        name = nil
    }

    /// Opens a file without a name, or returns nil where there are none, as on old kernels and on
    /// some file systems of networks.
    private static func openNameless(
        in folder: FilePath, _ permissions: FilePermissions
    ) -> FileDescriptor? {
        #if os(Linux)
            // O_TMPFILE, which is not imported; the number is that of x86-64 and arm64.
            let option = FileDescriptor.OpenOptions(rawValue: 0o20_000_000 | O_DIRECTORY)
            guard
                let file = try? FileDescriptor.open(
                    folder, .writeOnly, options: [option, .closeOnExec], permissions: permissions)
            else { return nil }
            // Without /proc it could never get a name.
            if unsafe access(handle(of: file), F_OK) == 0 { return file }
            try? file.close()
        #endif
        return nil
    }

    /// Gives the nameless file a hidden name.
    private func link(beside destination: FilePath) throws(CheckpointError) -> FilePath {
        let name = Self.hiddenName(beside: destination)
        let outcome = unsafe linkat(
            AT_FDCWD, Self.handle(of: descriptor), AT_FDCWD, name.string, AT_SYMLINK_FOLLOW)
        guard outcome == 0 else {
            throw .writing("can't be put in place", Errno(rawValue: errno))
        }
        return name
    }

    private static func handle(of file: FileDescriptor) -> String {
        "/proc/self/fd/\(file.rawValue)"
    }

    // The name is cut, or one that is as long as names may be would have no sibling.
    private static func hiddenName(beside destination: FilePath) -> FilePath {
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let name = (destination.lastComponent?.string ?? "file").utf8.prefix(100)
        return destination.removingLastComponent()
            .appending(".\(String(decoding: name, as: UTF8.self)).\(tag).tmp")
    }
}

extension FilePath {
    /// The folder that the file is in.
    var folder: FilePath {
        let parent = removingLastComponent()
        return parent.isEmpty ? "." : parent
    }
}
