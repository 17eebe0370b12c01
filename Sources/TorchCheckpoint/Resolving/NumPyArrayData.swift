import ByteIO
import Pickle
import Tensors

/// The elements of a numpy array in a pickle, for tensors that torch saves as one.
///
/// `numpy.core.multiarray._reconstruct(ndarray, (0,), b"b")` with the state
/// `(version, shape, dtype, is_fortran, data)`.
struct NumPyArrayData {
    private let dtype: DType
    private let byteOrder: ByteOrder
    private let shape: [Int]
    private let isFortran: Bool
    private let graph: PickleGraph
    private let data: NodeID

    /// Nil when the object `id` is no array of numbers.
    init?(_ id: NodeID, in resolver: TensorResolver) throws(CheckpointError) {
        let graph = resolver.graph
        guard let call = graph.call(id), let name = graph.global(call.callable)?.python3,
            name.name == "_reconstruct", Self.modules.contains(name.module),
            let state = graph.object(id)?.states.last, graph.itemCount(of: state) == 5,
            let sizes = graph.item(1, of: state), let type = graph.item(2, of: state),
            let order = graph.item(3, of: state), let bytes = graph.item(4, of: state),
            let shape = try resolver.sizes(sizes), let isFortran = graph.bool(order),
            let (dtype, byteOrder) = Self.dtype(type, in: graph)
        else { return nil }
        guard graph.hasBytesInPlace(bytes) || graph.kind(of: bytes) == .object else { return nil }
        self.dtype = dtype
        self.byteOrder = byteOrder
        self.shape = shape
        self.isFortran = isFortran
        self.graph = graph
        data = bytes
    }

    /// The array as a tensor.
    func tensor() throws(CheckpointError) -> Tensor {
        let rowMajor = try TensorLayout(rowMajor: isFortran ? shape.reversed() : shape)
        let layout =
            isFortran
            ? try TensorLayout(shape: shape, strides: rowMajor.strides.reversed(), offset: 0)
            : rowMajor
        return try Tensor(storage: storage(), dtype: dtype, layout: layout)
    }

    // Bytes are not copied, and text is made bytes when they are read: many arrays can share them.
    private func storage() throws(CheckpointError) -> Storage {
        if graph.hasBytesInPlace(data) {
            return try Storage(
                key: nil, device: .cpu, region: graph.region(of: data), byteOrder: byteOrder)
        }
        let count = try TensorLayout(rowMajor: shape).elementCount
            .multipliedChecked(by: dtype.itemSize)
        // A character of Latin-1 has one or two bytes.
        let text = graph.call(data).flatMap { graph.item(0, of: $0.arguments) }
        let length = text.map { graph.textLength(of: $0) } ?? 0
        guard count <= length, length / 2 <= count else { throw Self.mismatch(count) }
        return Storage(key: nil, device: .cpu, byteCount: count, byteOrder: byteOrder) {
            [graph, data] () throws(CheckpointError) in
            let contents = CheckpointContents(graph)
            guard let bytes = CheckpointValue(contents: contents, id: data).bytes,
                bytes.count == count
            else { throw Self.mismatch(count) }
            return try ByteRegion(copying: bytes)
        }
    }

    private static func mismatch(_ count: Int) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "a tensor that is saved as a numpy array does not have \(count) bytes",
            advice: "The file is damaged or was not written by torch")
    }

    private static let modules: Set = ["numpy.core.multiarray", "numpy._core.multiarray"]

    // numpy.dtype("f4", False, True) with the state (3, "<", …).
    private static func dtype(_ id: NodeID, in graph: PickleGraph) -> (DType, ByteOrder)? {
        guard let call = graph.call(id), let name = graph.global(call.callable)?.python3,
            name == GlobalName(module: "numpy", name: "dtype"),
            let code = graph.item(0, of: call.arguments).flatMap(graph.string),
            let dtype = dtypes[code], let state = graph.object(id)?.states.last,
            let order = graph.item(1, of: state).flatMap(graph.string)
        else { return nil }
        return (dtype, order == ">" ? .big : .little)
    }

    private static let dtypes: [String: DType] = [
        "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
        "i1": .int8, "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
        "c8": .complex64, "c16": .complex128,
    ]
}

extension PickleGraph {
    /// Whether the pickle has some bytes as they are.
    fileprivate func hasBytesInPlace(_ id: NodeID) -> Bool {
        switch kind(of: id) {
        case .bytes, .byteArray, .byteString: true
        default: false
        }
    }
}
