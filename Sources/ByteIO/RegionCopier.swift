import SystemPackage

/// Copies the bytes of a region, any number of parts at a time.
///
/// Those of a mapped file are read from the file if it is still there: that takes less time than
/// mapping each page to copy it once.
package final class RegionCopier: Sendable {
    private let region: ByteRegion
    private let file: FileDescriptor?

    /// A copier of `region`, which keeps its file open if it has one.
    package init(_ region: ByteRegion) {
        self.region = region
        file = region.fileOffset == nil ? nil : region.keeper?.file?.reopened()
    }

    deinit { try? file?.close() }

    /// Copies a part of the region, which must be inside, to memory that is as large.
    package func copy(_ range: Range<Int>, to memory: UnsafeMutableRawBufferPointer) {
        guard unsafe !read(range, into: memory) else { return }
        unsafe region.withUnsafeBytes { bytes in
            unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }

    private func read(_ range: Range<Int>, into memory: UnsafeMutableRawBufferPointer) -> Bool {
        guard let file, let start = region.fileOffset else { return false }
        var done = 0
        while done < range.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[done...])
            let count = try? unsafe file.read(
                fromAbsoluteOffset: Int64(start + range.lowerBound + done), into: rest,
                retryOnInterrupt: true)
            guard let count, count > 0 else { return false }
            done += count
        }
        return true
    }
}
