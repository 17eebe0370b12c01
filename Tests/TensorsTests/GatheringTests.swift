import ByteIO
import TestSupport
import Testing

@testable import Tensors

/// Walks over all indices, the slow way.
private func naiveBytes(_ tensor: Tensor) throws -> [UInt8] {
    let stored = try tensor.storage.region().copyBytes()
    let size = tensor.dtype.itemSize
    var result: [UInt8] = []
    for number in 0..<tensor.elementCount {
        var rest = number
        var element = tensor.storageOffset
        for dimension in tensor.shape.indices.reversed() {
            element += rest % tensor.shape[dimension] * tensor.strides[dimension]
            rest /= tensor.shape[dimension]
        }
        result += stored[element * size..<(element + 1) * size]
    }
    return result
}

private func streamedBytes(_ tensor: Tensor, maximumBytes: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    try tensor.withRowMajorChunks(maximumBytes: maximumBytes) { chunk in
        chunk.withUnsafeBytes { result += Array($0) }
    }
    return result
}

private func size(_ tensor: Tensor) -> Int { tensor.dtype.itemSize }

private func partBytes(_ tensor: Tensor, _ range: Range<Int>) throws -> [UInt8] {
    var part = [UInt8](repeating: 0xEE, count: range.count * size(tensor))
    let elements = try tensor.rowMajorElements(byteOrder: .little)
    part.withUnsafeMutableBytes { elements?.copy(range, into: $0) }
    return part
}

private struct RandomViews {
    var generator: SeededGenerator
    let dtypes: [DType] = [.uint8, .float16, .float32, .int64, .complex128]

    mutating func next() throws -> Tensor {
        let rank = Int.random(in: 0...5, using: &generator)
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(Int.random(in: 0...6, using: &generator) * 7 / 6) }
        var strides = try TensorLayout(rowMajor: shape).strides
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: strides = strides.map { _ in Int.random(in: 0...5, using: &generator) }
        case 1: strides.shuffle(using: &generator)
        case 2: strides = strides.map { $0 * 2 }
        default: strides = Array(strides.reversed())
        }
        let dtype = dtypes.randomElement(using: &generator) ?? .uint8
        let offset = Int.random(in: 0...3, using: &generator)
        let layout = try TensorLayout(shape: shape, strides: strides, offset: offset)
        var stored: [UInt8] = []
        for _ in 0..<(try layout.extent().upperBound * dtype.itemSize) {
            stored.append(UInt8.random(in: 0...255, using: &generator))
        }
        return try view(stored, dtype, shape: shape, strides: strides, offset: offset)
    }
}

extension RandomViews {
    /// Some of the elements.
    mutating func range(in tensor: Tensor) -> Range<Int> {
        guard tensor.elementCount > 0 else { return 0..<0 }
        let start = Int.random(in: 0..<tensor.elementCount, using: &generator)
        return start..<Int.random(in: start...tensor.elementCount, using: &generator)
    }
}

