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
        if let bytes = graph.bytes(id) { return bytes }
        switch contents.role(ofObject: id) {
        case .encode: return encodedBytes
        case .builtin(.bytes): return contents.argument(0, of: id) == nil ? [] : nil
        case .builtin(.bytearray): return byteArrayContents
        case .numPy(.scalar): return numpyScalar?.byteString
        default: return nil
        }
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

    // Protocols before 3 have no bytes: they call _codecs.encode on each byte as a character.
    var encodedBytes: [UInt8]? {
        guard let text = contents.argument(0, of: id), let encoding = contents.argument(1, of: id),
            graph.isText(encoding, "latin1") || graph.isText(encoding, "latin-1")
        else { return nil }
        return graph.latin1Bytes(ofText: text)
    }

    // bytearray(), bytearray(bytes) or bytearray(text, "latin-1").
    private var byteArrayContents: [UInt8]? {
        guard let first = contents.argument(0, of: id) else { return [] }
        if graph.kind(of: first) == .text { return encodedBytes }
        return graph.kind(of: first) == .integer ? nil : value(first).nestedBytes
    }

    // Bytes inside a bytearray are never a bytearray again, which keeps this from recursing.
    private var nestedBytes: [UInt8]? {
        graph.bytes(id) ?? (contents.role(ofObject: id) == .encode ? encodedBytes : nil)
    }

    var complexParts: (real: Double, imaginary: Double)? {
        guard contents.role(ofObject: id) == .builtin(.complex),
            let real = contents.argument(0, of: id).flatMap({ value($0).double }),
            let imaginary = contents.argument(1, of: id).flatMap({ value($0).double })
        else { return nil }
        return (real, imaginary)
    }
}
