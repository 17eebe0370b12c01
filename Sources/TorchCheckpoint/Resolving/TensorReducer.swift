import ByteIO
import Pickle
import Tensors

/// Writes tensors as the calls by which torch would rebuild them: the mirror of ``TensorResolver``.
///
/// The Python counterpart is `torch.Tensor.__reduce_ex__`. The calls: `Specs/tensors.md`.
struct TensorReducer {
    /// The tensor that is written.
    let tensor: Tensor
    /// The element type of the storage's class; nil when the storage is untyped.
    let storageDType: DType?

    /// - Throws: ``CheckpointError/Code/unsupportedDType`` for quantized tensors, which say more
    ///   than their elements.
    init(_ tensor: Tensor) throws(CheckpointError) {
        guard !tensor.dtype.isQuantized else {
            throw CheckpointError(
                .unsupportedDType,
                "a \(tensor.dtype) tensor by itself has no scales, so it can't be saved",
                advice: "Move the value that it is in another checkpoint instead of the tensor")
        }
        self.tensor = tensor
        let hasClass = GlobalRole.storageClass(of: tensor.dtype) != nil
        storageDType = hasClass ? tensor.dtype : nil
    }

    /// Adds the call to a graph.
    ///
    /// - Parameter storage: The persistent object that stands for the tensor's storage.
    func add(to graph: inout PickleGraph, storage: NodeID) throws(CheckpointError) -> NodeID {
        let data = try addData(to: &graph, storage: storage)
        guard tensor.isParameter else { return data }
        let hooks = Self.hooks(in: &graph)
        return graph.addCall(
            graph.addGlobal(.rebuildParameter),
            [data, PickleGraph.bool(tensor.requiresGrad), hooks])
    }

    private func addData(
        to graph: inout PickleGraph, storage: NodeID
    ) throws(CheckpointError) -> NodeID {
        // A parameter says itself whether it requires gradients; its data does not.
        let requiresGrad = tensor.requiresGrad && !tensor.isParameter
        var arguments = [
            storage, graph.addInteger(tensor.storageOffset),
            Self.tuple(tensor.shape, in: &graph), Self.tuple(tensor.strides, in: &graph),
            PickleGraph.bool(requiresGrad), Self.hooks(in: &graph),
        ]
        var function = GlobalName.rebuildTensorV2
        if storageDType == nil {
            function = .rebuildTensorV3
            let name = GlobalName(module: "torch", name: tensor.dtype.rawValue)
            arguments.append(graph.addGlobal(name))
        }
        if !tensor.pendingOperations.isEmpty { try arguments.append(metadata(in: &graph)) }
        return graph.addCall(graph.addGlobal(function), arguments)
    }

    private func metadata(in graph: inout PickleGraph) throws(CheckpointError) -> NodeID {
        var entries: [NodeID] = []
        let names: [(PendingOperations, String)] = [(.conjugation, "conj"), (.negation, "neg")]
        for (operation, name) in names where tensor.pendingOperations.contains(operation) {
            try entries += [graph.addText(name), PickleGraph.bool(true)]
        }
        return graph.addDictionary(entries)
    }

    private static func tuple(_ numbers: [Int], in graph: inout PickleGraph) -> NodeID {
        graph.addTuple(numbers.map { graph.addInteger($0) })
    }

    // The backward hooks, which are never saved.
    private static func hooks(in graph: inout PickleGraph) -> NodeID {
        graph.addCall(graph.addGlobal(.orderedDict))
    }
}

extension GlobalName {
    static let rebuildTensorV2 = GlobalName(module: "torch._utils", name: "_rebuild_tensor_v2")
    static let rebuildTensorV3 = GlobalName(module: "torch._utils", name: "_rebuild_tensor_v3")
    static let rebuildParameter = GlobalName(module: "torch._utils", name: "_rebuild_parameter")
    static let orderedDict = GlobalName(module: "collections", name: "OrderedDict")
}
