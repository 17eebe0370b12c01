#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps a block of immutable bytes alive and gives it back when the last region over it is gone.
///
/// What is there never changes after `init`, so it may be shared between threads; the bytes of a
/// ``PartialFile`` are there once they are read, which happens once, under a lock.
@safe
package final class ByteOwner: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void
    /// The file that the bytes are mapped from, if it was kept open.
    let file: OpenFile?
    /// What reads the bytes that are not there yet; nil when all are.
    let partial: PartialFile?

    /// Takes over `bytes`; `release` is called once with them, when nobody uses them any more.
    init(
        _ bytes: UnsafeRawBufferPointer, file: OpenFile? = nil, partial: PartialFile? = nil,
        release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        unsafe self.bytes = unsafe bytes
        self.file = file
        self.partial = partial
        unsafe self.release = unsafe release
    }

    /// Allocates `count` bytes, aligned for every tensor element, which `initialize` must fill.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``, or what `initialize` throws.
    package convenience init(
        allocating count: Int,
        initialize: (UnsafeMutableRawBufferPointer) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        var memory: UnsafeMutableRawPointer?
        let alignment = count < Self.largeByteCount ? 64 : Self.largePageByteCount
        guard unsafe posix_memalign(&memory, alignment, max(count, 1)) == 0 else {
            throw CheckpointError(
                .outOfMemory, "\(count) bytes of memory are not to be had",
                advice: "Make room, or read or convert less at a time")
        }
        do {
            try unsafe initialize(UnsafeMutableRawBufferPointer(start: memory, count: count))
        } catch {
            unsafe free(memory)
            throw error
        }
        unsafe self.init(UnsafeRawBufferPointer(start: memory, count: count)) { bytes in
            unsafe free(UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
    }

    /// The size of the large pages of most machines; a block that begins with one can be all of them.
    package static let largePageByteCount = 2 << 20
    private static let largeByteCount = 2 * largePageByteCount

    deinit {
        unsafe release(bytes)
    }
}
