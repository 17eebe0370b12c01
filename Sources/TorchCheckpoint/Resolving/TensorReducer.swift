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

    /// - Throws: ``CheckpointError/Code/unsupportedDType`` for quantized integers without scales.
    init(_ tensor: Tensor) throws(CheckpointError) {
        guard !tensor.dtype.isQuantized || tensor.quantization != nil else {
            throw CheckpointError(
                .unsupportedDType,
                "a \(tensor.dtype) tensor by itself has no scales, so it can't be saved",
                advice: "Give it a quantization")
        }
        self.tensor = tensor
        let hasClass = GlobalRole.storageClass(of: tensor.dtype) != nil
        storageDType = hasClass ? tensor.dtype : nil
    }

    /// Adds the call to a graph.
    ///
    /// - Parameters:
    ///   - storage: The persistent object that stands for the tensor's storage.
    ///   - quantizer: What is added of the quantization, if the tensor has one.
    ///   - names: The graph's names.
    func add(
        to graph: inout PickleGraph, storage: NodeID, quantizer: NodeID?,
        _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        let data = try addData(to: &graph, storage: storage, quantizer: quantizer, &names)
        guard tensor.isParameter else { return data }
        return Self.addParameter(
            of: data, requiresGrad: tensor.requiresGrad, to: &graph, &names)
    }

    /// Adds the call that makes a parameter of something.
    static func addParameter(
        of data: NodeID, requiresGrad: Bool, to graph: inout PickleGraph,
        _ names: inout TensorNames
    ) -> NodeID {
        let hooks = Self.hooks(in: &graph, &names)
        return graph.addCall(
            names.id(of: .rebuildParameter, in: &graph),
            [data, PickleGraph.bool(requiresGrad), hooks])
    }

    private func addData(
        to graph: inout PickleGraph, storage: NodeID, quantizer: NodeID?,
        _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        // A parameter says itself whether it requires gradients; its data does not.
        let requiresGrad = tensor.requiresGrad && !tensor.isParameter
        var arguments = [
            storage, graph.addInteger(tensor.storageOffset),
            graph.addTuple(integers: tensor.shape), graph.addTuple(integers: tensor.strides),
        ]
        if let quantizer { arguments.append(quantizer) }
        arguments += [PickleGraph.bool(requiresGrad), Self.hooks(in: &graph, &names)]
        if quantizer != nil {
            return graph.addCall(names.id(of: .rebuildQuantized, in: &graph), arguments)
        }
        if storageDType == nil {
            let name = GlobalName(module: "torch", name: tensor.dtype.rawValue)
            arguments.append(graph.addGlobal(name))
        }
        if !tensor.pendingOperations.isEmpty { try arguments.append(metadata(in: &graph)) }
        let function: TensorNames.Name = storageDType == nil ? .rebuildTensorV3 : .rebuildTensorV2
        return graph.addCall(names.id(of: function, in: &graph), arguments)
    }

    private func metadata(in graph: inout PickleGraph) throws(CheckpointError) -> NodeID {
        var entries: [NodeID] = []
        let names: [(PendingOperations, String)] = [(.conjugation, "conj"), (.negation, "neg")]
        for (operation, name) in names where tensor.pendingOperations.contains(operation) {
            try entries += [graph.addText(name), PickleGraph.bool(true)]
        }
        return graph.addDictionary(entries)
    }

    // The backward hooks, which are never saved.
    private static func hooks(
        in graph: inout PickleGraph, _ names: inout TensorNames
    ) -> NodeID {
        graph.addCall(names.id(of: .orderedDict, in: &graph))
    }
}
