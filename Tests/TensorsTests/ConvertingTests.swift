import ByteIO
import ComplexModule
import Testing

@testable import Tensors

@Suite struct ConvertingTests {
    @Test func `narrow floats widen exactly`() throws {
        let halves = try view(bytes([UInt16](0...0x7C00)), .float16, shape: [0x7C01])
        let floats = try halves.array(converting: Float.self)
        #expect(floats[0x3C00] == 1 && floats[1] == 0x1p-24 && floats[0x7C00] == .infinity)
        let brains = try Tensor((0...UInt16(0x7F80)).map { BFloat16(bitPattern: $0) })
        let doubles = try brains.array(converting: Double.self)
        #expect(doubles[0x3F80] == 1 && doubles[0x7F80] == .infinity && doubles[1] == 0x1p-133)
        let tiny = try Tensor((0...UInt8.max).map { Float8E4M3FN(bitPattern: $0) })
        let table = try tiny.array(converting: Float.self)
        #expect(table[0x7E] == 448 && table[0xFE] == -448 && table[0x7F].isNaN)
    }

    @Test func `long arrays convert as their elements do`() throws {
        let values = (0..<5000).map { Double($0) * 1.0001 - 2500 }
        let tensor = try Tensor(values)
        #expect(try tensor.array(converting: Float.self) == values.map { Float($0) })
        #expect(try tensor.array(converting: BFloat16.self) == values.map { BFloat16($0) })
        #expect(try tensor.array(converting: Float8E5M2.self) == values.map { Float8E5M2($0) })
        #expect(try tensor.array(converting: Int16.self) == values.map { Int16($0) })
        let transposed = try view(
            bytes(values), .float64, shape: [50, 100], strides: [1, 50])
        let expected = (0..<50).flatMap { row in (0..<100).map { Float(values[row + $0 * 50]) } }
        #expect(try transposed.array(converting: Float.self) == expected)
    }

    @Test func `every code converts in an array as it does by itself`() throws {
        let codes = [UInt16](0...UInt16.max)
        let halves = try view(bytes(codes), .float16, shape: [codes.count])
        let brains = try view(bytes(codes), .bfloat16, shape: [codes.count])
        let halfBits = try halves.array(converting: Float.self).map(\.bitPattern)
        let brainBits = try brains.array(converting: Float.self).map(\.bitPattern)
        #expect(halfBits == codes.map { Binary16(bitPattern: $0).floatValue.bitPattern })
        #expect(brainBits == codes.map { UInt32($0) << 16 })
    }

    @Test func `integers become the nearest float`() throws {
        let tensor = try Tensor([Int64.max, .min, 1 << 53 + 1, 1 << 24 + 1, -7])
        #expect(
            try tensor.array(converting: Double.self) == [0x1p63, -0x1p63, 0x1p53, 16_777_217, -7])
        #expect(
            try tensor.array(converting: Float.self) == [0x1p63, -0x1p63, 0x1p53, 0x1p24, -7])
        let unsigned = try Tensor([UInt64.max, 3])
        #expect(try unsigned.array(converting: Float.self) == [0x1p64, 3])
    }

    @Test func `floats become integers without their fraction`() throws {
        let tensor = try Tensor([Float(1.9), -1.9, 127.5, -128.9, -0.5])
        #expect(try tensor.array(converting: Int8.self) == [1, -1, 127, -128, 0])
        #expect(try Tensor([Float(-0.9), 255.9]).array(converting: UInt8.self) == [0, 255])
        let edge = try Tensor([-0x1p63, 0x1p63.nextDown])
        #expect(try edge.array(converting: Int64.self) == [.min, .max - 1023])
    }

    @Test(arguments: [
        128.0, -129, .nan, .infinity, -.infinity, 1e300,
    ])
    func `a float that an integer can't hold is named`(value: Double) throws {
        let error = try #require(throws: CheckpointError.self) {
            try Tensor([Double](repeating: 0, count: 3000) + [value]).array(converting: Int8.self)
        }
        #expect(error.code == .inconvertible)
        #expect(error.reason.contains("element 3000 is \(value), "))
    }

    @Test func `bounds of 64-bit integers are exact`() throws {
        let refusal = CheckpointError(.inconvertible, "")
        #expect(throws: refusal) { try Tensor([0x1p63]).array(converting: Int64.self) }
        #expect(throws: refusal) { try Tensor([0x1p64]).array(converting: UInt64.self) }
        #expect(throws: refusal) { try Tensor([-1.0]).array(converting: UInt64.self) }
        #expect(throws: refusal) { try Tensor([UInt64.max]).array(converting: Int64.self) }
        #expect(throws: refusal) { try Tensor([Int64(-1)]).array(converting: UInt64.self) }
        #expect(throws: refusal) { try Tensor([Int32(256)]).array(converting: UInt8.self) }
        #expect(try Tensor([0x1p63]).array(converting: UInt64.self) == [1 << 63])
        #expect(try Tensor([Int32(255)]).array(converting: UInt8.self) == [255])
    }

    @Test func `bool becomes 0 and 1, and numbers become bool by not being 0`() throws {
        #expect(try Tensor([true, false]).array(converting: Float.self) == [1, 0])
        #expect(
            try Tensor([Float(0), -0.0, 0.1, .nan]).array(converting: Bool.self)
                == [false, false, true, true])
        #expect(try Tensor([UInt64.max, 0]).array(converting: Bool.self) == [true, false])
    }

    @Test func `complex numbers become complex, real ones gain a zero, none becomes real`() throws {
        let tensor = try Tensor([Complex<Double>(1.5, -2), Complex(0, 3)])
        #expect(
            try tensor.array(converting: Complex<Float>.self) == [Complex(1.5, -2), Complex(0, 3)])
        #expect(throws: CheckpointError(.inconvertible, "")) {
            try tensor.array(converting: Double.self)
        }
        let many = try Tensor((0..<3000).map { Int32($0) })
        let widened = try many.array(converting: Complex<Double>.self)
        #expect(widened == (0..<3000).map { Complex(Double($0), 0) })
        let halves = try view(bytes([UInt16(0x3C00), 0xC000]), .complex32, shape: [1])
        #expect(try halves.array(converting: Complex<Float>.self) == [Complex(1, -2)])
    }

    @Test func `quantized elements count as their integers, bits as unsigned ones`() throws {
        #expect(try view([0xFF], .qint8, shape: [1]).array(converting: Float.self) == [-1])
        #expect(try view([0xFF], .quint8, shape: [1]).array(converting: Float.self) == [255])
        #expect(
            try view([0xFF, 0xFF], .bits16, shape: [1]).array(converting: Int32.self) == [65535])
    }

    @Test func `a float4 pair converts to nothing but itself`() throws {
        let tensor = try Tensor([Float4E2M1FNx2(bitPattern: 0x21)])
        #expect(throws: CheckpointError(.inconvertible, "")) {
            try tensor.array(converting: Float.self)
        }
        #expect(throws: CheckpointError(.inconvertible, "")) {
            try Tensor([Float(1)]).array(converting: Float4E2M1FNx2.self)
        }
        #expect(try tensor.array(converting: Float4E2M1FNx2.self).first?.low == 0.5)
    }

    @Test func `misaligned narrow floats convert`() throws {
        let codes = [UInt16](repeating: 0x3F80, count: 2000)
        let tensor = try view(bytes(codes), .bfloat16, shape: [2000], misalignment: 1)
        #expect(try tensor.array(converting: Float.self) == [Float](repeating: 1, count: 2000))
    }
}
