
/// Keeps a block of immutable bytes alive and gives it back when the last region over it is gone.
///
/// The block never changes after `init`, so it may be shared between threads.
@safe
package final class ByteOwner: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    /// Takes over `bytes`; `release` is called once with them, when nobody uses them any more.
    init(
        _ bytes: UnsafeRawBufferPointer,
        release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        unsafe self.bytes = unsafe bytes
        unsafe self.release = unsafe release
    }

    /// Allocates `count` bytes, which `initialize` must fill.
    package convenience init<Failure: Error>(
        count: Int, alignment: Int,
        initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count, 1), alignment: alignment)
        do {
            try unsafe initialize(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
        } catch {
            unsafe memory.deallocate()
            throw error
        }
        unsafe self.init(UnsafeRawBufferPointer(rebasing: memory[..<count])) { bytes in
            unsafe bytes.deallocate()
        }
    }

    deinit {
        unsafe release(bytes)
    }
}
