import ByteIO

// Looking at eight bytes at a time.
extension UInt64 {
    /// Whether a byte of it is 0: taking 1 away sets a highest bit that was not set.
    var hasZeroByte: Bool {
        (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 != 0
    }
}

extension RawSpan {
    /// Where four bytes in a row are `number`, from `start` on.
    ///
    /// - Complexity: O(*n*); eight bytes at a time while none is the lowest of the number.
    func offsets(of number: UInt32, from start: Int) -> [Int] {
        let first = UInt64(number & 0xFF) &* 0x0101_0101_0101_0101
        var offsets: [Int] = []
        var position = start
        while byteCount - position >= 8 {
            if (littleEndian64(at: position) ^ first).hasZeroByte {
                append(position..<(position + 8), where: number, to: &offsets)
            }
            position += 8
        }
        append(position..<byteCount, where: number, to: &offsets)
        return offsets
    }

    private func append(_ range: Range<Int>, where number: UInt32, to offsets: inout [Int]) {
        for offset in range where contains(4, at: offset) && littleEndian32(at: offset) == number {
            offsets.append(offset)
        }
    }
}

extension RawSpan {
    /// The hash of the bytes, another one in every process.
    ///
    /// Swift's hasher begins with a number that nobody knows, so no names can be made up that all
    /// meet in one place of a table.
    var seededHash: UInt64 {
        var hasher = Hasher()
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }
}
