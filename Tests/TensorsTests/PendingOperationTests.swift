import ByteIO
import ComplexModule
import Testing

@testable import Tensors

@Suite struct PendingOperationTests {
    @Test func `conjugation negates imaginary parts`() throws {
        let tensor = try view(
            bytes([Float(1), 2, -3, -4]), .complex64, shape: [2], pending: .conjugation)
        let expected = [Complex<Float>(1, -2), Complex(-3, 4)]
        #expect(try tensor.array() == expected)
        let seen = try tensor.withElements(of: Complex<Float>.self) { ($0[0], $0[1]) }
        #expect(seen == (expected[0], expected[1]))
    }

    @Test func `negation negates both parts, and with conjugation the real part only`() throws {
        let stored = bytes([1.0, 2.0])
        let negated = try view(stored, .complex128, shape: [1], pending: .negation)
        #expect(try negated.array() == [Complex(-1.0, -2.0)])
        let both = try view(
            stored, .complex128, shape: [1], pending: [.negation, .conjugation])
        #expect(try both.array() == [Complex(-1.0, 2.0)])
    }

    @Test func `negation works in either byte order`() throws {
        let stored = bigEndian([Int16(5), .min])
        let tensor = try view(
            stored, .int16, shape: [2], byteOrder: .big, pending: .negation)
        #expect(try tensor.array() == [Int16(-5), .min])
        let floats = try view(
            bigEndian([Float(1.5).bitPattern]), .float32, shape: [], byteOrder: .big,
            pending: .negation)
        #expect(try floats.item() == Float(-1.5))
    }

    @Test func `negation keeps the only zero and the only NaN of a fnuz format`() throws {
        let tensor = try view(
            [0, 0x80, 1, 0x81], .float8E4M3FNUZ, shape: [4], pending: .negation)
        #expect(try tensor.rowMajorBytes() == [0, 0x80, 0x81, 1])
    }

    @Test(arguments: [
        (DType.float8E5M2, [UInt8(0x01), 0x81]), (.float4E2M1FNx2, [0x10, 0x98]),
        (.bfloat16, [0x00, 0x80]), (.uint8, [1, 255]),
    ])
    func `negation twice gives the bytes back`(dtype: DType, stored: [UInt8]) throws {
        let shape = [stored.count / dtype.itemSize]
        let once = try view(stored, dtype, shape: shape, pending: .negation).rowMajorBytes()
        #expect(once != stored)
        #expect(
            try view(once, dtype, shape: shape, pending: .negation).rowMajorBytes() == stored)
    }

    @Test func `conjugation of real numbers changes nothing`() throws {
        let tensor = try view(bytes([Float(2)]), .float32, shape: [1], pending: .conjugation)
        #expect(try tensor.array() == [Float(2)])
    }

    @Test(arguments: [DType.bool, .float8E8M0FNU, .bits8, .quint8])
    func `negation of what has no sign is refused`(dtype: DType) throws {
        let tensor = try view([1], dtype, shape: [1], pending: .negation)
        #expect(throws: CheckpointError(.invalidTensor, "")) { try tensor.rowMajorBytes() }
        #expect(throws: CheckpointError(.invalidTensor, "")) {
            try tensor.withRowMajorChunks { _ in }
        }
    }
}
