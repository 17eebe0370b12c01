package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ByteRegion {
    /// The bytes of the file at `path`, or of a part of it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - range: The part; nil for all.
    ///   - access: How the bytes come into memory.
    ///   - keepsOpen: Whether a mapped file stays open, until ``closeFile()``, for
    ///     ``read(at:into:)``.
    /// - Throws: ``CheckpointError/Code/fileSystem``; ``CheckpointError/Code/truncated`` when the part
    ///   is not inside the file; ``CheckpointError/Code/outOfMemory`` when it is to be read into
    ///   memory and there is not enough.
    package init(
        contentsOf path: FilePath, range: Range<Int>? = nil, access: FileAccess,
        keepsOpen: Bool = false
    ) throws(CheckpointError) {
        switch access {
        case .buffered: self = try ByteRegion(reading: path, range: range)
        case .mapped:
            let file = try ByteRegion(mapping: path, keepsOpen: keepsOpen)
            guard let range else {
                self = file
                return
            }
            self = try file.slice(at: range.lowerBound, count: range.count)
        }
    }

    /// Maps the file at `path` into memory, reading nothing of it yet.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - keepsOpen: Whether the file stays open, until ``closeFile()``, for ``read(at:into:)``.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be opened or mapped or is
    ///   not a regular file.
    package init(mapping path: FilePath, keepsOpen: Bool = false) throws(CheckpointError) {
        let open = try OpenFile(path)
        guard let owner = try open.mapped() else {
            self.init()
            return
        }
        self.init(owner)
        if !keepsOpen { open.close() }
    }
}

extension OpenFile {
    /// The file in memory; nil when it is empty.
    fileprivate func mapped() throws(CheckpointError) -> ByteOwner? {
        guard byteCount > 0 else { return nil }
        let address: UnsafeMutableRawPointer
        do throws(CheckpointError) {
            unsafe address = try unsafe map()
        } catch {
            throw error.inFile(path.string)
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: byteCount)
        return unsafe ByteOwner(bytes, file: self) { bytes in
            unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        }
    }

    private func map() throws(CheckpointError) -> UnsafeMutableRawPointer {
        try unsafe withDescriptor { (file) throws(CheckpointError) in
            let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
            guard let address = unsafe address, unsafe address != MAP_FAILED else {
                throw .unmapped(Errno(rawValue: errno))
            }
            return unsafe address
        }
    }
}

extension CheckpointError {
    /// An error of the operating system, taken from `errno`.
    static func system(_ what: String) -> CheckpointError {
        fileSystem(what, Errno(rawValue: errno))
    }

    /// The error of a mapping that failed.
    static func unmapped(_ error: Errno) -> CheckpointError {
        fileSystem(
            "can't be mapped into memory", error,
            advice: "Raise the limit of the process's memory (ulimit -v), or read the file into "
                + "memory instead")
    }

    /// An error that the operating system gave as a Swift error.
    static func fileSystem(
        _ what: String, _ error: any Error, advice: String? = nil
    ) -> CheckpointError {
        CheckpointError(.fileSystem, "\(what): \(error)", advice: advice, underlying: error)
    }
}
