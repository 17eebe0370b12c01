import ByteIO
import Testing

@Suite struct MemorySinkTests {
    @Test func `memory keeps what is written, in its order`() {
        var sink = MemorySink(capacity: 4)
        for piece in [[1, 2], [], [3, 4, 5]] as [[UInt8]] { sink.write(piece.span.bytes) }
        #expect(sink.bytes == [1, 2, 3, 4, 5])
    }
}
