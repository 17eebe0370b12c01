import ByteIO
import Testing

@Suite struct CRC32Tests {
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        checksum.update(bytes.span.bytes)
        return checksum.value
    }

    // The check value of the catalogue of CRCs, and values of Python's zlib.crc32.
    @Test(
        arguments: [
            ("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func `the checksum is that of the zip format`(_ text: String, _ expected: UInt32) {
        #expect(checksum(Array(text.utf8)) == expected)
    }

    @Test func `the checksum of all byte values is that of zlib`() {
        #expect(checksum((0...255).map { UInt8($0) }) == 0x2905_8C73)
        #expect(checksum([UInt8](repeating: 0, count: 1 << 16)) == 0xD797_8EEB)
    }

    @Test func `the pieces do not matter, empty ones neither`() {
        let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for size in [1, 7, 64, 4096, 99_999] {
            var checksum = CRC32()
            var rest = bytes.span.bytes
            while rest.byteCount > 0 {
                let piece = rest.extracting(first: size)
                checksum.update(piece)
                checksum.update(RawSpan())
                rest = rest.extracting(droppingFirst: piece.byteCount)
            }
            #expect(checksum.value == self.checksum(bytes))
        }
    }
}
