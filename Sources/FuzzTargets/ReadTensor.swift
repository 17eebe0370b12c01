import Tensors

/// The bytes of elements that are asked for of one tensor: an expanded view can claim a gigabyte,
/// which is documented and would only be slow.
private let byteLimit = 1 << 16

/// Asks a tensor of any kind for everything that it has.
func readTensor(_ value: TensorValue) {
    _ = (value.dtype, value.device, value.layoutName)
    switch value {
    case .strided(let tensor): readElements(tensor)
    case .sparse(let tensor): readSparse(tensor)
    case .nested(let tensor):
        _ = tensor.description
        for part in tensor.parts { readElements(part.tensor) }
        attempt { for component in try tensor.components().prefix(16) { readElements(component) } }
    case .uninitialized(let tensor): _ = tensor.description
    }
}

private func readSparse(_ tensor: SparseTensor) {
    _ = (tensor.description, tensor.storedCount, tensor.sparseShape, tensor.blockSize)
    for part in tensor.parts { readElements(part.tensor) }
    attempt { try tensor.validateIndices() }
    attempt { try readElements(tensor.dense(maximumByteCount: byteLimit)) }
    if tensor.values.byteCount <= byteLimit { attempt { try tensor.coalesced() } }
}

/// Asks a tensor for its elements in every way.
func readElements(_ tensor: Tensor) {
    _ = (
        tensor.description, tensor.shape, tensor.strides, tensor.storageOffset, tensor.isContiguous
    )
    if case .perChannel(let channels) = tensor.quantization, channels.axis >= tensor.rank {
        broken("the axis of a quantized tensor is one of its dimensions")
    }
    guard tensor.byteCount <= byteLimit else { return }
    if let bytes = attempt({ try tensor.rowMajorBytes() }) {
        promise(bytes.count == tensor.byteCount, "a tensor has the bytes of its shape")
    }
    attempt { try tensor.statistics() }
    attempt { try tensor.formatted() }
    attempt { try tensor.array(converting: Double.self) }
    attempt { try tensor.array(of: Float.self) }
    attempt { try tensor.dequantized() }
    attempt { try tensor.withElements(of: Float.self) { $0.count } }
}
