import ByteIO
import Testing

@testable import Tensors

@Suite struct SwappingTests {
    private func storage(_ bytes: [UInt8], misalignment: Int = 0) throws -> Storage {
        try view(bytes, .uint8, shape: [bytes.count], misalignment: misalignment).storage
    }

    @Test(arguments: [2, 4, 8, 16], [0, 1, 3, 40])
    func `each number is turned around, and a tail stays as it is`(
        _ size: Int, _ count: Int
    ) throws {
        for tail in Set([0, 1, size - 1]) {
            let stored = (0..<(size * count + tail)).map { UInt8(truncatingIfNeeded: $0) }
            var expected: [UInt8] = []
            for number in 0..<count {
                expected += stored[(number * size)..<((number + 1) * size)].reversed()
            }
            expected += stored.suffix(tail)
            for misalignment in [0, 1] {
                let storage = try storage(stored, misalignment: misalignment)
                #expect(try storage.region(swappingBytesOf: size).copyBytes() == expected)
                #expect(try storage.bytes() == stored)
            }
        }
    }

    @Test func `single bytes are not copied`() throws {
        let storage = try storage([1, 2, 3])
        let region = try storage.region()
        #expect(try storage.region(swappingBytesOf: 1).isIdentical(to: region))
    }
}
