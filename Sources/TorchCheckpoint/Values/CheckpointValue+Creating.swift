import BigInt
import Pickle
public import Tensors

// Values made in Swift. Each is a small checkpoint of its own, which is copied into the one that it
// is set in.
extension CheckpointValue {
    /// Python's `None`.
    ///
    /// It is not called `none`, because Swift would take `.none` for `Optional.none` wherever an
    /// optional value is expected: `checkpoint["best"] = .none` removes the entry.
    public static let pythonNone = CheckpointValue(contents: atoms, id: .none)

    /// Creates a `bool`.
    public init(_ value: Bool) {
        self.init(contents: Self.atoms, id: PickleGraph.bool(value))
    }

    /// Creates an `int` of any size; torch's `weights_only` reads up to 255 bytes.
    public init(_ value: some BinaryInteger) {
        if let small = UInt8(exactly: value) {
            self.init(contents: Self.atoms, id: Self.smallIntegers[Int(small)])
        } else if let value = Int(exactly: value) {
            self.init(making: { $0.graph.addInteger(value) })
        } else {
            let value = BigInt(value)
            self.init { (contents) throws(CheckpointError) in try contents.graph.addInteger(value) }
        }
    }

    /// Creates a `float`; what has more digits than a `Double` is rounded.
    public init(_ value: some BinaryFloatingPoint) {
        let value = Double(value)
        self.init(making: { $0.graph.addFloat(value) })
    }

    /// Creates a `complex`.
    public init(real: Double, imaginary: Double) {
        self.init(making: {
            let parts = [$0.graph.addFloat(real), $0.graph.addFloat(imaginary)]
            let name = GlobalName(module: "__builtin__", name: "complex")
            return $0.graph.addCall($0.graph.addGlobal(name), parts)
        })
    }

    /// Creates a `str`.
    public init(_ value: String) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addText(value) }
    }

    /// Creates a `str` that may hold lone surrogates.
    public init(_ value: PickleText) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addText(value) }
    }

    /// Creates a `bytes`.
    public init(bytes: some Collection<UInt8>) {
        self.init { (contents) throws(CheckpointError) in try contents.graph.addBytes(bytes) }
    }

    /// Creates a `bytearray`.
    public init(byteArray: some Collection<UInt8>) {
        self.init { (contents) throws(CheckpointError) in
            try contents.graph.addByteArray(byteArray)
        }
    }

    /// Creates a `torch.dtype`.
    public init(_ dtype: DType) {
        let name = GlobalName(module: "torch", name: dtype.rawValue)
        self.init(making: { $0.graph.addGlobal(name) })
    }

    /// Creates a `torch.device`.
    public init(_ device: Device) {
        self.init { (contents) throws(CheckpointError) in
            var arguments = [try contents.graph.addText(device.type)]
            if let index = device.index { arguments.append(contents.graph.addInteger(index)) }
            let name = GlobalName(module: "torch", name: "device")
            return contents.graph.addCall(contents.graph.addGlobal(name), arguments)
        }
    }

    /// Creates a tensor, or a `torch.nn.Parameter` if it is one.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` for one of a quantized dtype without a
    ///   ``Tensor/quantization``; ``CheckpointError/Code/noData`` for a wrapper subclass;
    ///   ``CheckpointError/Code/invalidStorage`` when the size of its storage is no multiple of its
    ///   elements'.
    public init(_ tensor: Tensor) throws {
        let contents = CheckpointContents()
        try self.init(contents: contents, id: contents.add(tensor))
    }

    /// A graph of nothing but the values that every graph has.
    private static let atoms = CheckpointContents()

    /// The numbers from 0 to 255, which have the same ids in every graph.
    private static let smallIntegers: [NodeID] = {
        var graph = PickleGraph()
        return (0...255).map { graph.addInteger($0) }
    }()

    init(making add: (CheckpointContents) -> NodeID) {
        let contents = CheckpointContents()
        let id = add(contents)
        contents.updateRoles()
        self.init(contents: contents, id: id)
    }

    // A literal can't throw, nor should a string; what is too large is reported where it is used.
    init(_ add: (CheckpointContents) throws(CheckpointError) -> NodeID) {
        let contents = CheckpointContents()
        do throws(CheckpointError) {
            let id = try add(contents)
            contents.updateRoles()
            self.init(contents: contents, id: id)
        } catch {
            contents.failedEdit = error
            self.init(contents: contents, id: .none)
        }
    }
}
