import ByteIO
import Testing

@Suite struct BytesTests {
    @Test func `the lowest byte of a number comes first`() {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: 0x12 as UInt8)
        bytes.append(littleEndian: 0x1234 as UInt16)
        bytes.append(littleEndian: -2 as Int32)
        bytes.append(littleEndian: 0x0102_0304_0506_0708 as UInt64)
        #expect(bytes == [0x12, 0x34, 0x12, 0xFE, 255, 255, 255, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test func `bytes are copied, appended and looked at`() {
        let source: [UInt8] = [1, 2, 3]
        var bytes = Array(copying: source.span.bytes.extracting(first: 2))
        #expect(bytes == [1, 2])
        bytes.append(copying: source.span.bytes)
        #expect(bytes == [1, 2, 1, 2, 3])
        #expect((0..<3).map { source.span.bytes.byte(at: $0) } == source)
        #expect(Array(copying: RawSpan()).isEmpty)
    }
}
