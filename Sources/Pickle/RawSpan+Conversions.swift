import BigInt

// Values out of bytes that are still in the pickle.

extension Array<UInt8> {
    package init(copying bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
}

extension String {
    init?(validatingUTF8 bytes: RawSpan) {
        let string = unsafe bytes.withUnsafeBytes { buffer in
            unsafe String(validating: buffer, as: UTF8.self)
        }
        guard let string else { return nil }
        self = string
    }
}

extension RawSpan {
    package func elementsEqual(_ expected: StaticString) -> Bool {
        guard byteCount == expected.utf8CodeUnitCount else { return false }
        return unsafe withUnsafeBytes { buffer in
            unsafe buffer.elementsEqual(
                UnsafeBufferPointer(start: expected.utf8Start, count: byteCount))
        }
    }
}

extension BigInt {
    /// The integer whose little-endian two's complement form is `bytes`, as `LONG1` has it.
    init(twosComplement bytes: RawSpan) {
        let count = bytes.byteCount
        let isNegative = count > 0 && byte(count - 1) & 0x80 != 0
        func byte(_ index: Int) -> UInt8 {
            unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
        }
        var words: [UInt] = []
        for start in stride(from: 0, to: count, by: 8) {
            var word: UInt = 0
            for index in 0..<8 {
                let fill: UInt8 = isNegative ? 0xFF : 0
                let part = start + index < count ? byte(start + index) : fill
                word |= UInt(part) << UInt(8 * index)
            }
            words.append(word)
        }
        self.init(words: words)
    }
}
