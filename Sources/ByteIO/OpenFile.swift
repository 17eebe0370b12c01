import Synchronization
import SystemPackage

/// The file that a region is mapped from, while the region is being looked through.
///
/// Touching a mapped page has the system map its neighbours too, and unmap them in the end: for a few
/// bytes here and there in a large file, reading them takes a tenth of the time.
package final class OpenFile: Sendable {
    let path: FilePath
    var byteCount: Int { Int(status.size) }
    private let file: Lock<FileDescriptor?>
    // What tells whether the path still leads to the same file.
    private let status: Stat

    /// Opens the file at `path`; it is closed when nobody uses this object any more.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    init(_ path: FilePath) throws(CheckpointError) {
        let file = try InputFile(path)
        self.path = path
        status = file.status
        self.file = Lock(file.taken())
    }

    deinit { close() }

    /// Calls `body` with the file, which is not closed meanwhile.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when it is closed; what `body` throws.
    func withDescriptor<Result>(
        _ body: (FileDescriptor) throws(CheckpointError) -> Result
    ) throws(CheckpointError) -> Result {
        try file.withLock { (file) throws(CheckpointError) in
            guard let file else { throw .fileSystem("can't be read", Errno.badFileDescriptor) }
            return try body(file)
        }
    }

    /// Checks that the file has not become shorter since it was opened, as far as its path tells.
    ///
    /// What is mapped of a file that was cut ends the process when it is touched. A check before
    /// does not keep that from happening, but mostly finds it out first.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(1); one call of the system.
    func checkSize() throws(CheckpointError) {
        guard let now = try? path.stat(), isSame(now), now.size < status.size else { return }
        throw .shortened(to: Int(now.size), from: byteCount).inFile(path.string)
    }

    /// The file, opened again, if its path still leads to it.
    func reopened() -> FileDescriptor? {
        guard let file = try? FileDescriptor.opening(path) else { return nil }
        if let now = try? file.stat(), isSame(now), now.size == status.size { return file }
        try? file.close()
        return nil
    }

    private func isSame(_ now: Stat) -> Bool {
        now.deviceID == status.deviceID && now.inode == status.inode
    }

    /// Closes the file; ``read(at:into:)`` reads nothing from then on.
    func close() {
        file.withLock { file in
            try? file?.close()
            file = nil
        }
    }

    /// Fills a buffer with the bytes from `offset` on, and returns whether they were to be had.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        file.withLock { file in
            guard let file else { return false }
            let count = try? unsafe file.readFully(at: offset, into: buffer)
            return count == buffer.count
        }
    }

    /// Whether the file has not been closed.
    var isOpen: Bool { file.withLock { $0 != nil } }

    /// Fills a buffer with the bytes from `offset` on.
    ///
    /// - Parameter other: The same file, opened by ``reopened()``; nil while this one is open.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when they can't be read, or are no longer there.
    func readAll(
        at offset: Int, into buffer: UnsafeMutableRawBufferPointer,
        from other: FileDescriptor? = nil
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            if let other {
                return try unsafe other.readAll(at: offset, into: buffer, ofBytes: byteCount)
            }
            try withDescriptor { (file) throws(CheckpointError) in
                try unsafe file.readAll(at: offset, into: buffer, ofBytes: byteCount)
            }
        } catch {
            throw error.inFile(path.string)
        }
    }
}

extension ByteRegion {
    /// Fills an array with the bytes from `offset` on without touching the region's memory, when it
    /// is mapped from a file that is still open.
    ///
    /// - Returns: Whether it did.
    package func read(at offset: Int, into bytes: inout [UInt8]) -> Bool {
        guard let file = keeper?.file, let start = fileOffset else { return false }
        return unsafe bytes.withUnsafeMutableBytes {
            unsafe file.read(at: start + offset, into: $0)
        }
    }

    /// Closes the file that the region is mapped from; the region stays as it is.
    package func closeFile() { keeper?.file?.close() }

    /// Checks that the file that the region is mapped from, if it is, has not become shorter.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(1); one call of the system for what is mapped.
    package func checkFile() throws(CheckpointError) { try keeper?.file?.checkSize() }

    /// Sees to it that the bytes can be read: checks that the file that they are mapped from has not
    /// become shorter, or reads those of a ``PartialFile`` that are not there yet.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(1), one call of the system, for what is mapped.
    package func prepare() throws(CheckpointError) {
        guard let partial = keeper?.partial, let start = fileOffset else { return try checkFile() }
        try partial.read(start..<start + count)
    }

    /// Whether its bytes may still have to be read, which ``prepare()`` does.
    package var isPartial: Bool { keeper?.partial != nil }

    /// Where in the file that the region is mapped from it begins.
    var fileOffset: Int? { keeper.flatMap { ByteRegion($0).offset(of: self) } }
}
