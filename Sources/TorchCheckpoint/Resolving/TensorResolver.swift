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

    /// The tensor that an object would be, or nil when it is something else.
    ///
    /// - Throws: ``CheckpointError`` when it is a tensor, but one that makes no sense.
    func tensor(_ id: NodeID) throws(CheckpointError) -> Tensor? {
        guard let (call, wrapper) = dataCall(id) else { return nil }
        do throws(CheckpointError) {
            let parameterGrad = if let wrapper { try bool(wrapper, 1) } else { Bool?.none }
            return try data(call, parameterGrad: parameterGrad)
        } catch {
            throw error.atOffset(graph.offset(of: id))
        }
    }

    /// Whether an object is a tensor of a kind that is read.
    func isTensor(_ id: NodeID) -> Bool { dataCall(id) != nil }

    /// The call that makes a tensor's data, and the outermost parameter around it.
    ///
    /// Parameters and subclasses wrap the call that makes their data; a file can wrap without end,
    /// so this unwraps in a loop.
    private func dataCall(_ id: NodeID) -> (data: RebuildCall, parameter: RebuildCall?)? {
        var call = RebuildCall(id, in: graph, roles: roles)
        var parameter: RebuildCall?
        for _ in 0..<Self.maximumWrapping {
            guard let wrapper = call else { return nil }
            switch wrapper.rebuilder {
            case .parameter, .parameterWithState:
                parameter = parameter ?? wrapper
                call = wrapper[0].flatMap { RebuildCall($0, in: graph, roles: roles) }
            case .fromType:
                call = unwrapType(wrapper)
            default:
                return (wrapper, parameter)
            }
        }
        return nil
    }

    private static let maximumWrapping = 16

    // _rebuild_from_type_v2(function, type, arguments, state)
    func unwrapType(_ call: RebuildCall) -> RebuildCall? {
        guard let function = call[RebuildCall.typeFunctionPlace].flatMap(graph.globalIndex),
            case .rebuildTensor(let rebuilder) = roles[function],
            let arguments = call[RebuildCall.typeArgumentsPlace].flatMap(graph.items)
        else { return nil }
        return RebuildCall(rebuilder: rebuilder, arguments: arguments)
    }

    private func data(
        _ call: RebuildCall, parameterGrad: Bool?
    ) throws(CheckpointError) -> Tensor {
        let reference = try storage(call)
        let layout = try TensorLayout(
            shape: integers(call, 2), strides: integers(call, 3), offset: integer(call, 1))
        var requiresGrad = parameterGrad ?? false
        if parameterGrad == nil, let place = call.gradPlace, call.has(place) {
            requiresGrad = try bool(call, place)
        }
        return try Tensor(
            storage: reference.storage, dtype: dtype(call, reference), layout: layout,
            requiresGrad: requiresGrad, isParameter: parameterGrad != nil,
            pendingOperations: pendingOperations(call))
    }
}

