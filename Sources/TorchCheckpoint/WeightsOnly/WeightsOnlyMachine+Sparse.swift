import ByteIO
import Tensors

// _rebuild_sparse_tensor(layout, parts). torch looks at no index.
extension WeightsOnlyMachine {
    mutating func rebuildSparse(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard case .layout(let layout) = argument(0, arguments) else {
            throw .refusedByTorch("a \(argument(0, arguments).typeName) is no layout")
        }
        let data = argument(1, arguments)
        guard let elements = try elements(data) else { throw unfit(data, for: "a sparse tensor") }
        let parts = Array(elements)
        switch layout {
        case .sparseCOO: return try coordinates(parts)
        case .sparseCSR, .sparseCSC, .sparseBSR, .sparseBSC: return try compressed(parts, layout)
        default: throw .refusedByTorch("torch.\(layout.rawValue) is no layout of sparse tensors")
        }
    }

    private mutating func coordinates(
        _ parts: [PythonValue]
    ) throws(CheckpointError) -> PythonValue {
        guard 3...4 ~= parts.count else {
            throw .refusedByTorch("a sparse tensor has \(parts.count) parts")
        }
        if parts.count > 3 {
            switch parts[3] {
            case .none, .bool: break
            default: throw .refusedByTorch("is_coalesced is a \(parts[3].typeName)")
            }
        }
        return try sparse(indices: parts[0], values: parts[1], size: parts[2])
    }

    /// `torch.sparse_coo_tensor(indices, values, size)`.
    mutating func sparse(
        indices: PythonValue, values: PythonValue, size: PythonValue?
    ) throws(CheckpointError) -> PythonValue {
        let (indices, values) = try (sparsePart(indices), sparsePart(values))
        let sizes = try size.map { (size) throws(CheckpointError) in try self.sizes(size) }
        guard indices.isPlain, values.isPlain, indices.device == values.device else {
            throw .refusedByTorch("indices and values are no plain tensors on one device")
        }
        guard indices.rank == 2 else {
            throw .refusedByTorch("indices have \(indices.rank) dimensions instead of 2")
        }
        let (dimensionCount, count) = (
            dimensions[indices.sizes.lowerBound], dimensions[indices.sizes.lowerBound + 1]
        )
        let valueSizes = values.rank == 0 ? [1] : Array(dimensions[values.sizes])
        guard valueSizes[0] == count else {
            throw .refusedByTorch("there are \(count) indices and \(valueSizes[0]) values")
        }
        if let sizes {
            guard sizes.count == dimensionCount + valueSizes.count - 1,
                dimensions[sizes].dropFirst(dimensionCount) == valueSizes[1...]
            else { throw .refusedByTorch("the size of a sparse tensor does not fit its parts") }
        }
        return add(
            RebuiltTensor(
                dtype: values.dtype, device: values.device, layout: .sparseCOO,
                sizes: sizes ?? 0..<0,
                requiresGrad: values.requiresGrad, isComputed: values.requiresGrad))
    }

    private func sparsePart(_ value: PythonValue) throws(CheckpointError) -> RebuiltTensor {
        if let number = value.tensorNumber { return tensors[number] }
        switch value {
        case .integer, .float, .bool, .list, .tuple, .size, .made, .complex, .bytes, .byteArray,
            .storage:
            throw .notFollowed("a part of a sparse tensor is a \(value.typeName)")
        default: throw .refusedByTorch("a part of a sparse tensor is a \(value.typeName)")
        }
    }

    private mutating func compressed(
        _ parts: [PythonValue], _ layout: TorchLayout
    ) throws(CheckpointError) -> PythonValue {
        guard parts.count == 4 else {
            throw .refusedByTorch("a sparse tensor has \(parts.count) parts instead of 4")
        }
        let sizes = try sizes(parts[3])
        let tensors = try (sparsePart(parts[0]), sparsePart(parts[1]), sparsePart(parts[2]))
        let values = tensors.2
        guard tensors.0.device == values.device, tensors.1.device == values.device else {
            throw .refusedByTorch("indices and values are on different devices")
        }
        for tensor in [tensors.0, tensors.1, values] where tensor.layout != .strided {
            throw .notFollowed("a part of a sparse tensor is sparse itself")
        }
        return add(
            RebuiltTensor(
                dtype: values.dtype, device: values.device, layout: layout, sizes: sizes,
                requiresGrad: values.requiresGrad, isComputed: values.requiresGrad))
    }
}
