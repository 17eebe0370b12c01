#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes that are put one behind the other.
///
/// For great numbers of small pieces: an array would ask for each of them who else has its memory.
@safe
package struct ByteBuffer: ~Copyable {
    @usableFromInline var start: UnsafeMutableRawPointer?
    @usableFromInline var capacity = 0
    /// The number of bytes.
    package internal(set) var count = 0

    /// A buffer without bytes, with room for `capacity` of them.
    package init(capacity: Int = 0) {
        unsafe start = nil
        if capacity > 0 { grow(capacity) }
    }

    deinit { unsafe free(start) }

    /// The bytes, valid until the next one is put behind them.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
            return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// Gives the bytes away, in the memory in which they are; none are left here.
    package mutating func takeRegion() -> ByteRegion {
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        unsafe (start, capacity, count) = (nil, 0, 0)
        return unsafe ByteRegion(
            ByteOwner(bytes) { unsafe free(UnsafeMutableRawPointer(mutating: $0.baseAddress)) })
    }

    /// Takes all bytes out and keeps their memory for the next.
    package mutating func removeAll() { count = 0 }

    /// Appends a byte.
    @inlinable
    package mutating func append(_ byte: UInt8) {
        unsafe extend(by: 1).storeBytes(of: byte, as: UInt8.self)
    }

    /// Appends the bytes of a number, the lowest first.
    @inlinable
    package mutating func append(littleEndian value: UInt16) {
        unsafe extend(by: 2).storeBytes(of: value.littleEndian, as: UInt16.self)
    }

    /// Appends the bytes of a number, the lowest first.
    @inlinable
    package mutating func append(littleEndian value: UInt32) {
        unsafe extend(by: 4).storeBytes(of: value.littleEndian, as: UInt32.self)
    }

    /// Appends the bytes of a number, the lowest first.
    @inlinable
    package mutating func append(littleEndian value: UInt64) {
        unsafe extend(by: 8).storeBytes(of: value.littleEndian, as: UInt64.self)
    }

    /// Appends a copy of `bytes`.
    ///
    /// - Complexity: O(*n*), on average.
    package mutating func append(copying bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends the bytes of a text.
    ///
    /// - Complexity: O(*n*), on average.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends the same byte a number of times.
    ///
    /// - Complexity: O(*n*), on average.
    package mutating func append(_ byte: UInt8, count: Int) {
        guard count > 0 else { return }
        let place = unsafe extend(by: count)
        unsafe place.initializeMemory(as: UInt8.self, repeating: byte, count: count)
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        unsafe extend(by: bytes.count).copyMemory(from: source, byteCount: bytes.count)
    }

    /// Makes room for one byte or more, and returns where they are to be put.
    @inlinable @inline(__always)
    mutating func extend(by byteCount: Int) -> UnsafeMutableRawPointer {
        if capacity - count < byteCount { grow(byteCount) }
        defer { count += byteCount }
        return unsafe start.unsafelyUnwrapped + count
    }

    @usableFromInline @inline(never)
    mutating func grow(_ byteCount: Int) {
        capacity = max(2 * capacity, count + byteCount)
        unsafe start = unsafe realloc(start, capacity)
        // As for an array, that is no error which can be caught.
        if unsafe start == nil { fatalError("\(capacity) bytes of memory are not to be had") }
    }
}
