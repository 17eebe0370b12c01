import ByteIO
import Testing

@testable import Tensors

/// A row-major tensor whose stored elements have the given shape; of packed dtypes they are bytes.
private func tensor(_ dtype: DType, stored shape: [Int]) throws -> Tensor {
    var numbers = shape
    if let last = numbers.popLast() { numbers.append(last * dtype.numbersPerByte) }
    let byteCount = shape.reduce(dtype.itemSize, *)
    // Ones are a number of every dtype, and not NaN.
    return try view([UInt8](repeating: 1, count: byteCount), dtype, shape: numbers)
}

@Suite struct EveryDTypeTests {
    private static let shapes = [[3], [2, 3], [1000], [1001], [7, 20, 20], [501, 2]]
    private static let emptyShapes = [[0], [0, 3], [3, 0], [0, 0, 0]]

    @Test(arguments: DType.allCases, shapes)
    func `elements print`(dtype: DType, shape: [Int]) throws {
        let tensor = try tensor(dtype, stored: shape)
        let text = try tensor.formatted()
        #expect(text.hasPrefix("tensor([") && text.hasSuffix(")"))
        #expect(text.contains("...") == (tensor.elementCount > 1000))
        #expect(tensor.description.hasPrefix("\(dtype) \(tensor.shape) cpu ("))
        #expect(tensor.rank == shape.count)
    }

    @Test(arguments: DType.allCases)
    func `a scalar prints without brackets`(dtype: DType) throws {
        let tensor = try tensor(dtype, stored: [])
        #expect(try !tensor.formatted().contains("["))
        #expect(tensor.description == "\(dtype) [] cpu (\(dtype.itemSize) B)")
        #expect(tensor.rank == 0)
    }

    @Test(arguments: DType.allCases, emptyShapes)
    func `no elements print as brackets`(dtype: DType, shape: [Int]) throws {
        let tensor = try tensor(dtype, stored: shape)
        #expect(try tensor.formatted().hasPrefix("tensor([]"))
        #expect(tensor.description == "\(dtype) \(tensor.shape) cpu (0 B)")
    }

    @Test(arguments: DType.allCases, shapes + emptyShapes + [[], [5000]])
    func `all elements are counted, other than of pairs`(dtype: DType, shape: [Int]) throws {
        let tensor = try tensor(dtype, stored: shape)
        let statistics = try tensor.statistics()
        #expect((statistics == nil) == (dtype.isComplex || dtype == .float4E2M1FNx2))
        guard let statistics else { return }
        #expect(statistics.finiteCount == tensor.elementCount)
        #expect((statistics.mean == nil) == (tensor.elementCount == 0))
        #expect(statistics.mean == statistics.minimum && statistics.mean == statistics.maximum)
    }

    @Test(arguments: DType.allCases)
    func `a transposed view prints, unless it packs numbers`(dtype: DType) throws {
        guard dtype.numbersPerByte == 1 else { return }
        let stored = [UInt8](repeating: 1, count: 40 * 30 * dtype.itemSize)
        let transposed = try view(stored, dtype, shape: [40, 30], strides: [1, 40])
        #expect(try transposed.formatted() == tensor(dtype, stored: [40, 30]).formatted())
    }
}

@Suite struct PackedDTypeTests {
    private static let packed: [DType] = [.quint4x2, .quint2x4]

    @Test(arguments: packed)
    func `packed numbers print as their bytes`(dtype: DType) throws {
        let tensor = try Tensor([UInt8](0..<6), shape: [2, 3 * dtype.numbersPerByte], dtype: dtype)
        let text = """
            tensor([[0, 1, 2],
                    [3, 4, 5]], dtype=torch.\(dtype))
            """
        #expect(try tensor.formatted() == text)
        #expect(try tensor.statistics()?.mean == 2.5)
    }

    @Test(arguments: packed)
    func `the corners of packed numbers are those of their bytes`(dtype: DType) throws {
        let bytes = (0..<1001).map { UInt8($0 % 256) }
        let text = "tensor([  0,   1,   2,  ..., 230, 231, 232], dtype=torch.\(dtype))"
        #expect(try Tensor(bytes, dtype: dtype).formatted() == text)
        let rows = try Tensor(bytes, shape: [1001, dtype.numbersPerByte], dtype: dtype)
        #expect(try rows.formatted().hasSuffix(",\n        [232]], dtype=torch.\(dtype))"))
    }

    @Test(arguments: packed)
    func `bytes make as many numbers as they hold`(dtype: DType) throws {
        let tensor = try Tensor([UInt8](1...4), dtype: dtype)
        #expect(tensor.shape == [4 * dtype.numbersPerByte])
        #expect(try tensor.array() == [UInt8](1...4))
        #expect(try Tensor([UInt8](), dtype: dtype).shape == [0])
        #expect(try Tensor([UInt8(7)], shape: [], dtype: dtype).item() == UInt8(7))
    }

    @Test(arguments: packed)
    func `a row that ends inside a byte takes the whole byte`(dtype: DType) throws {
        let shape = [3, dtype.numbersPerByte + 1]
        #expect(try Tensor([UInt8](1...6), shape: shape, dtype: dtype).shape == shape)
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try Tensor([UInt8](1...5), shape: shape, dtype: dtype)
        }
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try Tensor([UInt8](1...4), shape: [4], dtype: dtype)
        }
    }
}
