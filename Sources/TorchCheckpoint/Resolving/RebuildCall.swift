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

    /// Where `_rebuild_from_type_v2` has the function that makes the data, and its arguments.
    static let typeFunctionPlace = 0
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
    /// The call that makes the data of the tensor `id`, and the outermost parameter around it; nil
    /// when that is no tensor of a kind that is read.
    ///
    /// Parameters and subclasses wrap the call that makes their data; a file can wrap without end,
    /// so this unwraps in a loop.
    static func data(
        of id: NodeID, in graph: PickleGraph, roles: [GlobalRole]
    ) -> (data: RebuildCall, parameter: RebuildCall?)? {
        var call = RebuildCall(id, in: graph, roles: roles)
        var parameter: RebuildCall?
        for _ in 0..<Self.maximumWrapping {
            guard let wrapper = call else { return nil }
            switch wrapper.rebuilder {
            case .parameter, .parameterWithState:
                parameter = parameter ?? wrapper
                guard let data = wrapper.argument(0, in: graph) else { return nil }
                call = RebuildCall(data, in: graph, roles: roles)
            case .fromType:
                call = wrapper.unwrappingType(in: graph, roles: roles)
            default:
                return (wrapper, parameter)
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
}
