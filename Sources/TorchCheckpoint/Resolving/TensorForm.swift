import Pickle
import Tensors

/// What makes the data of a tensor, and what is wrapped around it: parameters, subclasses,
/// variables.
///
/// For all forms but those that ``RebuildCall`` knows, which nearly all tensors have.
struct TensorForm {
    /// What makes the data.
    enum Source {
        case call(RebuildCall)
        /// An object of one of the classes that old versions of torch had for each dtype.
        case object(NodeID, DType?, isSparse: Bool)
        /// An object of one of the classes of tensors that have no shape yet.
        case uninitialized
    }

    /// Whether gradients are recorded, as the outermost wrapper says.
    enum Gradients {
        case recorded
        case said(NodeID)
    }

    let source: Source
    let gradients: Gradients?
    let isParameter: Bool

    /// Nil when the object `id` is no tensor.
    init?(_ id: NodeID, in graph: PickleGraph, roles: [GlobalRole]) {
        var (id, gradients, isParameter) = (id, Gradients?.none, false)
        for _ in 0..<RebuildCall.maximumWrapping {
            guard let made = graph.call(id), let name = graph.globalIndex(made.callable) else {
                return nil
            }
            switch roles[name] {
            case .rebuildTensor(let rebuilder):
                guard
                    let call = RebuildCall(
                        rebuilder: rebuilder, arguments: made.arguments, in: graph)
                else { return nil }
                let isWrapper = rebuilder == .parameter || rebuilder == .parameterWithState
                guard isWrapper, let data = call.argument(0, in: graph) else {
                    guard let inner = call.unwrapped(in: graph, roles: roles) else { return nil }
                    self.init(
                        source: .call(inner.data), gradients, isParameter || inner.isMarked)
                    return
                }
                isParameter = true
                gradients = gradients ?? call.argument(1, in: graph).map { .said($0) }
                id = data
            case .parameterClass, .variable:
                let isMade = roles[name] == .parameterClass
                guard let wrapped = Self.wrapped(id, isParameter: isMade, in: graph) else {
                    return nil
                }
                gradients = gradients ?? wrapped.gradients
                isParameter = isParameter || isMade
                id = wrapped.data
            case .tensorClass(let dtype, let isSparse):
                self.init(source: .object(id, dtype, isSparse: isSparse), gradients, isParameter)
                return
            case .uninitializedClass(let isMade):
                let said = graph.item(0, of: made.arguments).map(Gradients.said)
                self.init(
                    source: .uninitialized, gradients ?? said ?? (isMade ? .recorded : nil),
                    isParameter || isMade)
                return
            default: return nil
            }
        }
        return nil
    }

    private init(source: Source, _ gradients: Gradients?, _ isParameter: Bool) {
        self.source = source
        self.gradients = gradients
        self.isParameter = isParameter
    }

    /// What `Parameter(data, requires_grad)` and `Variable(data, requires_grad)` are around, with
    /// states of three items `(requires_grad, volatile, hooks)` or five, which have the data and
    /// its gradient, too: `(data, grad, hooks, requires_grad, volatile)`.
    private static func wrapped(
        _ id: NodeID, isParameter: Bool, in graph: PickleGraph
    ) -> (data: NodeID, gradients: Gradients?)? {
        guard let arguments = graph.call(id)?.arguments else { return nil }
        var data = graph.item(0, of: arguments)
        var gradients = graph.item(1, of: arguments).map(Gradients.said)
        for state in graph.object(id)?.states ?? [] {
            switch graph.itemCount(of: state) {
            case 3: gradients = graph.item(0, of: state).map(Gradients.said)
            case 5:
                data = graph.item(0, of: state)
                gradients = graph.item(3, of: state).map(Gradients.said)
            default: return nil
            }
        }
        guard let data else { return nil }
        return (data, gradients ?? (isParameter ? .recorded : nil))
    }

    /// What kind of tensor it is.
    var kind: TensorKind {
        switch source {
        case .object(_, _, let isSparse): isSparse ? .sparse : .strided
        case .call(let call): call.rebuilder.kind
        case .uninitialized: .uninitialized
        }
    }
}

/// What kind of tensor an object is.
enum TensorKind {
    case strided, sparse, nested, uninitialized
}

extension GlobalRole.TensorRebuilder {
    /// Whether the first arguments are a storage, an offset, a size and strides.
    var isOfStorage: Bool {
        switch self {
        case .tensor, .tensorV2, .tensorV3, .quantized: true
        default: false
        }
    }

    var kind: TensorKind {
        switch self {
        case .sparse: .sparse
        case .nested, .jagged: .nested
        default: .strided
        }
    }
}

extension RebuildCall {
    /// The call that makes the data, inside of any number of `_rebuild_from_type_v2`, and whether an
    /// attribute makes it a parameter.
    fileprivate func unwrapped(
        in graph: PickleGraph, roles: [GlobalRole]
    ) -> (data: RebuildCall, isMarked: Bool)? {
        var (call, isMarked) = (self, false)
        for _ in 0..<Self.maximumWrapping {
            guard call.rebuilder == .fromType else { return (call, isMarked) }
            isMarked = isMarked || call.isMarkedParameter(in: graph)
            guard let inner = call.unwrappingType(in: graph, roles: roles) else { return nil }
            call = inner
        }
        return nil
    }
}
