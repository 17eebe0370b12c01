import ByteIO

extension RawSpan {
    /// Whether the bytes are UTF-8 apart from surrogates, which Python's picklers pass through.
    ///
    /// - Complexity: O(*n*); eight bytes at a time while they are ASCII.
    func isPythonText() -> Bool {
        var index = 0
        while index < byteCount {
            if skipsASCII(&index) { continue }
            guard let length = sequenceLength(at: index) else { return false }
            index += length
        }
        return true
    }

    private func skipsASCII(_ index: inout Int) -> Bool {
        if byteCount - index >= 8 {
            let word = unsafe unsafeLoadUnaligned(
                fromUncheckedByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 == 0 {
                index += 8
                return true
            }
        }
        guard byte(at: index) < 0x80 else { return false }
        index += 1
        return true
    }

    // Unicode, table 3-7, with ED A0 to ED BF (surrogates) let through.
    private func sequenceLength(at index: Int) -> Int? {
        let lead = byte(at: index)
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard byteCount - index >= length, second ~= byte(at: index + 1) else { return nil }
        for tail in 2..<max(length, 2) where byte(at: index + tail) & 0xC0 != 0x80 { return nil }
        return length
    }
}