@Suite struct GatheringTests {
    @Test func `any layout is gathered as a walk over its indices does`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("let seed = 0x\(String(seed, radix: 16)) as UInt64  // gathering seed")
        var views = RandomViews(generator: SeededGenerator(seed: seed))
        for _ in 0..<1500 {
            let tensor = try views.next()
            let expected = try naiveBytes(tensor)
            try #require(tensor.rowMajorBytes() == expected, "\(tensor.layout)")
            for maximumBytes in [1, 24, 100, 1 << 20] {
                let streamed = try streamedBytes(tensor, maximumBytes: maximumBytes)
                try #require(streamed == expected, "\(tensor.layout), chunks of \(maximumBytes)")
            }
            let range = views.range(in: tensor)
            let part = expected[range.lowerBound * size(tensor)..<range.upperBound * size(tensor)]
            try #require(partBytes(tensor, range) == Array(part), "\(tensor.layout), \(range)")
        }
    }

    @Test func `a transposed matrix comes out in rows`() throws {
        let columns = (0..<40 * 30).map { Int32($0) }
        let tensor = try view(bytes(columns), .int32, shape: [40, 30], strides: [1, 40])
        let expected = (0..<40).flatMap { row in (0..<30).map { Int32(row + $0 * 40) } }
        #expect(try tensor.array(of: Int32.self) == expected)
    }

    @Test(arguments: [DType.uint8, .float16, .float32, .int64, .complex128])
    func `transposed views of more than a tile come out in rows`(dtype: DType) throws {
        let layouts: [(shape: [Int], strides: [Int])] = [
            ([300, 37], [1, 300]), ([37, 300], [1, 37]), ([70, 40], [2, 141]),
            ([3, 80, 33], [80, 1, 240]), ([40, 20, 3], [1, 120, 40]), ([70, 33], [0, 70]),
        ]
        for (shape, strides) in layouts {
            let extent = try TensorLayout(shape: shape, strides: strides, offset: 0).extent()
            let stored = (0..<extent.count * dtype.itemSize).map { index in
                UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13)
            }
            let tensor = try view(stored, dtype, shape: shape, strides: strides)
            #expect(try tensor.rowMajorBytes() == naiveBytes(tensor), "\(tensor.layout)")
        }
    }

    @Test func `an expanded row is repeated`() throws {
        let tensor = try view([1, 2, 3], .uint8, shape: [4, 3], strides: [0, 1])
        #expect(try tensor.rowMajorBytes() == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    }

    @Test func `a scalar has one element`() throws {
        let tensor = try view(bytes([Int16(7), 8]), .int16, shape: [], offset: 1)
        #expect(try tensor.rowMajorBytes() == [8, 0])
    }

    @Test func `a tensor without elements has no bytes, even with an offset behind its storage`()
        throws
    {
        let tensor = try view([], .float32, shape: [3, 0, 2], offset: 9)
        #expect(try tensor.rowMajorBytes() == [])
        #expect(try streamedBytes(tensor, maximumBytes: 8) == [])
        #expect(try tensor.array(of: Float.self) == [])
        #expect(try tensor.array(converting: Double.self) == [])
        #expect(try tensor.withElements(of: Float.self) { $0.count } == 0)
    }

    @Test func `contiguous little-endian bytes come in one chunk without a copy`() throws {
        let tensor = try Tensor([Float](repeating: 1, count: 100), shape: [10, 10])
        var addresses: [UnsafeRawPointer?] = []
        try tensor.withRowMajorChunks(maximumBytes: 8) { chunk in
            chunk.withUnsafeBytes { addresses.append($0.baseAddress) }
        }
        let stored = try tensor.storage.region().withUnsafeBytes { $0.baseAddress }
        #expect(addresses == [stored])
    }

    @Test func `chunks hold whole elements and no more than was asked for`() throws {
        let tensor = try view(
            bytes([Int64](0..<20)), .int64, shape: [2, 10], strides: [1, 2])
        var sizes: [Int] = []
        try tensor.withRowMajorChunks(maximumBytes: 30) { sizes.append($0.byteCount) }
        #expect(sizes == [24, 24, 24, 24, 24, 24, 16])
    }
}

@Suite struct ByteOrderTests {
    @Test func `big-endian elements are turned around`() throws {
        let stored = bigEndian([Int32(1), -2, 3, 4])
        let tensor = try view(stored, .int32, shape: [4], byteOrder: .big)
        #expect(try tensor.array(of: Int32.self) == [1, -2, 3, 4])
        #expect(try tensor.withElements(of: Int32.self) { $0[1] } == -2)
        #expect(try tensor.rowMajorBytes() == bytes([Int32(1), -2, 3, 4].map(\.littleEndian)))
        #expect(try tensor.array(converting: Double.self) == [1, -2, 3, 4])
    }

    @Test func `both parts of a complex number are turned around by themselves`() throws {
        let stored = bigEndian([Float(1).bitPattern, Float(2).bitPattern])
        let tensor = try view(stored, .complex64, shape: [1], byteOrder: .big)
        #expect(try tensor.rowMajorBytes() == bytes([Float(1), 2]))
    }

    @Test func `single bytes have no order`() throws {
        let tensor = try view([1, 2], .uint8, shape: [2], byteOrder: .big)
        #expect(try tensor.withElements(of: UInt8.self) { $0[0] } == 1)
    }
}
