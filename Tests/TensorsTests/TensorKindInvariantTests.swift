import ByteIO
import Tensors
import TestSupport
import Testing

/// What quantized, sparse, nested and meta tensors are refused for when they are made.
@Suite struct TensorKindInvariantTests {
    private func code(_ body: () throws -> Void) -> CheckpointError.Code? {
        thrown(CheckpointError.self, body)?.code
    }

    @Test func `scales and zero points fit the axis, or are refused`() throws {
        let integers = try Tensor([Int8](0..<6), shape: [2, 3], dtype: .qint8)
        let two = try (Tensor([0.5, 0.25]), Tensor([Int64](0..<2)))
        let three = try Tensor([1.0, 2, 3])
        func quantize(_ scales: Tensor, _ zeroPoints: Tensor, _ axis: Int) throws {
            _ = try integers.quantized(
                .perChannel(.init(scales: scales, zeroPoints: zeroPoints, axis: axis)))
        }
        #expect(code { try quantize(two.0, two.1, 0) } == nil)
        #expect(code { try quantize(two.0, two.1, 1) } == .invalidTensor)
        #expect(code { try quantize(two.0, two.1, 2) } == .invalidTensor)
        #expect(code { try quantize(two.0, two.1, -1) } == .invalidTensor)
        #expect(code { try quantize(three, two.1, 0) } == .invalidTensor)
        #expect(code { try quantize(two.1, two.1, 0) } == .invalidTensor)
        #expect(
            code { try quantize(Tensor([0.5, 1], shape: [1, 2]), two.1, 0) } == .invalidTensor)
        let plain = try Tensor([Int8](0..<2))
        #expect(
            code { _ = try plain.quantized(.perTensor(scale: 1, zeroPoint: 0)) } == .dtypeMismatch)
        #expect(code { _ = try integers.dequantized() } == .dtypeMismatch)
    }

    @Test func `a copy has scales of its own`() throws {
        let tensor = try Tensor([Int8](0..<2), dtype: .qint8).quantized(
            .perChannel(
                .init(scales: Tensor([0.5, 2]), zeroPoints: Tensor([Int64(0), 1]), axis: 0)))
        guard case .perChannel(let old) = tensor.quantization,
            case .perChannel(let new) = try tensor.copied().quantization
        else {
            Issue.record("a copy is quantized differently")
            return
        }
        #expect(old.scales.storage !== new.scales.storage)
        #expect(old.zeroPoints.storage !== new.zeroPoints.storage)
        #expect(try tensor.copied().dequantized().array(of: Float.self) == [0, 0])
    }

    @Test(arguments: [-129, -128, 127, 128])
    func `a zero point is an integer of the dtype`(_ zeroPoint: Int) throws {
        let isInside = -128...127 ~= zeroPoint
        let tensor = try Tensor([Int8(1)], dtype: .qint8)
            .quantized(.perTensor(scale: 0.5, zeroPoint: zeroPoint))
        #expect(code { _ = try tensor.dequantized() } == (isInside ? nil : .invalidTensor))
    }

    @Test func `the parts of a sparse tensor fit, or are refused`() throws {
        func coo(_ indices: Tensor, _ values: Tensor, _ shape: [Int]) throws {
            _ = try SparseTensor(coordinates: indices, values: values, shape: shape)
        }
        let indices = try Tensor([Int64](0..<4), shape: [2, 2])
        let values = try Tensor([Float](repeating: 1, count: 2))
        #expect(code { try coo(indices, values, [5, 5]) } == nil)
        #expect(code { try coo(indices, values, [5]) } == .invalidTensor)
        #expect(code { try coo(indices, values, [5, 5, 1]) } == .invalidTensor)
        #expect(code { try coo(indices, values, [5, -5]) } == .invalidTensor)
        #expect(code { try coo(values, values, [5, 5]) } == .invalidTensor)
        #expect(code { try coo(indices, indices, [5, 5]) } == .invalidTensor)
    }

    @Test func `the parts of a compressed tensor fit, or are refused`() throws {
        func make(
            _ layout: SparseLayout, _ starts: Int, _ values: [Int], _ shape: [Int]
        ) throws {
            let count = values.reduce(1, *)
            _ = try SparseTensor(
                layout: layout, compressed: Tensor([Int64](repeating: 0, count: starts)),
                plain: Tensor([Int64](repeating: 0, count: values[0])),
                values: Tensor([Float](repeating: 1, count: count), shape: values), shape: shape)
        }
        #expect(code { try make(.csr, 3, [4], [2, 5]) } == nil)
        #expect(code { try make(.csc, 3, [4], [2, 5]) } == .invalidTensor)
        #expect(code { try make(.csc, 6, [4], [2, 5]) } == nil)
        #expect(code { try make(.csr, 3, [4, 2], [2, 5]) } == .invalidTensor)
        #expect(code { try make(.csr, 3, [4, 2], [2, 5, 2]) } == nil)
        #expect(code { try make(.bsr, 2, [3, 2, 5], [2, 5]) } == nil)
        #expect(code { try make(.bsr, 2, [3, 2, 2], [2, 5]) } == .invalidTensor)
        #expect(code { try make(.bsr, 2, [3, 0, 1], [2, 5]) } == .invalidTensor)
        #expect(code { try make(.coo, 3, [4], [2, 5]) } == .invalidTensor)
    }

    @Test func `a dense tensor is no larger than asked for`() throws {
        let sparse = try SparseTensor(
            coordinates: Tensor([Int64(1), 1], shape: [2, 1]), values: Tensor([Float(2)]),
            shape: [1 << 20, 1 << 20])
        #expect(code { _ = try sparse.dense() } == .limitExceeded)
        let small = try SparseTensor(
            coordinates: Tensor([Int64(1)], shape: [1, 1]), values: Tensor([Float(2)]), shape: [2])
        #expect(try small.dense(maximumByteCount: 8).array(of: Float.self) == [0, 2])
        #expect(code { _ = try small.dense(maximumByteCount: 7) } == .limitExceeded)
    }

    @Test func `a dense tensor is small, or in proportion to what is stored`() throws {
        let make = { (shape: [Int], count: Int) in
            try SparseTensor(
                coordinates: Tensor([Int64](repeating: 0, count: count), shape: [1, count]),
                values: Tensor([UInt8](repeating: 1, count: count)), shape: shape)
        }
        #expect(try make([1 << 27], 1).dense().elementCount == 1 << 27)
        #expect(code { _ = try make([1 << 27 + 1], 1).dense() } == .limitExceeded)
        #expect(try make([1 << 27 + 1], 1).dense(maximumByteCount: .max).byteCount == 1 << 27 + 1)
        // An index of eight bytes and a value of one.
        let count = 1 << 18
        let most = Tensor.maximumExpansion * 9 * count
        #expect(try make([most], count).dense().elementCount == most)
        #expect(code { _ = try make([most + 1], count).dense() } == .limitExceeded)
    }

    @Test func `dtypes that torch does not add are placed, but not added`() throws {
        func dense(_ places: [Int64]) throws -> [UInt16] {
            try SparseTensor(
                coordinates: Tensor(places, shape: [1, 2]), values: Tensor([UInt16(7), 8]),
                shape: [3]
            ).dense().array(of: UInt16.self)
        }
        #expect(try dense([2, 0]) == [8, 0, 7])
        #expect(code { _ = try dense([2, 2]) } == .dtypeMismatch)
    }

    @Test func `components stay inside the buffer`() throws {
        func components(_ sizes: [Int64], _ offset: Int64) throws -> [[Float]] {
            try NestedTensor(
                values: Tensor([Float](arrayLiteral: 0, 1, 2, 3)),
                form: .strided(
                    sizes: Tensor(sizes, shape: [1, 1]),
                    strides: Tensor([Int64(1)], shape: [1, 1]),
                    offsets: Tensor([offset]))
            ).components().map { try $0.array(of: Float.self) }
        }
        #expect(try components([2], 2) == [[2, 3]])
        #expect(code { _ = try components([3], 2) } == .invalidTensor)
        #expect(code { _ = try components([-1], 2) } == .invalidTensor)
        #expect(code { _ = try components([1], -1) } == .invalidTensor)
        #expect(code { _ = try components([1], .max) } != nil)
    }

    @Test func `jagged components stay inside the values`() throws {
        func shapes(_ offsets: [Int64], _ lengths: [Int64]? = nil) throws -> [[Int]] {
            try NestedTensor(
                values: Tensor([Float](repeating: 0, count: 8), shape: [4, 2]),
                form: .jagged(
                    offsets: Tensor(offsets), lengths: lengths.map { try Tensor($0) },
                    raggedDimension: 1)
            ).components().map(\.shape)
        }
        #expect(try shapes([0, 1, 4]) == [[1, 2], [3, 2]])
        #expect(try shapes([0, 2, 4], [1, 2]) == [[1, 2], [2, 2]])
        #expect(code { _ = try shapes([0, 1, 5]) } == .invalidTensor)
        #expect(code { _ = try shapes([0, 3, 2]) } == .invalidTensor)
        #expect(code { _ = try shapes([.min, .max]) } == .invalidTensor)
        #expect(code { _ = try shapes([0, 2, 4], [1]) } == .invalidTensor)
    }

    @Test func `a tensor without data has a shape, and nothing is allocated for it`() throws {
        let tensor = try Tensor(metaShape: [1 << 30, 1 << 20], dtype: .int8)
        #expect(!tensor.hasData)
        #expect(tensor.device == .meta)
        #expect(tensor.strides == [1 << 20, 1])
        #expect(code { _ = try tensor.array(of: Int8.self) } == .noData)
        #expect(code { _ = try tensor.array(converting: Float.self) } == .noData)
        #expect(code { _ = try tensor.rowMajorBytes() } == .noData)
        #expect(code { _ = try tensor.statistics() } == .noData)
        #expect(code { try tensor.withElements(of: Int8.self) { _ in } } == .noData)
        #expect(try !tensor.copied().hasData)
        #expect(
            try tensor.formatted()
                == "tensor(..., device='meta', size=(1073741824, 1048576), dtype=torch.int8)")
        #expect(code { _ = try Tensor(metaShape: [-1]) } == .invalidTensor)
    }
}