// The arguments of a call, each checked for what it has to be.
extension TensorResolver {
    private func graphItem(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> NodeID {
        guard let id = call[place] else {
            throw .invalidCall(call, "has \(call.arguments.count) arguments, too few")
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

    private func integer(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Int {
        guard let value = graph.integer(try graphItem(call, place)) else {
            throw .invalidCall(call, "has no integer as argument \(place + 1)")
        }
        return value
    }

    private func bool(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Bool {
        let id = try graphItem(call, place)
        // Python takes 0 and 1 for booleans, and old writers use them.
        guard let value = graph.bool(id) ?? graph.integer(id).map({ $0 != 0 }) else {
            throw .invalidCall(call, "has no boolean as argument \(place + 1)")
        }
        return value
    }

    private func integers(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> [Int] {
        guard let items = sizeItems(try graphItem(call, place)) else {
            throw .invalidCall(call, "has no tuple as argument \(place + 1)")
        }
        guard items.count <= TensorLayout.maximumRank else {
            throw CheckpointError(
                .limitExceeded,
                "a tensor has \(items.count) dimensions, more than \(TensorLayout.maximumRank)")
        }
        var values: [Int] = []
        values.reserveCapacity(items.count)
        for item in items {
            guard let value = graph.integer(item) else {
                throw .invalidCall(
                    call, "has something other than integers in argument \(place + 1)")
            }
            values.append(value)
        }
        return values
    }

    // A size is a tuple, or torch.Size of one.
    private func sizeItems(_ id: NodeID) -> ArraySlice<NodeID>? {
        if let items = graph.items(id) { return items }
        guard let object = graph.object(id), let name = graph.globalIndex(object.callable),
            roles[name] == .size, let first = graph.items(object.arguments)?.first
        else { return nil }
        return graph.items(first)
    }

    private func dtype(
        _ call: RebuildCall, _ reference: StorageTable.Reference
    ) throws(CheckpointError) -> DType {
        // Without a class of their own, the bytes of an untyped storage are torch.uint8.
        guard call.rebuilder == .tensorV3 else { return reference.dtype ?? .uint8 }
        guard let name = graph.globalIndex(try graphItem(call, RebuildCall.dtypePlace)),
            case .dtype(let dtype) = roles[name]
        else { throw .invalidCall(call, "has no known dtype as argument 7") }
        return dtype
    }

    private func pendingOperations(
        _ call: RebuildCall
    ) throws(CheckpointError) -> PendingOperations {
        guard let place = call.metadataPlace, let metadata = call[place], metadata != .none else {
            return []
        }
        guard let entries = graph.entries(metadata) else {
            throw .invalidCall(call, "has no dictionary as argument \(place + 1)")
        }
        var operations: PendingOperations = []
        for index in stride(from: 0, to: entries.count, by: 2)
        where graph.bool(entries[index + 1]) == true {
            if graph.isText(entries[index], "conj") { operations.insert(.conjugation) }
            if graph.isText(entries[index], "neg") { operations.insert(.negation) }
        }
        return operations
    }
}

/// A call of one of torch's functions that make tensors.
struct RebuildCall {
    let rebuilder: GlobalRole.TensorRebuilder
    let arguments: ArraySlice<NodeID>

    init(rebuilder: GlobalRole.TensorRebuilder, arguments: ArraySlice<NodeID>) {
        self.rebuilder = rebuilder
        self.arguments = arguments
    }

    /// The call that makes the object `id`, or nil when that is no tensor.
    init?(_ id: NodeID, in graph: PickleGraph, roles: [GlobalRole]) {
        guard let call = graph.call(id), let name = graph.globalIndex(call.callable),
            case .rebuildTensor(let rebuilder) = roles[name],
            let arguments = graph.items(call.arguments)
        else { return nil }
        self.init(rebuilder: rebuilder, arguments: arguments)
    }

    /// Where `_rebuild_from_type_v2` has the function that makes the data, and its arguments.
    static let typeFunctionPlace = 0
    static let typeArgumentsPlace = 2

    /// Where the offset is among the arguments of every function that makes a tensor of a storage.
    static let offsetPlace = 1

    /// Where `_rebuild_tensor_v2` and later ones have `requires_grad` and the hooks.
    static let requiresGradPlace = 4
    static let hooksPlace = 5

    /// Where `_rebuild_qtensor` says how numbers are quantized.
    static let quantizerPlace = 4

    /// Where `_rebuild_tensor_v3` says the dtype.
    static let dtypePlace = 6

    subscript(place: Int) -> NodeID? {
        has(place) ? arguments[arguments.startIndex + place] : nil
    }

    func has(_ place: Int) -> Bool { place < arguments.count }

    /// Where the call says whether gradients are recorded.
    var gradPlace: Int? {
        switch rebuilder {
        case .tensorV2, .tensorV3: Self.requiresGradPlace
        case .quantized: 5
        default: nil
        }
    }

    /// Where the call lists pending operations.
    var metadataPlace: Int? {
        switch rebuilder {
        case .tensorV2: 6
        case .tensorV3: 7
        default: nil
        }
    }
}

extension CheckpointError {
    fileprivate static func invalidCall(_ call: RebuildCall, _ what: String) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "\(call.rebuilder.rawValue) \(what)",
            advice: "The file is damaged or was not written by torch")
    }
}
