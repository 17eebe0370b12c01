/// What the elements of a tensor are like, in a few numbers.
public struct TensorStatistics: Hashable, Sendable {
    /// The number of elements.
    public private(set) var count = 0
    /// The number of elements that are zero.
    public private(set) var zeroCount = 0
    /// The number of elements that are not a number.
    public private(set) var nanCount = 0
    /// The number of elements that are infinite.
    public private(set) var infinityCount = 0
    /// The smallest element that is a number, or nil when there is none.
    public private(set) var minimum: Double?
    /// The largest element that is a number, or nil when there is none.
    public private(set) var maximum: Double?
    private var finiteMean = 0.0
    private var squares = 0.0

    /// The number of elements that are neither infinite nor not a number.
    public var finiteCount: Int { count - nanCount - infinityCount }

    /// The mean of the finite elements, or nil when there are none.
    public var mean: Double? { finiteCount > 0 ? finiteMean : nil }

    /// The standard deviation of the finite elements, with Bessel's correction as `torch.std` has
    /// it; nil for fewer than two.
    public var standardDeviation: Double? {
        finiteCount > 1 ? (squares / Double(finiteCount - 1)).squareRoot() : nil
    }

    // Welford's method: one pass, and no difference of large sums.
    mutating func add(_ value: Double) {
        count += 1
        guard !value.isNaN else {
            nanCount += 1
            return
        }
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
        guard value.isFinite else {
            infinityCount += 1
            return
        }
        if value == 0 { zeroCount += 1 }
        let difference = value - finiteMean
        finiteMean += difference / Double(finiteCount)
        squares += difference * (value - finiteMean)
    }
}

extension Tensor {
    /// Counts and summarises the elements, converted to `Double`.
    ///
    /// The elements of ``DType/quint4x2`` and ``DType/quint2x4`` are bytes, as everywhere.
    ///
    /// - Returns: The numbers, or nil for complex elements and for pairs of 4-bit floats, which
    ///   have no order.
    /// - Throws: ``CheckpointError`` when the elements can't be read.
    /// - Complexity: O(``elementCount``) in time, O(1) in space.
    public func statistics() throws -> TensorStatistics? {
        guard !dtype.isComplex, dtype != .float4E2M1FNx2 else { return nil }
        var statistics = TensorStatistics()
        let converter = NumberConverter(from: dtype, to: .float64)
        let blockBytes = (1 << 12) * dtype.itemSize
        var doubles = [Double](repeating: 0, count: 1 << 12)
        try withRowMajorChunks(byteOrder: .native, maximumBytes: blockBytes) { chunk in
            var rest = chunk
            while rest.byteCount > 0 {
                let block = rest.extracting(first: blockBytes)
                rest = rest.extracting(droppingFirst: block.byteCount)
                let count = block.byteCount / dtype.itemSize
                try unsafe doubles.withUnsafeMutableBytes { buffer in
                    try unsafe block.withUnsafeBytes { bytes in
                        guard let start = buffer.baseAddress else { return }
                        try unsafe converter.convert(bytes, to: start, firstIndex: 0)
                    }
                }
                for value in doubles[..<count] { statistics.add(value) }
            }
        }
        return statistics
    }
}
