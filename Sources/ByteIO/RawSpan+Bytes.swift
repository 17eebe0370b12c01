extension RawSpan {
    /// The byte at `offset`, which must be inside.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The two bytes from `offset`, which must be inside, as a little-endian number.
    @inlinable
    package func littleEndian16(at offset: Int) -> UInt16 {
        unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The four bytes from `offset`, which must be inside, as a little-endian number.
    @inlinable
    package func littleEndian32(at offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes from `offset`, which must be inside, as a little-endian number.
    @inlinable
    package func littleEndian64(at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether `count` bytes from `offset` on are inside.
    @inlinable
    package func contains(_ count: Int, at offset: Int) -> Bool {
        offset >= 0 && count >= 0 && offset <= byteCount && count <= byteCount - offset
    }

    /// Whether both have the same bytes.
    @inlinable
    package func hasSameBytes(as other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var index = 0
        while byteCount - index >= 8 {
            guard littleEndian64(at: index) == other.littleEndian64(at: index) else { return false }
            index += 8
        }
        while index < byteCount {
            guard byte(at: index) == other.byte(at: index) else { return false }
            index += 1
        }
        return true
    }

    /// Whether the bytes are those of a text.
    @inlinable
    package func elementsEqual(_ expected: StaticString) -> Bool {
        guard byteCount == expected.utf8CodeUnitCount else { return false }
        let buffer = unsafe UnsafeRawBufferPointer(start: expected.utf8Start, count: byteCount)
        return unsafe hasSameBytes(as: RawSpan(_unsafeBytes: buffer))
    }

    /// Whether no byte is above 0x7F.
    @inlinable
    package var isASCII: Bool {
        unionOfWords { $0 } & 0x8080_8080_8080_8080 == 0
    }

    /// The union of what `body` makes of the bytes, eight at a time; the last are filled up with
    /// spaces.
    @inlinable
    package func unionOfWords(_ body: (UInt64) -> UInt64) -> UInt64 {
        var index = 0
        var union: UInt64 = 0
        while byteCount - index >= 8 {
            union |= body(littleEndian64(at: index))
            index += 8
        }
        guard index < byteCount else { return union }
        var last: UInt64 = 0x2020_2020_2020_2020
        while index < byteCount {
            last = last << 8 | UInt64(byte(at: index))
            index += 1
        }
        return union | body(last)
    }
}
