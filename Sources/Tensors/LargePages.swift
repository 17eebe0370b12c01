import ByteIO

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension UnsafeMutableRawBufferPointer {
    /// Asks the system for large pages below this memory, all of which is about to be written.
    ///
    /// Getting memory from Linux page by page of 4 KiB takes longer than filling it. What the system
    /// makes of it changes no result, so nobody needs to know whether it did.
    func preferLargePages() {
        #if canImport(Glibc) || canImport(Musl)
            let pageSize = UInt(ByteOwner.largePageByteCount)
            let start = UInt(bitPattern: baseAddress)
            // Only whole pages: their neighbours belong to somebody else.
            let first = (start + pageSize - 1) / pageSize * pageSize
            let end = (start + UInt(count)) / pageSize * pageSize
            guard first < end else { return }
            _ = unsafe madvise(
                UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE)
        #endif
    }
}
