import Pickle
public import Tensors

extension CheckpointValue {
    /// The tensor of any kind that this value is; none of its elements and indices are read.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when this is something else;
    ///   ``CheckpointError/Code/invalidTensor`` when it makes no sense.
    public func tensorValue() throws -> TensorValue {
        do throws(CheckpointError) {
            guard let value = try contents.resolver.value(id) else { throw mismatch("a tensor") }
            return value
        } catch {
            throw contents.locating(error, at: nil)
        }
    }

    /// The sparse tensor that this value is, its indices checked.
    ///
    /// ``tensorValue()`` gives it without reading its indices.
    ///
    /// - Throws: as ``tensorValue()`` and ``SparseTensor/validateIndices()``.
    /// - Complexity: O(*n*) in the number of indices.
    public func sparseTensor() throws -> SparseTensor {
        guard case .sparse(let tensor) = try tensorValue() else {
            throw contents.locating(mismatch("a sparse tensor"), at: nil)
        }
        try tensor.validateIndices()
        return tensor
    }

    /// The nested tensor that this value is; none of its elements are read.
    ///
    /// - Throws: as ``tensorValue()``.
    public func nestedTensor() throws -> NestedTensor {
        guard case .nested(let tensor) = try tensorValue() else {
            throw contents.locating(mismatch("a nested tensor"), at: nil)
        }
        return tensor
    }

    /// Creates a sparse tensor, or a parameter of one.
    ///
    /// - Throws: as ``init(_:)-(Tensor)``.
    public init(_ tensor: SparseTensor) throws { try self.init(TensorValue.sparse(tensor)) }

    /// Creates a nested tensor, or a parameter of one.
    ///
    /// - Throws: as ``init(_:)-(Tensor)``.
    public init(_ tensor: NestedTensor) throws { try self.init(TensorValue.nested(tensor)) }

    /// Creates a tensor of any kind.
    ///
    /// - Throws: as ``init(_:)-(Tensor)``.
    public init(_ tensor: TensorValue) throws { try self.init(checked: tensor) }

    init(checked tensor: TensorValue) throws(CheckpointError) {
        let contents = CheckpointContents()
        var names = TensorNames()
        let id = try contents.add(tensor, &names)
        contents.updateRoles()
        self.init(contents: contents, id: id)
    }

    /// Whether this is a tensor of any kind.
    public var isAnyTensor: Bool {
        switch kind {
        case .tensor, .sparseTensor, .nestedTensor, .uninitializedTensor: true
        default: false
        }
    }

    /// The dtype as which a storage without a tensor around it was saved; nil when it is untyped, and
    /// when this is no storage.
    public var storageDType: DType? { contents.storages.reference(id, in: graph)?.dtype }

    /// The elements of a storage without a tensor around it, as a tensor of one dimension: of bytes
    /// when it is untyped.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when this is no storage.
    public func storageTensor() throws -> Tensor {
        guard let reference = contents.storages.reference(id, in: graph) else {
            throw contents.locating(mismatch("a storage"), at: nil)
        }
        let dtype = reference.dtype ?? .uint8
        let layout = try TensorLayout(
            rowMajor: [
                (reference.storage.byteCount / dtype.itemSize)
                    .multipliedChecked(by: dtype.numbersPerByte)
            ])
        return try Tensor(storage: reference.storage, dtype: dtype, layout: layout)
    }

    /// The Python attributes of a tensor, as it was saved with them: a dictionary, or a pair of that
    /// and one of slots; nil for nearly all tensors.
    var tensorState: NodeID? {
        switch contents.role(ofObject: id) {
        case .rebuildTensor(.fromType), .rebuildTensor(.parameterWithState):
            dropsState ? nil : contents.argument(RebuildCall.statePlace, of: id)
        default: nil
        }
    }

    // The earlier form of _rebuild_from_type_v2 has no use for the attributes of a plain tensor.
    private var dropsState: Bool {
        guard let call = graph.call(id), graph.global(call.callable)?.name == "_rebuild_from_type"
        else { return false }
        return contents.argument(RebuildCall.typePlace, of: id).flatMap(graph.global)
            == GlobalName(module: "torch", name: "Tensor")
    }
}

extension Checkpoint {
    /// A tensor of any kind and where it is.
    public struct TensorValueEntry: Sendable {
        /// The steps from the root.
        public let path: CheckpointPath
        /// The tensor.
        public let value: TensorValue
    }

    /// All tensors of all kinds, as ``tensors()`` lists the strided ones.
    ///
    /// What sparse and nested tensors are made of is not listed by itself.
    ///
    /// - Throws: as ``tensors()``.
    /// - Complexity: O(*n*) in the number of objects; no elements and indices are read.
    public func tensorValues() throws -> [TensorValueEntry] {
        let resolver = contents.resolver
        return try entries(TensorValueEntry.init) { (id) throws(CheckpointError) in
            try resolver.value(id)
        }
    }

    /// Sets a sparse tensor at a path.
    ///
    /// - Throws: as ``set(_:at:)-(Tensor,_)``.
    public mutating func set(_ tensor: SparseTensor, at path: CheckpointPath) throws {
        try set(CheckpointValue(tensor), at: path)
    }

    /// Sets a nested tensor at a path.
    ///
    /// - Throws: as ``set(_:at:)-(Tensor,_)``.
    public mutating func set(_ tensor: NestedTensor, at path: CheckpointPath) throws {
        try set(CheckpointValue(tensor), at: path)
    }
}
