import Synchronization
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is read into memory part by part, each at its place; what was not read is zeros.
///
/// For those who know which parts they need. The memory of others is not used.
package final class PartialFile: Sendable {
    let file: OpenFile
    private let memory: Memory
    /// What was not read yet, in order.
    private let missing: Lock<[Range<Int>]>

    /// Opens the file at `path` and reads nothing.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``, also when there is no room for the file in the
    ///   process.
    package init(_ path: FilePath) throws(CheckpointError) {
        file = try OpenFile(path)
        do throws(CheckpointError) {
            memory = try Memory(file.byteCount)
        } catch {
            throw error.inFile(path.string)
        }
        missing = Lock(file.byteCount > 0 ? [0..<file.byteCount] : [])
    }

    /// The number of bytes of the file.
    package var byteCount: Int { file.byteCount }

    /// How many bytes were not read yet.
    package var missingByteCount: Int { missing.withLock { $0.reduce(0) { $0 + $1.count } } }

    /// The bytes; those that are not read yet must not be looked at.
    package var region: ByteRegion {
        guard byteCount > 0 else { return ByteRegion() }
        let bytes = unsafe UnsafeRawBufferPointer(memory.bytes)
        return unsafe ByteRegion(ByteOwner(bytes, file: file, partial: self) { _ in })
    }

    /// Reads all bytes that were not read yet.
    ///
    /// - Throws: as ``read(_:)``.
    package func readAll() throws(CheckpointError) { try read(0..<byteCount) }

    /// Reads those bytes of a range that were not read yet.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``; ``CheckpointError/Code/outOfMemory`` when there
    ///   were more with those that were read before than the machine has memory.
    package func read(_ range: Range<Int>) throws(CheckpointError) {
        do throws(CheckpointError) {
            try fill(range)
        } catch {
            throw error.inFile(file.path.string)
        }
    }

    private func fill(_ range: Range<Int>) throws(CheckpointError) {
        try missing.withLock { (missing) throws(CheckpointError) in
            let rests = missing.reduce(0) { $0 + $1.count - $1.clamped(to: range).count }
            try PhysicalMemory.check(byteCount - rests)
            var rest: [Range<Int>] = []
            for part in missing {
                let wanted = part.clamped(to: range)
                guard !wanted.isEmpty else {
                    rest.append(part)
                    continue
                }
                try unsafe file.readAll(
                    at: wanted.lowerBound,
                    into: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[wanted]))
                rest += [
                    part.lowerBound..<wanted.lowerBound, wanted.upperBound..<part.upperBound,
                ].filter { !$0.isEmpty }
            }
            missing = rest
        }
    }

    /// Memory of zeros, of which what is not touched costs nothing.
    @safe
    private final class Memory: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(_ count: Int) throws(CheckpointError) {
            guard count > 0 else {
                unsafe bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
                return
            }
            let address = unsafe mmap(
                nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0)
            guard unsafe address != MAP_FAILED else {
                throw .unmapped(Errno(rawValue: errno))
            }
            unsafe bytes = UnsafeMutableRawBufferPointer(start: address, count: count)
        }

        deinit { if unsafe !bytes.isEmpty { unsafe munmap(bytes.baseAddress, bytes.count) } }
    }
}
