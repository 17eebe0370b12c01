import BigInt
import ByteIO
import Pickle
import Tensors

/// A type of Swift's own that is one object in Python.
protocol ScalarCodable: Codable {
    init(decoding value: CheckpointValue) throws
    func add(to graph: inout PickleGraph) throws(CheckpointError) -> NodeID
}

extension Bool: ScalarCodable {
    init(decoding value: CheckpointValue) throws {
        if let bool = value.bool {
            self = bool
        } else if let tensor = try value.singleElement(), tensor.dtype == .bool {
            self = try tensor.item()
        } else {
            throw value.mismatch("a bool")
        }
    }

    func add(to graph: inout PickleGraph) -> NodeID { PickleGraph.bool(self) }
}

extension String: ScalarCodable {
    init(decoding value: CheckpointValue) throws {
        if let string = value.string {
            self = string
        } else if value.text != nil {
            throw value.mismatch("a str without lone surrogates")
        } else {
            throw value.mismatch("a str")
        }
    }

    func add(to graph: inout PickleGraph) throws(CheckpointError) -> NodeID {
        try graph.addText(self)
    }
}

extension ScalarCodable where Self: BinaryInteger {
    /// Reads an `int`, or any other number that is a whole one.
    init(decoding value: CheckpointValue) throws {
        guard let number = try PythonNumber(value) else { throw value.mismatch("an int") }
        guard let integer = Self(number) else { throw value.outOfRange(of: Self.self) }
        self = integer
    }

    func add(to graph: inout PickleGraph) throws(CheckpointError) -> NodeID {
        if let small = Int(exactly: self) { return graph.addInteger(small) }
        return try graph.addInteger(BigInt(self))
    }
}

extension ScalarCodable where Self: BinaryFloatingPoint {
    /// Reads a `float`, rounded if there is need, or an `int` that this type has.
    init(decoding value: CheckpointValue) throws {
        guard let number = try PythonNumber(value) else { throw value.mismatch("a float") }
        guard let float = Self(number) else { throw value.outOfRange(of: Self.self) }
        self = float
    }

    func add(to graph: inout PickleGraph) -> NodeID { graph.addFloat(Double(self)) }
}

extension Int: ScalarCodable {}
extension Int8: ScalarCodable {}
extension Int16: ScalarCodable {}
extension Int32: ScalarCodable {}
extension Int64: ScalarCodable {}
extension Int128: ScalarCodable {}
extension UInt: ScalarCodable {}
extension UInt8: ScalarCodable {}
extension UInt16: ScalarCodable {}
extension UInt32: ScalarCodable {}
extension UInt64: ScalarCodable {}
extension UInt128: ScalarCodable {}
extension BigInt: ScalarCodable {}
extension Double: ScalarCodable {}
extension Float: ScalarCodable {}
#if !(os(macOS) && arch(x86_64))
    extension Float16: ScalarCodable {}
#endif

/// A number of Python, or a tensor of one number.
private enum PythonNumber {
    case integer(BigInt)
    case float(Double)

    /// Nil when the value is no number.
    init?(_ value: CheckpointValue) throws {
        if let integer = value.bigInteger {
            self = .integer(integer)
        } else if let float = value.graph.float(value.id) ?? value.numpyScalar?.double {
            self = .float(float)
        } else if let tensor = try value.singleElement(), tensor.dtype.isPlainNumber {
            try self.init(tensor)
        } else {
            return nil
        }
    }

    private init(_ tensor: Tensor) throws {
        if tensor.dtype.isFloatingPoint {
            self = try .float(tensor.item(converting: Double.self))
        } else if tensor.dtype == .uint64 {
            self = try .integer(BigInt(tensor.item(as: UInt64.self)))
        } else {
            self = try .integer(BigInt(tensor.item(converting: Int64.self)))
        }
    }
}

extension BinaryInteger {
    fileprivate init?(_ number: PythonNumber) {
        switch number {
        case .integer(let value): self.init(exactly: value)
        case .float(let value): self.init(exactly: value)
        }
    }
}

extension BinaryFloatingPoint {
    fileprivate init?(_ number: PythonNumber) {
        switch number {
        case .integer(let value): self.init(exactly: value)
        case .float(let value): self.init(rounding: value)
        }
    }

    /// The number nearest to `value`; nil when that is infinite and `value` is not.
    init?(rounding value: Double) {
        self.init(value)
        guard isFinite || !value.isFinite else { return nil }
    }
}

extension DType {
    /// Whether an element is one real number.
    fileprivate var isPlainNumber: Bool {
        switch self {
        case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8: true
        default: isFloatingPoint && self != .float4E2M1FNx2
        }
    }
}

extension CheckpointValue {
    /// The tensor that this is, if it has one element.
    ///
    /// A loss is often saved as such, and so may be an array of NumPy.
    func singleElement() throws -> Tensor? {
        if kind == .numpyArray, let array = try contents.numPyArray(id), array.elementCount == 1,
            array.dtype.torchDType != nil, array.dtype.unit == nil
        {
            return try array.checkedTensor()
        }
        guard isTensor, case let tensor = try tensor(), tensor.elementCount == 1 else { return nil }
        return tensor
    }
}
