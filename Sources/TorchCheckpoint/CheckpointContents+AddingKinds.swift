import ByteIO
import Pickle
import Tensors

// Adding tensors that are not simply a view of a storage, in the forms that torch saves them.
extension CheckpointContents {
    /// Adds a tensor of any kind; ``updateRoles()`` is to be called behind it.
    ///
    /// - Throws: as ``add(_:)-(Tensor)``.
    func add(_ value: TensorValue, _ names: inout TensorNames) throws(CheckpointError) -> NodeID {
        switch value {
        case .strided(let tensor): return try add(tensor, &names)
        case .sparse(let tensor):
            let data = try addData(tensor, &names)
            guard tensor.isParameter else { return data }
            return TensorReducer.addParameter(
                of: data, requiresGrad: tensor.requiresGrad, to: &graph, &names)
        case .nested(let tensor):
            let data = try addData(tensor, &names)
            guard tensor.isParameter else { return data }
            return TensorReducer.addParameter(
                of: data, requiresGrad: tensor.requiresGrad, to: &graph, &names)
        case .uninitialized(let tensor):
            let name = GlobalName(module: "torch.nn.parameter", name: "\(tensor)")
            let made = graph.addGlobal(name)
            return graph.addCall(made, [PickleGraph.bool(tensor.requiresGrad)])
        }
    }

    /// Adds a tensor on the device `meta`.
    ///
    /// - Throws: ``CheckpointError/Code/noData`` for one on another device: it was part of an
    ///   object of a class that is not known.
    func addWithoutData(
        _ tensor: Tensor, _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        guard tensor.device == .meta else {
            throw CheckpointError(
                .noData, "a tensor on \(tensor.device) without data can't be saved by itself",
                advice: "Move the value that it is to another checkpoint instead of the tensor")
        }
        let requiresGrad = tensor.requiresGrad && !tensor.isParameter
        let arguments = [
            graph.addGlobal(GlobalName(module: "torch", name: tensor.dtype.rawValue)),
            graph.addTuple(integers: tensor.shape), graph.addTuple(integers: tensor.strides),
            PickleGraph.bool(requiresGrad),
        ]
        let data = graph.addCall(names.id(of: .rebuildMeta, in: &graph), arguments)
        guard tensor.isParameter else { return data }
        return TensorReducer.addParameter(
            of: data, requiresGrad: tensor.requiresGrad, to: &graph, &names)
    }

    /// Adds what `_rebuild_qtensor` takes as the quantizer.
    func addQuantizer(
        _ quantization: Quantization, _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        switch quantization {
        case .perTensor(let scale, let zeroPoint):
            let scheme = graph.addGlobal(GlobalName(module: "torch", name: "per_tensor_affine"))
            return graph.addTuple([
                scheme, graph.addFloat(scale), graph.addInteger(zeroPoint),
            ])
        case .perChannel(let channels):
            // The name that torch gives both schemes.
            let scheme = graph.addGlobal(GlobalName(module: "torch", name: "per_channel_affine"))
            return try graph.addTuple([
                scheme, add(channels.scales, &names), add(channels.zeroPoints, &names),
                graph.addInteger(channels.axis),
            ])
        }
    }

    private func addData(
        _ tensor: SparseTensor, _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        let name = try graph.addText("torch." + tensor.layout.rawValue)
        let layout = graph.addCall(names.id(of: .layout, in: &graph), [name])
        var parts: [NodeID] = []
        for part in tensor.parts { try parts.append(add(part.tensor, &names)) }
        let sizes = graph.addTuple(integers: tensor.shape)
        parts.append(graph.addCall(names.id(of: .size, in: &graph), [sizes]))
        if let isCoalesced = tensor.isCoalesced { parts.append(PickleGraph.bool(isCoalesced)) }
        return graph.addCall(
            names.id(of: .rebuildSparse, in: &graph), [layout, graph.addTuple(parts)])
    }

    private func addData(
        _ tensor: NestedTensor, _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        guard case .jagged(let offsets, let lengths, let dimension) = tensor.form else {
            var parts: [NodeID] = []
            for part in tensor.parts { try parts.append(add(part.tensor, &names)) }
            return graph.addCall(names.id(of: .rebuildNested, in: &graph), parts)
        }
        let requiresGrad = tensor.requiresGrad && !tensor.isParameter
        let entries: [(StaticString, NodeID)] = try [
            ("values", add(tensor.values, &names)), ("offsets", add(offsets, &names)),
            ("lengths", lengths == nil ? .none : add(lengths ?? offsets, &names)),
            ("_ragged_idx", graph.addInteger(dimension)),
            ("_metadata_cache", graph.addDictionary()),
            ("requires_grad", PickleGraph.bool(requiresGrad)),
        ]
        var items: [NodeID] = []
        for (name, value) in entries { try items += [graph.addText("\(name)"), value] }
        let module = "torch.nested._internal.nested_tensor"
        let arguments = graph.addTuple([graph.addDictionary(items)])
        return graph.addCall(
            graph.addGlobal(GlobalName(module: "torch._tensor", name: "_rebuild_from_type_v2")),
            [
                graph.addGlobal(GlobalName(module: module, name: "_rebuild_njt")),
                graph.addGlobal(GlobalName(module: module, name: "NestedTensor")),
                arguments, graph.addDictionary(),
            ])
    }
}
