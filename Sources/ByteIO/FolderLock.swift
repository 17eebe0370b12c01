package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The right to write to a folder, which one holder has at a time among all processes and threads.
///
/// The others wait. It ends with this value, or with the process, however that ends. Nothing but
/// those who ask for it is kept from writing.
package struct FolderLock: ~Copyable {
    /// Whether there is such a right: some file systems of networks have no locks of folders.
    package let isExclusive: Bool

    private let path: FilePath
    private let folder: FileDescriptor

    /// Waits for the right to write to the folder at `path`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the folder can't be opened.
    package init(_ path: FilePath) throws(CheckpointError) {
        self.path = path
        do {
            folder = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw CheckpointError.writing("the folder can't be opened", error).inFile(path.string)
        }
        isExclusive = Self.lock(folder)
    }

    deinit { try? folder.close() }

    private static func lock(_ folder: FileDescriptor) -> Bool {
        while flock(folder.rawValue, LOCK_EX) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Waits until the names in the folder are on the disk.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the disk fails; that a file system can't
    ///   flush folders is no error.
    package func flush() throws(CheckpointError) {
        guard fsync(folder.rawValue) != 0, errno == EIO else { return }
        throw CheckpointError.writing("the folder can't be flushed to disk", Errno(rawValue: EIO))
            .inFile(path.string)
    }
}
