public import BigInt
import ByteIO
import ComplexModule
import Pickle
import Tensors

/// A number, text or time of NumPy in a checkpoint.
///
/// The Python counterpart is `numpy.generic`.
public struct NumPyScalar: Sendable {
    let array: NumPyArray

    /// The type.
    public var dtype: NumPyDType { array.dtype }

    /// The bytes, in the byte order of the dtype.
    public var bytes: [UInt8] { array.bytes }

    /// The value of an integer; the count of a time, in its unit.
    public var bigInteger: BigInt? {
        switch dtype.kind {
        case .unsignedInteger where dtype.itemSize == 8:
            item(UInt64.self).map { BigInt($0) } as BigInt?
        case .integer, .unsignedInteger, .dateTime, .timeInterval:
            (try? array.tensor().item(converting: Int64.self)).map { BigInt($0) }
        default: nil
        }
    }

    /// The value of an integer that fits; the count of a time, in its unit.
    public var int: Int? { bigInteger.flatMap { Int(exactly: $0) } }

    /// The value of a `float64`, `float32` or `float16`, or of an integer that a `Double` holds
    /// exactly.
    public var double: Double? {
        guard dtype.kind == .float else {
            guard dtype.kind == .integer || dtype.kind == .unsignedInteger else { return nil }
            return bigInteger.flatMap { Double(exactly: $0) }
        }
        return try? array.tensor().item(converting: Double.self)
    }

    /// The value of a `numpy.bool`.
    public var bool: Bool? { dtype.kind == .bool ? item(Bool.self) : nil }

    /// The real and the imaginary part of a complex number.
    public var complex: (real: Double, imaginary: Double)? {
        guard dtype.kind == .complex,
            let value = try? array.tensor().item(converting: Complex<Double>.self)
        else { return nil }
        return (value.rawStorage.x, value.rawStorage.y)
    }

    /// The text of a `numpy.str_`.
    public var string: String? { dtype.kind == .text ? array.strings?.first : nil }

    /// The contents of a `numpy.bytes_`.
    public var byteString: [UInt8]? { dtype.kind == .bytes ? array.byteStrings().first : nil }

    private func item<Element: TensorElement>(_ type: Element.Type) -> Element? {
        try? array.tensor().item(as: type)
    }
}

extension CheckpointContents {
    /// Whether an object is a scalar whose call is as NumPy writes it, and no record or Python object.
    ///
    /// - Complexity: O(1).
    func isNumPyScalar(_ id: NodeID) -> Bool {
        guard role(ofObject: id) == .numPy(.scalar), let type = argument(0, of: id),
            role(ofObject: type) == .numPy(.dtype), let states = graph.object(type)?.states,
            let data = argument(1, of: id)
        else { return false }
        let parts = states.first.flatMap(graph.items).map(Array.init) ?? []
        guard parts.count < 5 || (parts[2] == .none && parts[4] == .none) else { return false }
        switch graph.kind(of: data) {
        case .bytes, .byteArray, .byteString: return true
        case .object: return role(ofObject: data) == .encode || role(ofObject: data).isBytes
        default: return false
        }
    }

    /// The scalar that an object would be; nil when it is something else, or makes no sense.
    func numPyScalar(_ id: NodeID) -> NumPyScalar? {
        guard isNumPyScalar(id), let type = argument(0, of: id) else { return nil }
        var reader = NumPyDTypeReader(self)
        guard let dtype = try? reader.dtype(type), !dtype.holdsObjects,
            let data = argument(1, of: id), let region = try? bytesRegion(data),
            let array = try? NumPyArray(dtype, [], order: .rowMajor, region)
        else { return nil }
        return NumPyScalar(array: array)
    }
}

extension GlobalRole {
    fileprivate var isBytes: Bool { self == .builtin(.bytes) || self == .builtin(.bytearray) }
}
