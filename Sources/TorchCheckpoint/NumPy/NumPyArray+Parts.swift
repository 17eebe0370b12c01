import ByteIO
import Pickle
import Tensors

extension NumPyArray {
    /// The texts of an array of `S` or `U`, in row-major order; nil for any other, and when one is
    /// not Unicode (`U`) or not ASCII (`S`).
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    public var strings: [String]? {
        guard dtype.kind == .text || dtype.kind == .bytes else { return nil }
        var strings: [String] = []
        var isValid = true
        forEachOffset { start in
            guard isValid, let text = string(at: start) else {
                isValid = false
                return
            }
            strings.append(text)
        }
        return isValid ? strings : nil
    }

    private func string(at start: Int) -> String? {
        let element = region.bytes.extracting(start..<(start + dtype.itemSize))
        return dtype.kind == .bytes
            ? Self.ascii(element) : Self.utf32(element, dtype.byteOrder ?? .native)
    }

    private static func ascii(_ bytes: RawSpan) -> String? {
        var end = bytes.byteCount
        while end > 0, bytes.byte(at: end - 1) == 0 { end -= 1 }
        let text = Array(copying: bytes.extracting(first: end))
        return text.allSatisfy { $0 < 0x80 } ? String(decoding: text, as: UTF8.self) : nil
    }

    // NumPy fills texts up with NULs, and cuts them off when it reads one.
    private static func utf32(_ bytes: RawSpan, _ order: ByteOrder) -> String? {
        var text = String.UnicodeScalarView()
        var zeros = 0
        for place in stride(from: 0, to: bytes.byteCount - 3, by: 4) {
            let word = bytes.littleEndian32(at: place)
            guard let scalar = Unicode.Scalar(order == .little ? word : word.byteSwapped) else {
                return nil
            }
            guard scalar.value != 0 else {
                zeros += 1
                continue
            }
            for _ in 0..<zeros { text.append(Unicode.Scalar(0)) }
            zeros = 0
            text.append(scalar)
        }
        return String(text)
    }
}

extension NumPyArray {
    /// One field of a record array, as `array[name]`, without copying; nil when there is none of
    /// the name.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when the field's own dimensions are too many;
    ///   ``CheckpointError/Code/numberOutOfRange`` when distances between elements overflow.
    /// - Complexity: O(*n*) in the number of fields.
    public func field(_ name: String) throws -> NumPyArray? {
        guard let field = dtype.fields.first(where: { $0.name == name }), objects == nil else {
            return nil
        }
        let type = field.dtype.subarrayElement ?? field.dtype
        let inner = try TensorLayout(rowMajor: field.dtype.subarrayShape)
        let whole = shape + inner.shape
        // Checks the rank, and that all elements together can be counted.
        let count = try TensorLayout(rowMajor: whole).elementCount
        guard type.itemSize > 0 || count <= Self.maximumEmptyElements else {
            throw CheckpointError(
                .limitExceeded, "a NumPy array has \(count) elements of no bytes")
        }
        let innerStrides = try inner.strides.map { try $0.multipliedChecked(by: type.itemSize) }
        return NumPyArray(
            dtype: type, shape: whole, byteStrides: byteStrides + innerStrides,
            elementCount: count, isFortranOrder: isFortranOrder, region: region,
            offset: offset + field.offset)
    }
}
