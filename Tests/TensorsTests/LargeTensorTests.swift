import ByteIO
import ComplexModule
import Synchronization
import Testing

@testable import Tensors

/// Tensors so large that several threads work on them.
@Suite struct LargeTensorTests {
    /// More than ``PieceWork/threshold`` takes of 4-byte numbers, and not a round number.
    private static let count = PieceWork.threshold / 4 + 3001

    private static let numbers = (0..<count).map { Int32($0) }

    @Test func `pieces make up the whole, in multiples of what is asked for`() throws {
        for (count, size, granularity) in [
            (10, 4, 1), (1 << 21, 4, 1), (3_000_001, 4, 1000), (5_000_000, 2, 3_000_000),
            (Self.count, 16, 7),
        ] {
            let starts = Recorder()
            try PieceWork.perform(on: count, ofSize: size, granularity: granularity) { range in
                starts.add(range)
            }
            let ranges = starts.ranges.sorted { $0.lowerBound < $1.lowerBound }
            #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == count)
            for (left, right) in zip(ranges, ranges.dropFirst()) {
                #expect(left.upperBound == right.lowerBound)
                #expect(left.count % granularity == 0)
            }
        }
        try PieceWork.perform(on: 0, ofSize: 1) { _ in Issue.record("there is nothing to do") }
    }

    @Test func `large arrays convert as small ones do`() throws {
        let tensor = try Tensor(Self.numbers)
        let floats = try tensor.array(converting: Float.self)
        #expect(floats.count == Self.count)
        #expect(floats.indices.allSatisfy { floats[$0] == Float(Self.numbers[$0]) })
        let complex = try tensor.array(converting: Complex<Float>.self)
        #expect(complex.indices.allSatisfy { complex[$0] == Complex(floats[$0], 0) })
    }

    @Test func `of several numbers without a counterpart, the first is named`() throws {
        var values = [Float](repeating: 1, count: Self.count)
        for index in [Self.count - 1, 700_000, 699_999, 1_000_000] { values[index] = 1e9 }
        let tensor = try Tensor(values)
        for _ in 0..<5 {
            let error = #expect(throws: CheckpointError.self) {
                try tensor.array(converting: Int16.self)
            }
            #expect(error?.reason.hasPrefix("element 699999 is ") == true)
        }
    }

    @Test func `large views are gathered, swapped and converted`() throws {
        let (rows, columns) = (1031, 1019)
        let tensor = try view(
            bigEndian(Array(Self.numbers.prefix(rows * columns))), .int32,
            shape: [rows, columns], strides: [1, rows], byteOrder: .big)
        let expected = (0..<rows).flatMap { row in (0..<columns).map { Int32(row + $0 * rows) } }
        #expect(try tensor.array(of: Int32.self) == expected)
        #expect(try tensor.array(converting: Int64.self) == expected.map { Int64($0) })
    }

    @Test func `true is 1 in every piece`() throws {
        let stored = [UInt8](repeating: 0xFF, count: PieceWork.threshold + 3)
        let booleans = try view(stored, .bool, shape: [stored.count]).array(of: Bool.self)
        #expect(booleans.count == stored.count && booleans.allSatisfy(\.self))
    }
}

/// Ranges that several threads add.
private final class Recorder: Sendable {
    private let added = Mutex<[Range<Int>]>([])

    var ranges: [Range<Int>] { added.withLock { $0 } }

    func add(_ range: Range<Int>) { added.withLock { $0.append(range) } }
}
