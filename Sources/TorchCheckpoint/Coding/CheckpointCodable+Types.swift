import ByteIO
public import ComplexModule
public import Tensors

extension Tensor: CheckpointCodable {
    /// Reads a `torch.Tensor`, as ``CheckpointValue/tensor()``, or the numbers of a `numpy.ndarray`.
    ///
    /// - Throws: as ``CheckpointValue/tensor()``, or as ``NumPyArray/tensor()``.
    public init(checkpointValue value: CheckpointValue) throws {
        self = try value.kind == .numpyArray ? value.numpyArray().tensor() : value.tensor()
    }

    /// The `torch.Tensor`, as ``CheckpointValue/init(_:)-(Tensor)``.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    public func checkpointValue() throws -> CheckpointValue { try CheckpointValue(self) }
}

extension StateDict: CheckpointCodable {
    /// Reads a dictionary of tensors.
    ///
    /// - Throws: as ``Checkpoint/stateDict(at:)``.
    /// - Complexity: O(*n*) in the number of tensors.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let stateDict = try StateDict(value, at: []) else {
            throw value.mismatch("a state dict")
        }
        self = stateDict
    }

    /// The `OrderedDict`, as ``CheckpointValue/init(_:)-(StateDict)``.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(StateDict)``.
    /// - Complexity: O(*n*) in the number of tensors.
    public func checkpointValue() throws -> CheckpointValue { try CheckpointValue(self) }
}

extension CheckpointValue: CheckpointCodable {
    /// Takes any value as it is.
    public init(checkpointValue value: CheckpointValue) throws { self = value }

    /// The value itself.
    public func checkpointValue() throws -> CheckpointValue { self }
}

extension DType: CheckpointCodable {
    /// Reads a `torch.dtype`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let dtype = value.dtype else { throw value.mismatch("a torch.dtype") }
        self = dtype
    }

    /// The `torch.dtype`.
    public func checkpointValue() throws -> CheckpointValue { CheckpointValue(self) }
}

extension Device: CheckpointCodable {
    /// Reads a `torch.device`, or a `str` that names one.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let device = value.device ?? value.string.flatMap(Device.init(named:)) else {
            throw value.mismatch("a torch.device")
        }
        self = device
    }

    /// The `torch.device`.
    public func checkpointValue() throws -> CheckpointValue { CheckpointValue(self) }

    /// Nil for a text that torch takes for no device.
    private init?(named name: String) {
        guard name.wholeMatch(of: /[a-z][a-z0-9_]*(:[0-9]+)?/) != nil else { return nil }
        self.init(rawValue: name)
    }
}

extension Complex: CheckpointCodable where RealType: Codable & BinaryFloatingPoint {
    /// Reads a `complex`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``; ``CheckpointError/Code/numberOutOfRange``
    ///   when a part is beyond what the type has.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let parts = value.complex else { throw value.mismatch("a complex") }
        guard let real = RealType(rounding: parts.real),
            let imaginary = RealType(rounding: parts.imaginary)
        else { throw value.outOfRange(of: Self.self) }
        self.init(real, imaginary)
    }

    /// The `complex`.
    public func checkpointValue() throws -> CheckpointValue {
        // `real` and `imaginary` are NaN where either is infinite.
        CheckpointValue(real: Double(rawStorage.x), imaginary: Double(rawStorage.y))
    }
}

extension CheckpointKey: CheckpointCodable {
    /// Reads a `str` or an `int`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    public init(checkpointValue value: CheckpointValue) throws {
        if let string = value.string {
            self = .string(string)
        } else if let integer = value.int {
            self = .integer(integer)
        } else {
            throw value.mismatch("a str, or an int of 64 bits,")
        }
    }

    /// The `str` or `int`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for another key, of which only the repr is
    ///   known.
    public func checkpointValue() throws -> CheckpointValue {
        switch self {
        case .string(let text): return CheckpointValue(text)
        case .integer(let number): return CheckpointValue(number)
        case .other(let repr): throw Self.unmakeable(repr)
        }
    }
}
