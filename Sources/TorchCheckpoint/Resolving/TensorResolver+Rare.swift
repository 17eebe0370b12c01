import ByteIO
import Pickle
import Tensors

// Strided tensors that few files have.
extension TensorResolver {
    /// The tensor that an object would be that is none of ``RebuildCall``'s of a storage.
    func rareTensor(_ id: NodeID) throws(CheckpointError) -> Tensor? {
        guard graph.kind(of: id) == .object, let form = TensorForm(id, in: graph, roles: roles),
            form.kind == .strided
        else { return nil }
        do throws(CheckpointError) {
            return try strided(form)
        } catch {
            throw error.atOffset(graph.offset(of: id))
        }
    }

    private func strided(_ form: TensorForm) throws(CheckpointError) -> Tensor {
        let grad = try form.gradients == nil ? nil : requiresGrad(form)
        switch form.source {
        case .object(let id, let dtype, _):
            return try object(id, dtype, grad ?? false, form.isParameter)
        // Not of this kind.
        case .uninitialized: throw CheckpointError(.invalidTensor, "a tensor has no shape")
        case .call(let call):
            let tensor = try rare(call)
            guard grad != nil || form.isParameter else { return tensor }
            return try tensor.onto(
                tensor.storage, requiresGrad: grad ?? tensor.requiresGrad,
                isParameter: form.isParameter)
        }
    }

    private func rare(_ call: RebuildCall) throws(CheckpointError) -> Tensor {
        switch call.rebuilder {
        case .meta:
            return try withoutData(
                dtype: dtype(call, 0), shape: integers(call, 1), strides: integers(call, 2),
                offset: 0, device: .meta, requiresGrad: bool(call, 3))
        case .wrapper:
            return try withoutData(
                dtype: dtype(call, 1), shape: integers(call, 2), strides: integers(call, 3),
                offset: integer(call, 4), device: device(call, 6), requiresGrad: bool(call, 7))
        case .fromCPU: return try moved(part(graphItem(call, 0), of: call), call)
        case .fromNumPy, .xla:
            guard let array = try contents.numPyArray(graphItem(call, 0)) else {
                throw .invalidCall(call, "has no NumPy array as its first argument")
            }
            return try moved(array.checkedTensor(), call)
        default: return try data(call, parameterGrad: nil)
        }
    }

    private func withoutData(
        dtype: DType, shape: [Int], strides: [Int], offset: Int, device: Device,
        requiresGrad: Bool
    ) throws(CheckpointError) -> Tensor {
        try Tensor(
            storage: Storage(absentOn: device), dtype: dtype,
            layout: TensorLayout(shape: shape, strides: strides, offset: offset),
            requiresGrad: requiresGrad)
    }

    // (data, dtype, device, requires_grad): torch copies the data to the device.
    private func moved(_ data: Tensor, _ call: RebuildCall) throws(CheckpointError) -> Tensor {
        let (dtype, device) = try (dtype(call, 1), device(call, 2))
        let requiresGrad = try bool(call, 3)
        guard dtype != data.dtype else {
            return try data.onto(
                Storage(data.storage, device: device), requiresGrad: requiresGrad,
                isParameter: false)
        }
        let count = try data.elementCount.multipliedChecked(by: dtype.itemSize)
        let storage = Storage(
            key: nil, device: device, byteCount: count, byteOrder: .native, madeOf: data.storage
        ) { () throws(CheckpointError) in
            try data.bytes(converting: dtype)
        }
        return try Tensor(
            storage: storage, dtype: dtype, layout: TensorLayout(rowMajor: data.shape),
            requiresGrad: requiresGrad)
    }

    /// An object of an old class of tensors, with the state (storage, offset, size, stride).
    func object(
        _ id: NodeID, _ dtype: DType?, _ requiresGrad: Bool, _ isParameter: Bool
    ) throws(CheckpointError) -> Tensor {
        guard let state = graph.object(id)?.states.last, graph.itemCount(of: state) == 4,
            let call = RebuildCall(rebuilder: .tensor, arguments: state, in: graph)
        else {
            throw CheckpointError(
                .invalidTensor, "a tensor of an old class has no state of four items",
                advice: "The file is damaged or was not written by torch")
        }
        let tensor = try data(call, parameterGrad: isParameter ? requiresGrad : nil)
        guard dtype == nil || dtype == tensor.dtype else {
            throw .invalidCall(
                call, "is given a \(tensor.dtype) storage for a \(dtype?.rawValue ?? "?") tensor")
        }
        guard requiresGrad, !isParameter else { return tensor }
        return try tensor.onto(tensor.storage, requiresGrad: true, isParameter: false)
    }

    // A torch.device or its name.
    func device(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Device {
        let id = try graphItem(call, place)
        var parts = [id]
        if let made = graph.call(id), let name = graph.globalIndex(made.callable) {
            guard roles[name] == .device else {
                throw .invalidCall(call, "has no device as argument \(place + 1)")
            }
            parts = Array(graph.items(made.arguments) ?? [])
        }
        guard let type = parts.first, graph.textLength(of: type) <= 1024,
            let text = graph.string(type)
        else { throw .invalidCall(call, "has no device as argument \(place + 1)") }
        guard parts.count > 1, let index = graph.integer(parts[1]) else {
            return Device(rawValue: text)
        }
        return Device(rawValue: "\(text):\(index)")
    }

    /// How the integers of a quantized tensor stand for numbers.
    func quantization(_ call: RebuildCall) throws(CheckpointError) -> Quantization {
        let parameters = try graphItem(call, RebuildCall.quantizerPlace)
        guard let scheme = graph.item(0, of: parameters).flatMap({ graph.global($0)?.python3 }),
            scheme.module == "torch"
        else { throw .invalidCall(call, "has no quantization scheme") }
        let items = (1..<4).map { graph.item($0, of: parameters) }
        switch (scheme.name, graph.itemCount(of: parameters)) {
        case ("per_tensor_affine", 3):
            guard
                let scale = items[0].flatMap({
                    graph.float($0) ?? graph.integer($0).map(Double.init)
                }),
                let zeroPoint = items[1].flatMap(graph.integer)
            else { throw .invalidCall(call, "has no number as scale or zero point") }
            return .perTensor(scale: scale, zeroPoint: zeroPoint)
        case ("per_channel_affine", 4), ("per_channel_affine_float_qparams", 4):
            guard let axis = items[2].flatMap(graph.integer) else {
                throw .invalidCall(call, "has no integer as the axis of its scales")
            }
            let isFloat = scheme.name == "per_channel_affine_float_qparams"
            if let listed = try listedChannels(
                items[0], items[1], axis: axis, isFloat: isFloat, of: call)
            {
                return .perChannel(listed)
            }
            return try .perChannel(
                ChannelQuantization(
                    scales: part(items[0], of: call), zeroPoints: part(items[1], of: call),
                    axis: axis))
        default: throw .invalidCall(call, "has the quantization scheme \(scheme), or not its parts")
        }
    }
}
