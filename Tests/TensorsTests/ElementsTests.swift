import ByteIO
import ComplexModule
import Testing

@testable import Tensors

@Suite struct ElementsTests {
    @Test func `contiguous elements are seen without a copy`() throws {
        let tensor = try Tensor([Float(1), 2, 3], shape: [3])
        let stored = try tensor.storage.region().withUnsafeBytes { $0.baseAddress }
        let seen = try tensor.withElements(of: Float.self) { span in
            span.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
        }
        #expect(seen == stored)
    }

    @Test func `a strided view is refused as a span and copied as an array`() throws {
        let tensor = try view(
            bytes((0..<4).map { Float($0) }), .float32, shape: [2, 2], strides: [1, 2])
        #expect(throws: CheckpointError(.notContiguous, "")) {
            try tensor.withElements(of: Float.self) { $0.count }
        }
        let copied: [Float] = try tensor.array()
        #expect(copied == [0, 2, 1, 3])
    }

    @Test func `misaligned elements are moved first`() throws {
        let values: [Double] = [1, -2, 3]
        for misalignment in 1..<8 {
            let tensor = try view(
                bytes(values), .float64, shape: [3], misalignment: misalignment)
            let seen = try tensor.withElements(of: Double.self) { span in
                (0..<span.count).map { span[$0] }
            }
            #expect(seen == values)
            #expect(try tensor.array() == values)
            #expect(try tensor.array(converting: Float.self) == [1, -2, 3])
        }
    }

    @Test func `another type is refused with the types that fit`() throws {
        let tensor = try Tensor([Int64(1)])
        let error = try #require(throws: CheckpointError.self) {
            try tensor.array(of: Float.self)
        }
        #expect(error.code == .dtypeMismatch)
        #expect(error.description.contains("Int64"))
        #expect(throws: CheckpointError(.dtypeMismatch, "")) {
            try tensor.withElements(of: Int32.self) { $0.count }
        }
        #expect(throws: CheckpointError(.dtypeMismatch, "")) { try tensor.item(as: Bool.self) }
    }

    @Test func `every dtype has a type that represents it`() throws {
        let types: [any TensorElement.Type] = [
            Double.self, Float.self, BFloat16.self, Binary16.self, Float8E5M2.self,
            Float8E4M3FN.self, Float8E5M2FNUZ.self, Float8E4M3FNUZ.self, Float8E8M0FNU.self,
            Float4E2M1FNx2.self, Int8.self, Int16.self, Int32.self, Int64.self, UInt8.self,
            UInt16.self, UInt32.self, UInt64.self, Bool.self, Complex<Float>.self,
            Complex<Double>.self,
        ]
        let covered = Set(types.flatMap { $0.dtypes }).union([.complex32])
        #expect(covered == Set(DType.allCases))
        for type in types {
            for dtype in type.dtypes {
                let stored = [UInt8](repeating: 1, count: 2 * dtype.itemSize)
                let tensor = try view(stored, dtype, shape: [2])
                #expect(try count(tensor, type) == (dtype.numbersPerByte > 1 ? 1 : 2))
            }
        }
    }

    private func count<Element: TensorElement>(
        _ tensor: Tensor, _ type: Element.Type
    ) throws -> Int {
        let count = try tensor.withElements(of: type) { $0.count }
        #expect(try tensor.array(of: type).count == count)
        return count
    }

    @Test func `a bool byte other than 0 and 1 is true in an array and refused as a span`() throws {
        let tensor = try view([0, 1, 2, 255], .bool, shape: [4])
        #expect(try tensor.array() == [false, true, true, true])
        #expect(try tensor.array(converting: Int64.self) == [0, 1, 1, 1])
        #expect(throws: CheckpointError(.inconvertible, "")) {
            try tensor.withElements(of: Bool.self) { $0.count }
        }
        let clean = try view([0, 1], .bool, shape: [2])
        #expect(try clean.withElements(of: Bool.self) { $0[1] })
    }

    @Test func `item gives the only element whatever the rank`() throws {
        #expect(try Tensor([Int32(5)], shape: []).item() == Int32(5))
        #expect(try Tensor([BFloat16(0.5)], shape: [1, 1]).item(converting: Double.self) == 0.5)
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try Tensor([Int32(5), 6]).item(as: Int32.self)
        }
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try Tensor([Float](), shape: [0]).item(converting: Double.self)
        }
    }
}

