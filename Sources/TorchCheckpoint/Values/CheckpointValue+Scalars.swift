public import BigInt
import Pickle

extension CheckpointValue {
    /// Whether this is `None`.
    public var isNone: Bool { id == .none }

    /// The value of a `bool`.
    public var bool: Bool? { graph.bool(id) ?? numpyScalar?.bool }

    /// The value of an `int` or NumPy integer that fits; nil for a `bool`.
    public var int: Int? { graph.integer(id) ?? numPyNumber?.int }

    /// The value of an `int` or NumPy integer of any size; nil for a `bool`.
    public var bigInteger: BigInt? { graph.bigInteger(id) ?? numPyNumber?.bigInteger }

    /// The value of a `float`, or of an `int` that a `Double` holds exactly; of NumPy's, too.
    public var double: Double? {
        graph.float(id) ?? graph.integer(id).flatMap { Double(exactly: $0) } ?? numpyScalar?.double
    }

    /// The text of a `str` or `numpy.str_`; nil when it contains lone surrogates, which ``text``
    /// keeps.
    public var string: String? { graph.string(id) ?? numpyScalar?.string }

    /// The text of a `str`, lone surrogates included.
    public var text: PickleText? { graph.text(id) }

    /// The real and the imaginary part of a `complex`, or of NumPy's.
    public var complex: (real: Double, imaginary: Double)? {
        complexParts ?? numpyScalar?.complex
    }

    // A time is no number.
    private var numPyNumber: NumPyScalar? {
        numpyScalar.flatMap { $0.dtype.unit == nil ? $0 : nil }
    }

    /// The contents of a `bytes`, `bytearray` or `numpy.bytes_`, in whichever way the protocol
    /// writes them.
    ///
    /// - Complexity: O(*n*) in the length.
    public var bytes: [UInt8]? {
        if let source = byteSource {
            return source.isText ? graph.latin1Bytes(ofText: source.id) : graph.bytes(source.id)
        }
        if isEmptyBytes { return [] }
        return contents.role(ofObject: id) == .numPy(.scalar) ? numpyScalar?.byteString : nil
    }

    /// The element type that a `torch.dtype` stands for.
    public var dtype: DType? {
        if case .dtype(let dtype) = contents.role(ofGlobal: id) { dtype } else { nil }
    }

    /// The device that a `torch.device` stands for.
    public var device: Device? {
        guard contents.role(ofObject: id) == .device,
            let type = contents.argument(0, of: id).flatMap(graph.plainString)
        else { return nil }
        guard let index = contents.argument(1, of: id).flatMap(graph.integer) else {
            return Device(rawValue: type)
        }
        return Device(rawValue: "\(type):\(index)")
    }

    var complexParts: (real: Double, imaginary: Double)? {
        guard contents.role(ofObject: id) == .builtin(.complex),
            let real = contents.argument(0, of: id).flatMap({ value($0).double }),
            let imaginary = contents.argument(1, of: id).flatMap({ value($0).double })
        else { return nil }
        return (real, imaginary)
    }
}
