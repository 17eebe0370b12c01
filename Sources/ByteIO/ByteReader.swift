/// A cursor over bytes that it does not own.
///
/// Each read either moves past what it returned or throws and leaves the cursor where it was.
/// Nothing is allocated for a length before the length was compared with what remains.
package struct ByteReader: ~Escapable {
    /// All bytes, also those before the cursor.
    package let bytes: RawSpan
    /// The offset of the next byte.
    @usableFromInline package internal(set) var position: Int

    /// A cursor at the first of `bytes`.
    @inlinable
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) {
        self.bytes = bytes
        position = 0
    }

    /// The number of bytes from the cursor to the end.
    @inlinable
    package var remaining: Int { bytes.byteCount &- position }

    /// Reads one byte.
    @inlinable
    package mutating func readByte() throws(CheckpointError) -> UInt8 {
        guard remaining >= 1 else { throw truncated(1) }
        defer { position &+= 1 }
        return bytes.byte(at: position)
    }

    /// Reads a little-endian integer.
    @inlinable
    package mutating func readLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(CheckpointError) -> Value {
        let width = MemoryLayout<Value>.size
        guard remaining >= width else { throw truncated(width) }
        defer { position &+= width }
        let value = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: position, as: Value.self)
        return Value(littleEndian: value)
    }

    /// Moves past `count` bytes and returns where they are.
    @inlinable
    package mutating func readRange(count: Int) throws(CheckpointError) -> Range<Int> {
        guard count >= 0, remaining >= count else { throw truncated(count) }
        defer { position &+= count }
        return position..<(position &+ count)
    }

    /// Moves past the next line feed and returns the range of the line before it.
    package mutating func readLine() throws(CheckpointError) -> Range<Int> {
        let start = position
        var index = start
        while index < bytes.byteCount {
            if bytes.byte(at: index) == 0x0A {
                position = index + 1
                return start..<index
            }
            index += 1
        }
        throw CheckpointError(.truncated, "a line has no end", offset: start)
    }

    @inline(never)
    @usableFromInline
    func truncated(_ count: Int) -> CheckpointError {
        CheckpointError(
            .truncated, "\(count) bytes are needed, \(remaining) remain", offset: position)
    }
}
