package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ByteRegion {
    /// Maps the file at `path` into memory, reading nothing of it yet.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - keepsOpen: Whether the file stays open, until ``closeFile()``, for ``read(at:into:)``.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be opened or mapped or is
    ///   not a regular file.
    package init(mapping path: FilePath, keepsOpen: Bool = false) throws(CheckpointError) {
        let file = try FileDescriptor.opening(path)
        let open = OpenFile(file, at: path)
        self = try Self.map(file, open).inCase(of: path)
        if !keepsOpen { open.close() }
    }

    private static func map(
        _ file: FileDescriptor, _ open: OpenFile
    ) -> Result<ByteRegion, CheckpointError> {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else {
            return .failure(.system("can't be examined"))
        }
        if let kind = irregularKind(status.st_mode) {
            return .failure(
                CheckpointError(
                    .fileSystem, "is \(kind), not a file", advice: "Name a checkpoint file"))
        }
        let count = Int(status.st_size)
        guard count > 0 else { return .success(ByteRegion()) }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            return .failure(.system("can't be mapped into memory"))
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: count)
        let owner = unsafe ByteOwner(bytes, file: open) { bytes in
            unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        }
        return .success(ByteRegion(owner))
    }

    private static func irregularKind(_ mode: mode_t) -> String? {
        switch mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a folder"
        case S_IFIFO, S_IFSOCK: "a pipe or socket"
        default: "a device"
        }
    }
}

extension FileDescriptor {
    /// Opens a file for reading, without waiting for it.
    static func opening(_ path: FilePath) throws(CheckpointError) -> FileDescriptor {
        do {
            // Without .nonBlocking, opening a named pipe would wait for a writer.
            return try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
        } catch {
            throw .fileSystem(
                "can't be opened", error, advice: "Check the path and the permissions"
            )
            .inFile(path.string)
        }
    }
}

extension Result where Failure == CheckpointError {
    fileprivate func inCase(of path: FilePath) throws(CheckpointError) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(let error): throw error.inFile(path.string)
        }
    }
}

extension CheckpointError {
    /// An error of the operating system, taken from `errno`.
    static func system(_ what: String) -> CheckpointError {
        fileSystem(what, Errno(rawValue: errno))
    }

    /// An error that the operating system gave as a Swift error.
    static func fileSystem(
        _ what: String, _ error: any Error, advice: String? = nil
    ) -> CheckpointError {
        CheckpointError(.fileSystem, "\(what): \(error)", advice: advice, underlying: error)
    }
}
