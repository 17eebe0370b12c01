import ByteIO
import Pickle
import Tensors

/// A tensor that a cast reaches by changing its call, because no storage says its dtype.
enum StatedCast {
    /// A wrapper subclass, whose call states a dtype; what is inside is cast by itself.
    case wrapper(NodeID, RebuildCall)
    /// A tensor that was copied from the processor: its elements become a storage.
    case copied(NodeID, Tensor)
}

extension CheckpointContents {
    /// The calls that state a floating-point dtype other than `dtype`.
    func statedCasts(to dtype: DType) throws(CheckpointError) -> [StatedCast] {
        let resolver = resolver
        var casts: [StatedCast] = []
        for (object, call) in statingCalls() {
            guard let tensor = try resolver.tensor(object), tensor.dtype.isCastable,
                tensor.dtype != dtype
            else { continue }
            casts.append(
                call.rebuilder == .wrapper
                    ? .wrapper(object, call) : .copied(object, tensor))
        }
        return casts
    }

    func apply(_ cast: StatedCast, _ dtype: DType) throws(CheckpointError) {
        switch cast {
        case .wrapper(let object, let call):
            var arguments = Array(graph.items(call.arguments) ?? [])
            arguments[RebuildCall.wrapperDTypePlace] = graph.addGlobal(
                GlobalName(module: "torch", name: dtype.rawValue))
            replace(object: object, function: nil, arguments: arguments)
        case .copied(let object, let tensor):
            let count = try tensor.elementCount.multipliedChecked(by: dtype.itemSize)
            let storage = Storage(
                key: nil, device: tensor.device, byteCount: count, byteOrder: .native
            ) { () throws(CheckpointError) in
                try tensor.bytes(converting: dtype)
            }
            let new = try Tensor(
                storage: storage, dtype: dtype, layout: TensorLayout(rowMajor: tensor.shape),
                requiresGrad: tensor.requiresGrad)
            let made = try add(new)
            guard let call = graph.call(made) else { return }
            replace(
                object: object, function: graph.global(call.callable),
                arguments: Array(graph.items(call.arguments) ?? []))
        }
    }
}
