import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileDescriptor {
    /// Waits until the file, or the names in the folder, are on the disk.
    func flush() throws(Errno) {
        // On Darwin, fsync hands the bytes to the drive, which may keep them in its cache.
        #if canImport(Darwin)
            if fcntl(rawValue, F_FULLFSYNC) == 0 { return }
        #endif
        while fsync(rawValue) != 0 {
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }
}

extension FilePath {
    /// Has the file, or the names in the folder, last, if that can be had.
    func flush() {
        guard let file = try? FileDescriptor.open(self, .readOnly, options: .closeOnExec) else {
            return
        }
        try? file.flush()
        try? file.close()
    }
}
