import ByteIO
import Tensors

// Classes of tensors that old versions of torch made objects of.
extension WeightsOnlyMachine {
    /// A call of `torch.Tensor`, or of a class for one dtype.
    mutating func makeTensor(
        _ kind: SafeGlobal.TensorClass, _ arguments: Arguments
    ) throws(CheckpointError) -> PythonValue {
        guard !kind.isCUDA else {
            throw .refusedByTorch(
                "a class of tensors on a GPU needs one, whatever map_location says")
        }
        let values = Array(items[arguments.range])
        if kind.isSparse { return try makeSparseTensor(kind.dtype ?? .float32, values) }
        var tensor = emptyTensor(kind.dtype ?? .float32)
        guard let first = values.first else { return add(tensor) }
        if case .integer = first {
            tensor.sizes = try sizes(noted(values))
        } else {
            guard values.count == 1 else {
                throw .refusedByTorch("a class of tensors takes no \(values.count) such arguments")
            }
            try take(first, kind, &tensor)
        }
        try checkAllocation(tensor.sizes, tensor.dtype)
        tensor.strides = rowMajorStrides(of: tensor.sizes)
        return add(tensor)
    }

    private mutating func noted(_ values: [PythonValue]) -> PythonValue {
        let start = items.count
        items.append(contentsOf: values)
        return .tuple(PythonValue.Items(start..<items.count, isHashable: true))
    }

    private mutating func take(
        _ value: PythonValue, _ kind: SafeGlobal.TensorClass, _ tensor: inout RebuiltTensor
    ) throws(CheckpointError) {
        switch value {
        case .size: tensor.sizes = try sizes(value)
        case .storage(let number):
            let storage = storages[Int(number)]
            guard storage.dtype == tensor.dtype, storage.device == .cpu else {
                throw .refusedByTorch(
                    "a tensor of \(tensor.dtype) has a storage of \(storage.dtype)")
            }
            tensor.sizes = dimensions.count..<(dimensions.count + 1)
            dimensions.append(storage.byteCount / storage.dtype.itemSize)
        case .tensor(let number):
            let other = tensors[Int(number)]
            guard kind.dtype == nil || other.dtype == tensor.dtype, other.isPlain else {
                throw .refusedByTorch(
                    "a tensor of \(tensor.dtype) is made of one of \(other.dtype)")
            }
            throw .notFollowed("a class of tensors is called with a tensor")
        case .list, .tuple, .bytes, .byteArray:
            throw .notFollowed("a class of tensors is called with numbers")
        case .made: throw .notFollowed("a class of tensors is called with an added class")
        default: throw .refusedByTorch("a class of tensors takes no \(value.typeName)")
        }
    }

    private mutating func makeSparseTensor(
        _ dtype: DType, _ values: [PythonValue]
    ) throws(CheckpointError) -> PythonValue {
        switch values.first {
        case nil:
            return add(
                RebuiltTensor(dtype: dtype, device: .cpu, layout: .sparseCOO, sizes: 0..<0))
        case .integer, .size:
            let sizes = try self.sizes(
                values.count == 1 && !isInteger(values[0]) ? values[0] : noted(values))
            return add(
                RebuiltTensor(dtype: dtype, device: .cpu, layout: .sparseCOO, sizes: sizes))
        case .tensor(let first) where 2...3 ~= values.count:
            guard let second = values[1].tensorNumber, tensors[second].dtype == dtype,
                tensors[Int(first)].dtype == .int64
            else { throw .refusedByTorch("the parts of a sparse tensor of \(dtype) are of others") }
            return try sparse(
                indices: values[0], values: values[1], size: values.count > 2 ? values[2] : nil)
        default: throw .refusedByTorch("a class of sparse tensors takes no such arguments")
        }
    }

    private func isInteger(_ value: PythonValue) -> Bool {
        if case .integer = value { true } else { false }
    }

    /// `tensor.set_(*state)`, the state of a tensor of an old class.
    mutating func set(_ number: Int, to state: PythonValue) throws(CheckpointError) {
        guard let parts = try elements(state) else { throw unfit(state, for: "set_") }
        guard tensors[number].layout == .strided else {
            throw .refusedByTorch("a sparse tensor takes no state")
        }
        switch parts.count {
        case 0 where tensors[number].isPlain && !tensors[number].requiresGrad:
            let empty = emptyTensor(tensors[number].dtype)
            (tensors[number].sizes, tensors[number].strides) = (empty.sizes, empty.strides)
        case 3...4: try set(number, toViewOf: Array(parts))
        case 1: throw .notFollowed("a tensor takes the place of another one")
        default: throw .refusedByTorch("the state of a tensor has \(parts.count) parts")
        }
    }

    private mutating func set(
        _ number: Int, toViewOf parts: [PythonValue]
    ) throws(CheckpointError) {
        var tensor = tensors[number]
        if parts[0].tensorNumber != nil { throw .notFollowed("a tensor is a view of another one") }
        let storage = try storage(parts[0])
        guard storage.dtype == tensor.dtype, storage.device == tensor.device else {
            throw .refusedByTorch("a tensor of \(tensor.dtype) has a storage of \(storage.dtype)")
        }
        let offset = try offset(parts[1])
        tensor.sizes = try sizes(parts[2])
        tensor.strides = try strides(
            parts.count > 3 ? parts[3] : .none, of: tensor.sizes,
            orRowMajor: !tensor.dtype.isQuantized)
        try checkBounds(tensor, offset: offset, storage)
        guard !tensor.requiresGrad else {
            throw .refusedByTorch("a tensor that records gradients takes no state")
        }
        tensors[number] = tensor
    }
}