@Suite struct LimitTests {
    private func expanded(_ count: Int) throws -> Tensor {
        try view([1, 2, 3, 4], .float32, shape: [count], strides: [0])
    }

    @Test func `a huge expanded view is refused and allocates nothing`() throws {
        let tensor = try expanded(1 << 40)
        let refusal = CheckpointError(.limitExceeded, "")
        #expect(throws: refusal) { try tensor.rowMajorBytes() }
        #expect(throws: refusal) { try tensor.array(of: Float.self) }
        #expect(throws: refusal) { try tensor.array(converting: BFloat16.self) }
        #expect(throws: CheckpointError(.notContiguous, "")) {
            try tensor.withElements(of: Float.self) { $0.count }
        }
    }

    @Test func `a huge expanded view is not streamed either`() throws {
        let tensor = try expanded(1 << 40)
        let refusal = CheckpointError(.limitExceeded, "")
        #expect(throws: refusal) { try tensor.withRowMajorChunks { _ in } }
        #expect(throws: refusal) { try tensor.statistics() }
    }

    @Test func `a moderately expanded view is built`() throws {
        #expect(try expanded(1 << 20).array(of: Float.self).count == 1 << 20)
    }

    @Test func `the size of a converted result is checked for overflow`() throws {
        let tensor = try view([1], .uint8, shape: [1 << 62], strides: [0])
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try tensor.array(converting: Double.self)
        }
    }

    @Test func `shapes whose product overflows are refused`() {
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try view([1], .uint8, shape: [1 << 32, 1 << 32], strides: [0, 0])
        }
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try view([1], .float64, shape: [1 << 61], strides: [0])
        }
    }
}

@Suite struct CreatingTests {
    @Test func `a tensor made in Swift is contiguous, named by its type, without a key`() throws {
        let tensor = try Tensor((0..<6).map { Float($0) }, shape: [2, 3], requiresGrad: true)
        #expect(tensor.dtype == .float32 && tensor.shape == [2, 3] && tensor.strides == [3, 1])
        #expect(tensor.storage.key == nil && tensor.device == .cpu && tensor.requiresGrad)
        #expect(try tensor.array() == (0..<6).map { Float($0) })
        #expect(!tensor.isParameter)
        #expect(try Tensor([Float(1)], isParameter: true).isParameter)
        #expect(try Tensor([UInt8(1)], dtype: .quint8).dtype == .quint8)
        #expect(try Tensor([true, false]).array() == [true, false])
        #expect(try Tensor([Complex<Float>(1, 2)]).dtype == .complex64)
    }

    @Test func `a shape with another number of elements is refused`() {
        for shape in [[2], [3, 2], [0], [1 << 62, 4]] {
            #expect(throws: CheckpointError.self) { try Tensor([Float(1)], shape: shape) }
        }
        let error = #expect(throws: CheckpointError.self) { try Tensor([Float(1)], shape: [2]) }
        #expect(error?.code == .shapeMismatch && error?.advice != nil)
        #expect(throws: CheckpointError(.invalidTensor, "")) {
            try Tensor([Float(1)], shape: [-1])
        }
    }

    @Test func `a dtype that the type does not represent is refused`() {
        #expect(throws: CheckpointError(.dtypeMismatch, "")) {
            try Tensor([Float(1)], dtype: .float64)
        }
        #expect(throws: CheckpointError(.dtypeMismatch, "")) {
            try Tensor([Int64(1)], requiresGrad: true)
        }
    }
}
