import BigInt
import ByteIO

// Values out of bytes that are still in the pickle.

extension String {
    package init?(validatingUTF8 bytes: RawSpan) {
        // Of nearly all names; to look at each byte twice would be slow only where there are many.
        if bytes.byteCount <= 256, bytes.isASCII {
            self = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            return
        }
        let string = unsafe bytes.withUnsafeBytes { buffer in
            unsafe String(validating: buffer, as: UTF8.self)
        }
        guard let string else { return nil }
        self = string
    }
}

extension BigInt {
    /// The integer whose little-endian two's complement form is `bytes`, as `LONG1` has it.
    init(twosComplement bytes: RawSpan) {
        let count = bytes.byteCount
        let isNegative = count > 0 && bytes.byte(at: count - 1) & 0x80 != 0
        var words: [UInt] = []
        for start in stride(from: 0, to: count, by: 8) {
            var word: UInt = 0
            for index in 0..<8 {
                let fill: UInt8 = isNegative ? 0xFF : 0
                let part = start + index < count ? bytes.byte(at: start + index) : fill
                word |= UInt(part) << UInt(8 * index)
            }
            words.append(word)
        }
        self.init(words: words)
    }
}
