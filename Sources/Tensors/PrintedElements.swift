import ByteIO
import ComplexModule

/// Which elements of a tensor a printout shows: all of up to 1000, else three at each end of every
/// dimension longer than six.
///
/// Elements are the stored ones: bytes, where the dtype packs several numbers in each.
struct PrintedElements {
    private let tensor: Tensor
    /// For each dimension, whether its middle is left out.
    let isElided: [Bool]

    /// The number of elements that are printed whole, torch's `threshold`.
    private static let threshold = 1000
    /// The number of elements shown at each end, torch's `edgeitems`.
    static let edgeCount = 3
    /// The number of elements above which nothing is printed.
    ///
    /// Only dimensions longer than six are elided, so many short ones would make a long printout.
    static let maximumCount = 1 << 20

    /// - Throws: ``CheckpointError/Code/limitExceeded`` when too many elements would be shown.
    init(of tensor: Tensor) throws(CheckpointError) {
        self.tensor = tensor
        let isSummary = tensor.elementCount > Self.threshold
        isElided = tensor.layout.shape.map { isSummary && $0 > 2 * Self.edgeCount }
        // A product of parts of the sizes can't overflow where that of the sizes did not.
        let count = tensor.layout.shape.indices.map { shownCount($0) }.reduce(1, *)
        guard count <= Self.maximumCount else {
            throw CheckpointError(
                .limitExceeded,
                "a printout of shape \(tensor.layout.shape) shows \(count) elements",
                advice: "Print a part of it")
        }
    }

    /// The number of elements shown along a dimension.
    func shownCount(_ dimension: Int) -> Int {
        isElided[dimension] ? 2 * Self.edgeCount : tensor.layout.shape[dimension]
    }

    /// The shown elements in row-major order.
    func values<Element: TensorElement>(_ type: Element.Type) throws -> [Element] {
        var values: [Element] = []
        try visit(0, offset: tensor.layout.offset) { part in
            values += try part.array(converting: type)
        }
        return values
    }

    // From the dimension on behind which nothing is left out, elements are read at once.
    private func visit(_ dimension: Int, offset: Int, _ body: (Tensor) throws -> Void) throws {
        guard let last = isElided.lastIndex(of: true), dimension <= last else {
            return try body(part(dimension, offset: offset, count: nil))
        }
        let stride = tensor.layout.strides[dimension]
        let tail = tensor.layout.shape[dimension] - Self.edgeCount
        if dimension == last {
            try body(part(dimension, offset: offset, count: Self.edgeCount))
            try body(part(dimension, offset: offset + tail * stride, count: Self.edgeCount))
            return
        }
        for shown in 0..<shownCount(dimension) {
            let isTail = isElided[dimension] && shown >= Self.edgeCount
            let index = isTail ? tail + shown - Self.edgeCount : shown
            try visit(dimension + 1, offset: offset + index * stride, body)
        }
    }

    /// The view of the dimensions from `dimension` on, of which the first is cut to `count`.
    private func part(_ dimension: Int, offset: Int, count: Int?) throws -> Tensor {
        var shape = Array(tensor.layout.shape[dimension...])
        if let count { shape[0] = count }
        let layout = try TensorLayout(
            shape: shape, strides: Array(tensor.layout.strides[dimension...]), offset: offset)
        return try tensor.view(ofStored: layout)
    }
}

extension PrintedElements {
    /// The texts of the shown elements, padded as torch pads them.
    func cells() throws -> PrintedCells {
        switch tensor.dtype {
        case .bool:
            PrintedCells(padding: try values(Bool.self).map { $0 ? "True" : "False" })
        case .uint64:
            PrintedCells(padding: try values(UInt64.self).map(\.description))
        case .complex32, .complex64, .complex128:
            PrintedCells(try values(Complex<Double>.self))
        case .float4E2M1FNx2:
            // torch shows the pair's byte.
            PrintedCells(try values(Float4E2M1FNx2.self).map { Double($0.bitPattern) })
        case let dtype where dtype.isFloatingPoint:
            PrintedCells(try values(Double.self), countsNaN: dtype == .float8E8M0FNU)
        default:
            PrintedCells(padding: try values(Int64.self).map(\.description))
        }
    }
}
