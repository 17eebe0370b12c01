extension Tensor {
    /// The tensor as Python's `str(tensor)` gives it with torch's default print options.
    ///
    /// A tensor of more than 1000 elements is shown with three at each end of every dimension longer
    /// than six, and only those are read. Where torch prints nothing useful, its style is carried
    /// on: bits print as unsigned integers. Quantized elements print as the numbers that they stand
    /// for; without a ``quantization`` as their integers, and those of ``DType/quint4x2`` and
    /// ``DType/quint2x4`` as the bytes that hold them.
    ///
    /// - Throws: ``CheckpointError`` when the elements can't be read;
    ///   ``CheckpointError/Code/limitExceeded`` when more than 2²⁰ elements would be shown.
    /// - Complexity: O(*n*), where *n* is the number of elements that are shown.
    public func formatted() throws -> String {
        try TensorPrinter(tensor: self).print()
    }
}

/// Writes a tensor as torch's `_tensor_str.py` does.
struct TensorPrinter {
    private static let lineWidth = 80
    private static let prefix = "tensor("

    let tensor: Tensor

    func print() throws -> String {
        var text = Self.prefix
        if tensor.device == .meta || !tensor.hasData {
            text += "..."
        } else if tensor.elementCount == 0 {
            text += "[]"
        } else {
            text += try printElements()
        }
        return try appendSuffixes(to: text)
    }

    private func printElements() throws -> String {
        let shown = try tensor.quantization == nil ? tensor : tensor.dequantized()
        let elements = try PrintedElements(of: shown)
        let cells = try elements.cells()
        var writer = NestedWriter(elements: elements, rank: tensor.rank, cells: cells)
        return writer.write(0, indent: Self.prefix.count)
    }

    private func appendSuffixes(to text: String) throws -> String {
        let suffixes = try suffixes + quantizationSuffixes()
        var text = text
        var lineLength = text.utf8.count + 2
        if let lineEnd = text.utf8.lastIndex(of: UInt8(ascii: "\n")) {
            lineLength = text.utf8.distance(from: lineEnd, to: text.endIndex) + 1
        }
        for suffix in suffixes {
            if lineLength + suffix.utf8.count + 2 > Self.lineWidth {
                text += ",\n" + String(repeating: " ", count: Self.prefix.count) + suffix
                lineLength = Self.prefix.count + suffix.utf8.count
            } else {
                text += ", " + suffix
                lineLength += suffix.utf8.count + 2
            }
        }
        return text + ")"
    }

    private var suffixes: [String] {
        var suffixes: [String] = []
        if tensor.device.type != Device.cpu.type { suffixes.append("device='\(tensor.device)'") }
        if showsSize { suffixes.append("size=" + printShape()) }
        if showsDType { suffixes.append("dtype=torch.\(tensor.dtype)") }
        if tensor.requiresGrad { suffixes.append("requires_grad=True") }
        return suffixes
    }

    private func quantizationSuffixes() throws -> [String] {
        guard let quantization = tensor.quantization else { return [] }
        let scheme = "quantization_scheme=torch.\(quantization.schemeName)"
        switch quantization {
        case .perTensor(let scale, let zeroPoint):
            return [scheme, "scale=\(scale)", "zero_point=\(zeroPoint)"]
        case .perChannel(let channels):
            return try [
                scheme, "scale=" + channels.scales.formatted(),
                "zero_point=" + channels.zeroPoints.formatted(), "axis=\(channels.axis)",
            ]
        }
    }

    private var showsSize: Bool {
        tensor.device == .meta || tensor.quantization != nil
            || tensor.elementCount == 0 && tensor.rank != 1
    }

    // Without elements nothing tells integers from floats, so only one dtype goes without saying.
    private var showsDType: Bool {
        switch tensor.dtype {
        case .float32: false
        case .int64, .bool, .complex64: tensor.device == .meta || tensor.elementCount == 0
        default: true
        }
    }

    private func printShape() -> String {
        let sizes = tensor.shape.map(\.description).joined(separator: ", ")
        return tensor.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
    }
}

/// Writes cells in nested brackets.
private struct NestedWriter {
    private static let lineWidth = 80

    let elements: PrintedElements
    let rank: Int
    let cells: PrintedCells
    private var position = 0

    init(elements: PrintedElements, rank: Int, cells: PrintedCells) {
        self.elements = elements
        self.rank = rank
        self.cells = cells
    }

    /// Writes the next elements: those of the dimensions from `dimension` on.
    mutating func write(_ dimension: Int, indent: Int) -> String {
        if dimension == rank { return nextCell() }
        if dimension == rank - 1 { return writeVector(dimension, indent: indent) }
        var slices: [String] = []
        for _ in 0..<elements.shownCount(dimension) {
            slices.append(write(dimension + 1, indent: indent + 1))
        }
        if elements.isElided[dimension] { slices.insert("...", at: PrintedElements.edgeCount) }
        let lineEnds = String(repeating: "\n", count: rank - dimension - 1)
        return "[" + slices.joined(separator: "," + lineEnds + spaces(indent + 1)) + "]"
    }

    private mutating func writeVector(_ dimension: Int, indent: Int) -> String {
        var texts: [String] = []
        for _ in 0..<elements.shownCount(dimension) { texts.append(nextCell()) }
        if elements.isElided[dimension] { texts.insert(" ...", at: PrintedElements.edgeCount) }
        let perLine = max((Self.lineWidth - indent) / cells.advance, 1)
        let lines = stride(from: 0, to: texts.count, by: perLine).map { start in
            texts[start..<min(start + perLine, texts.count)].joined(separator: ", ")
        }
        return "[" + lines.joined(separator: ",\n" + spaces(indent + 1)) + "]"
    }

    private mutating func nextCell() -> String {
        defer { position += 1 }
        return cells.texts[position]
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
