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
    /// Whether no other has the right: some file systems of networks have no locks of folders.
    package let isExclusive: Bool

    private let path: FilePath
    private let folder: FileDescriptor

    /// Waits for the right to write to the folder at `path`.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - isShared: Whether this is only to keep others from writing, together with others who want
    ///     no more.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the folder can't be opened.
    package init(_ path: FilePath, isShared: Bool = false) throws(CheckpointError) {
        self.path = path
        do {
            folder = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw CheckpointError.writing("the folder can't be opened", error).inFile(path.string)
        }
        isExclusive = Self.lock(folder, isShared ? LOCK_SH : LOCK_EX) && !isShared
    }

    deinit { try? folder.close() }

    private static func lock(_ folder: FileDescriptor, _ kind: Int32) -> Bool {
        while flock(folder.rawValue, kind) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Waits until the names in the folder are on the disk.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the disk fails; that a file system can't
    ///   flush folders is no error.
    package func flush() throws(CheckpointError) {
        do throws(Errno) {
            try folder.flush()
        } catch  where error == .ioError {
            throw CheckpointError.writing("the folder can't be flushed to disk", error)
                .inFile(path.string)
        } catch {
            return
        }
    }
}
