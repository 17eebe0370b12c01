import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file that is open for reading, closed with this value.
struct InputFile: ~Copyable {
    let descriptor: FileDescriptor
    /// What the file was when it was opened.
    let status: Stat
    var byteCount: Int { Int(status.size) }

    /// Opens the file at `path`, without waiting for it.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when it can't be opened or is not a regular
    ///   file.
    init(_ path: FilePath) throws(CheckpointError) {
        let file = try FileDescriptor.opening(path)
        let status: Stat
        do throws(CheckpointError) {
            status = try Self.status(of: file)
        } catch {
            try? file.close()
            throw error.inFile(path.string)
        }
        descriptor = file
        self.status = status
    }

    deinit { try? descriptor.close() }

    /// The open file, which the caller closes.
    consuming func taken() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    private static func status(of file: FileDescriptor) throws(CheckpointError) -> Stat {
        let status: Stat
        do throws(Errno) {
            status = try file.stat()
        } catch {
            throw .fileSystem("can't be examined", error)
        }
        guard let kind = status.type.irregularName else { return status }
        throw CheckpointError(
            .fileSystem, "is \(kind), not a file", advice: "Name a checkpoint file")
    }

    /// Fills memory with the bytes from `offset` on.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when they can't be read, or are no longer there.
    func read(
        at offset: Int, into memory: UnsafeMutableRawBufferPointer
    ) throws(CheckpointError) {
        try unsafe descriptor.readAll(at: offset, into: memory, ofBytes: byteCount)
    }

    /// Checks that nobody has written to the file since it was opened, as far as its size and time
    /// tell.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    func checkUnchanged() throws(CheckpointError) {
        let now = try Self.status(of: descriptor)
        guard now.size >= status.size else {
            throw .shortened(to: Int(now.size), from: byteCount)
        }
        let (before, after) = (status.st_mtim, now.st_mtim)
        guard now.size == status.size, before.tv_sec == after.tv_sec,
            before.tv_nsec == after.tv_nsec
        else {
            throw CheckpointError(
                .fileSystem, "was written to while it was read", advice: .onChangingFile)
        }
    }
}

extension FileDescriptor {
    /// Fills memory with the bytes from `offset` on of a file that had so many when it was opened.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when they can't be read, or are no longer there.
    func readAll(
        at offset: Int, into memory: UnsafeMutableRawBufferPointer, ofBytes byteCount: Int
    ) throws(CheckpointError) {
        let count: Int
        do throws(Errno) {
            count = try unsafe readFully(at: offset, into: memory)
        } catch {
            throw .fileSystem(
                "can't be read", error,
                advice: "The disk, or the way to it, has failed: copy the file to another one")
        }
        guard count == memory.count else { throw .shortened(to: offset + count, from: byteCount) }
    }

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

    /// Fills memory with the bytes from `offset` on, however many calls that takes.
    ///
    /// - Returns: How many there were, fewer than asked for at the end of the file.
    func readFully(
        at offset: Int, into memory: UnsafeMutableRawBufferPointer
    ) throws(Errno) -> Int {
        var done = 0
        while done < memory.count {
            // Darwin refuses to read more than 2 GiB at once.
            let rest = unsafe UnsafeMutableRawBufferPointer(
                rebasing: memory[done...].prefix(1 << 30))
            let count = unsafe readOnce(rawValue, at: offset + done, into: rest)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Errno(rawValue: errno) }
            if count == 0 { break }
            done += count
        }
        return done
    }
}

// Outside, because inside the method of this name hides it.
private func readOnce(
    _ file: Int32, at offset: Int, into memory: UnsafeMutableRawBufferPointer
) -> Int {
    unsafe pread(file, memory.baseAddress, memory.count, off_t(offset))
}

extension FileType {
    /// What a file is that is not a regular one; nil for that.
    fileprivate var irregularName: String? {
        switch self {
        case .regular: nil
        case .directory: "a folder"
        case .fifo, .socket: "a pipe or socket"
        default: "a device"
        }
    }
}

extension CheckpointError {
    /// The error of a file that has lost bytes since it was opened.
    static func shortened(to count: Int, from before: Int) -> CheckpointError {
        CheckpointError(
            .fileSystem, "has \(count) bytes left of the \(before) that it had when it was opened",
            advice: .onChangingFile)
    }
}

extension String {
    /// What to do about a file that changes while it is read.
    fileprivate static let onChangingFile =
        "Another program writes to it: wait until it is done, and open it again"
}
