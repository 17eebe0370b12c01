import ByteIO
import Pickle
import Tensors

/// Reads tensors out of the calls by which torch would rebuild them.
///
/// The calls and their arguments: `Specs/tensors.md`. The Python counterparts are the functions of
/// `torch._utils` of the same names.
struct TensorResolver {
    let graph: PickleGraph
    let roles: [GlobalRole]
    let storages: StorageTable
    /// For what few tensors are made of: arrays of NumPy.
    let contents: CheckpointContents
    private let shapes = ShapePool()

    init(_ contents: CheckpointContents) {
        self.contents = contents
        (graph, roles, storages) = (contents.graph, contents.roles, contents.storages)
    }

    /// The tensor that an object would be, or nil when it is something else.
    ///
    /// - Throws: ``CheckpointError`` when it is a tensor, but one that makes no sense.
    func tensor(_ id: NodeID) throws(CheckpointError) -> Tensor? {
        guard
            let (call, wrapper, isMarked, isChanged) = RebuildCall.data(
                of: id, in: graph, roles: roles),
            call.rebuilder.isOfStorage
        else { return try rareTensor(id) }
        do throws(CheckpointError) {
            // Python would call methods of the tensor: `set_`, or writing elements.
            guard !isChanged else {
                throw .invalidCall(call, "is followed by instructions that change the tensor")
            }
            let parameterGrad = if let wrapper { try bool(wrapper, 1) } else { Bool?.none }
            let tensor = try data(call, parameterGrad: parameterGrad)
            guard isMarked, !tensor.isParameter else { return tensor }
            return try tensor.onto(
                tensor.storage, requiresGrad: tensor.requiresGrad, isParameter: true)
        } catch {
            throw error.atOffset(graph.offset(of: id))
        }
    }

    /// The tensor that one of the functions makes that take a storage.
    func data(
        _ call: RebuildCall, parameterGrad: Bool?
    ) throws(CheckpointError) -> Tensor {
        let reference = try storage(call)
        let layout = try TensorLayout(
            shape: integers(call, 2), strides: integers(call, 3), offset: integer(call, 1))
        var requiresGrad = parameterGrad ?? false
        if parameterGrad == nil, let place = call.gradPlace, place < call.count {
            requiresGrad = try bool(call, place)
        }
        let tensor = try Tensor(
            storage: reference.storage, dtype: dtype(call, reference), layout: layout,
            requiresGrad: requiresGrad, isParameter: parameterGrad != nil,
            pendingOperations: pendingOperations(call))
        guard call.rebuilder == .quantized else { return tensor }
        return try tensor.quantizedChecked(quantization(call))
    }
}

// The arguments of a call, each checked for what it has to be.
extension TensorResolver {
    func graphItem(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> NodeID {
        guard let id = call.argument(place, in: graph) else {
            throw .invalidCall(call, "has \(call.count) arguments, too few")
        }
        return id
    }

    private func storage(_ call: RebuildCall) throws(CheckpointError) -> StorageTable.Reference {
        let id = try graphItem(call, 0)
        guard let reference = storages.reference(id, in: graph) else {
            throw .invalidCall(call, "has no storage as its first argument")
        }
        return reference
    }

    func integer(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Int {
        guard let value = graph.integer(try graphItem(call, place)) else {
            throw .invalidCall(call, "has no integer as argument \(place + 1)")
        }
        return value
    }

    func bool(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Bool {
        guard let value = graph.truth(try graphItem(call, place)) else {
            throw .invalidCall(call, "has no boolean as argument \(place + 1)")
        }
        return value
    }

    func integers(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> [Int] {
        guard let values = try sizes(graphItem(call, place)) else {
            throw .invalidCall(call, "has no tuple of integers as argument \(place + 1)")
        }
        return values
    }

    /// The integers in a tuple or `torch.Size`; nil when it is none of these.
    func sizes(_ id: NodeID) throws(CheckpointError) -> [Int]? {
        guard let tuple = size(id), let count = graph.itemCount(of: tuple) else { return nil }
        guard count <= TensorLayout.maximumRank else {
            throw CheckpointError(
                .limitExceeded,
                "a tensor has \(count) dimensions, more than \(TensorLayout.maximumRank)")
        }
        return shapes.integers(of: tuple, in: graph)
    }

    // A size is a tuple, or torch.Size of one.
    private func size(_ id: NodeID) -> NodeID? {
        guard let call = graph.call(id) else { return id }
        guard let name = graph.globalIndex(call.callable), roles[name] == .size else { return nil }
        return graph.item(0, of: call.arguments)
    }

    private func dtype(
        _ call: RebuildCall, _ reference: StorageTable.Reference
    ) throws(CheckpointError) -> DType {
        // Without a class of their own, the bytes of an untyped storage are torch.uint8.
        guard call.rebuilder == .tensorV3 else { return reference.dtype ?? .uint8 }
        return try self.dtype(call, RebuildCall.dtypePlace)
    }

    func dtype(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> DType {
        guard let name = graph.globalIndex(try graphItem(call, place)),
            case .dtype(let dtype) = roles[name]
        else { throw .invalidCall(call, "has no known dtype as argument \(place + 1)") }
        return dtype
    }

    private func pendingOperations(
        _ call: RebuildCall
    ) throws(CheckpointError) -> PendingOperations {
        guard let place = call.metadataPlace,
            let metadata = call.argument(place, in: graph), metadata != .none
        else {
            return PendingOperations(rawValue: 0)
        }
        guard let entries = graph.entries(metadata) else {
            throw .invalidCall(call, "has no dictionary as argument \(place + 1)")
        }
        var operations = PendingOperations(rawValue: 0)
        for entry in entries.entryPairs where graph.bool(entry.value) == true {
            if graph.isText(entry.key, "conj") { operations.insert(.conjugation) }
            if graph.isText(entry.key, "neg") { operations.insert(.negation) }
        }
        return operations
    }
}

extension CheckpointError {
    static func invalidCall(_ call: RebuildCall, _ what: String) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "\(call.rebuilder.rawValue) \(what)",
            advice: "The file is damaged or was not written by torch")
    }
}
