package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ByteRegion {
    /// Reads the file at `path`, or a part of it, into memory of its own.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be opened or read, is not a
    ///   regular file, or is written to meanwhile; ``CheckpointError/Code/truncated`` when the part
    ///   is not inside it; ``CheckpointError/Code/outOfMemory``.
    /// - Complexity: O(*n*) in the number of bytes.
    package init(reading path: FilePath, range: Range<Int>? = nil) throws(CheckpointError) {
        let file = try InputFile(path)
        do throws(CheckpointError) {
            self = try file.contents(of: range ?? 0..<file.byteCount)
        } catch {
            throw error.inFile(path.string)
        }
    }

    /// The first bytes of the file at `path`, at most `count`, and how many it has in all.
    ///
    /// - Throws: as ``init(reading:range:)``.
    package static func head(
        _ count: Int, ofFileAt path: FilePath
    ) throws(CheckpointError) -> (ByteRegion, fileByteCount: Int) {
        let file = try InputFile(path)
        do throws(CheckpointError) {
            return try (file.contents(of: 0..<min(count, file.byteCount)), file.byteCount)
        } catch {
            throw error.inFile(path.string)
        }
    }
}

extension InputFile {
    /// A part of the file, in memory of its own.
    fileprivate borrowing func contents(
        of range: Range<Int>
    ) throws(CheckpointError) -> ByteRegion {
        try ByteRegion.check(range.lowerBound, range.count, in: byteCount)
        // Where the system promises any amount, the one that is there counts.
        try PhysicalMemory.check(range.count)
        let owner: ByteOwner
        do throws(CheckpointError) {
            owner = try unsafe ByteOwner(allocating: range.count) {
                (memory) throws(CheckpointError) in
                try unsafe read(at: range.lowerBound, into: memory)
                try checkUnchanged()
            }
        } catch {
            guard error.code == .outOfMemory else { throw error }
            throw .tooLarge(range.count)
        }
        return ByteRegion(owner)
    }
}

/// The memory that the machine has.
enum PhysicalMemory {
    private static var byteCount: Int {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        let (product, isOverflow) = pages.multipliedReportingOverflow(by: size)
        return pages > 0 && size > 0 && !isOverflow ? product : .max
    }

    /// Checks that so many bytes could be in memory at once.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    static func check(_ count: Int) throws(CheckpointError) {
        guard count <= byteCount else { throw .tooLarge(count) }
    }
}

extension CheckpointError {
    fileprivate static func tooLarge(_ count: Int) -> CheckpointError {
        CheckpointError(
            .outOfMemory, "\(count) bytes of memory are not to be had to read it",
            advice: "Open it mapped, which takes no memory for its contents")
    }
}
