import Pickle

/// A call of one of torch's functions that make tensors.
struct RebuildCall {
    let rebuilder: GlobalRole.TensorRebuilder
    /// The tuple of the arguments, or another container that a file has in its place.
    let arguments: NodeID
    /// The number of arguments.
    let count: Int

    /// Nil when the arguments are no container of elements.
    init?(rebuilder: GlobalRole.TensorRebuilder, arguments: NodeID, in graph: PickleGraph) {
        guard let count = graph.itemCount(of: arguments) else { return nil }
        self.rebuilder = rebuilder
        self.arguments = arguments
        self.count = count
    }

    /// The call that makes the object `id`, or nil when that is no tensor.
    init?(_ id: NodeID, in graph: PickleGraph, roles: [GlobalRole]) {
        guard let call = graph.call(id), let name = graph.globalIndex(call.callable),
            case .rebuildTensor(let rebuilder) = roles[name]
        else { return nil }
        self.init(rebuilder: rebuilder, arguments: call.arguments, in: graph)
    }

    /// Where `_rebuild_from_type_v2` has the function that makes the data, the class, and the
    /// arguments of the function.
    static let typeFunctionPlace = 0
    static let typePlace = 1
    static let typeArgumentsPlace = 2

    /// Where a parameter and a subclass have their Python attributes.
    static let statePlace = 3

    /// Where the offset is among the arguments of every function that makes a tensor of a storage.
    static let offsetPlace = 1

    /// Where `_rebuild_tensor_v2` and later ones have `requires_grad` and the hooks.
    static let requiresGradPlace = 4
    static let hooksPlace = 5

    /// Where `_rebuild_qtensor` says how numbers are quantized.
    static let quantizerPlace = 4

    /// Where `_rebuild_tensor_v3` says the dtype.
    static let dtypePlace = 6

    /// Where `_rebuild_wrapper_subclass` says the dtype.
    static let wrapperDTypePlace = 1

    /// The argument in a place, or nil when there are fewer.
    func argument(_ place: Int, in graph: PickleGraph) -> NodeID? {
        graph.item(place, of: arguments)
    }

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

extension RebuildCall {
    /// The call that makes the data of the tensor `id`, the outermost parameter around it, whether
    /// an attribute makes it a parameter, and whether it is changed behind one of the calls; nil when
    /// that is no tensor of a kind that is read.
    ///
    /// Parameters and subclasses wrap the call that makes their data; a file can wrap without end,
    /// so this unwraps in a loop.
    static func data(
        of id: NodeID, in graph: PickleGraph, roles: [GlobalRole]
    ) -> (data: RebuildCall, parameter: RebuildCall?, isMarked: Bool, isChanged: Bool)? {
        var call = RebuildCall(id, in: graph, roles: roles)
        var parameter: RebuildCall?
        var isMarked = false
        var isChanged = graph.isChangedAfterCall(id)
        for _ in 0..<Self.maximumWrapping {
            guard let wrapper = call else { return nil }
            switch wrapper.rebuilder {
            case .parameter, .parameterWithState:
                parameter = parameter ?? wrapper
                guard let data = wrapper.argument(0, in: graph) else { return nil }
                isChanged = isChanged || graph.isChangedAfterCall(data)
                call = RebuildCall(data, in: graph, roles: roles)
            case .fromType:
                isMarked = isMarked || wrapper.isMarkedParameter(in: graph)
                call = wrapper.unwrappingType(in: graph, roles: roles)
            default:
                return (wrapper, parameter, isMarked, isChanged)
            }
        }
        return nil
    }

    /// How often a tensor may be wrapped.
    static let maximumWrapping = 16

    /// The call among the arguments of `_rebuild_from_type_v2(function, type, arguments, state)`.
    func unwrappingType(in graph: PickleGraph, roles: [GlobalRole]) -> RebuildCall? {
        guard
            let function = argument(Self.typeFunctionPlace, in: graph),
            let name = graph.globalIndex(function),
            case .rebuildTensor(let rebuilder) = roles[name],
            let arguments = argument(Self.typeArgumentsPlace, in: graph)
        else { return nil }
        return RebuildCall(rebuilder: rebuilder, arguments: arguments, in: graph)
    }

    /// Whether the attributes have `_is_param`, by which `torch.nn.Parameter` marks the tensors of a
    /// subclass that are parameters.
    func isMarkedParameter(in graph: PickleGraph) -> Bool {
        guard var state = argument(Self.statePlace, in: graph) else { return false }
        // Attributes, or a pair of them and slots.
        if graph.entries(state) == nil, let first = graph.item(0, of: state) { state = first }
        guard let entries = graph.entries(state) else { return false }
        return Array(entries.entryPairs).last { graph.isText($0.key, "_is_param") }
            .map { graph.bool($0.value) == true } ?? false
    }
}
