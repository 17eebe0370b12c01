import Synchronization
import SystemPackage

/// The file that a region is mapped from, while the region is being looked through.
///
/// Touching a mapped page has the system map its neighbours too, and unmap them in the end: for a few
/// bytes here and there in a large file, reading them takes a tenth of the time.
package final class OpenFile: Sendable {
    private let file: Mutex<FileDescriptor?>
    private let path: FilePath
    // What tells whether the path still leads to the same file.
    private let status: Stat?

    /// Takes over an open file, which is closed when nobody uses this object any more.
    init(_ file: FileDescriptor, at path: FilePath) {
        self.file = Mutex(file)
        self.path = path
        status = try? file.stat()
    }

    deinit { close() }

    /// The file, opened again, if its path still leads to it.
    func reopened() -> FileDescriptor? {
        guard let status, let file = try? FileDescriptor.opening(path) else { return nil }
        let now = try? file.stat()
        if let now, now.deviceID == status.deviceID, now.inode == status.inode,
            now.size == status.size
        {
            return file
        }
        try? file.close()
        return nil
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
            let count = try? unsafe file.read(
                fromAbsoluteOffset: Int64(offset), into: buffer, retryOnInterrupt: true)
            return count == buffer.count
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

    /// Where in the file that the region is mapped from it begins.
    var fileOffset: Int? { keeper.flatMap { ByteRegion($0).offset(of: self) } }
}
