import ByteIO
import Tensors

// Tensors that are no views of storages.
extension WeightsOnlyMachine {
    /// `_rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad)`.
    mutating func rebuildMeta(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let dtype = try dtype(argument(0, arguments)) ?? .float32
        guard !dtype.isQuantized else {
            throw .refusedByTorch("there are no quantized tensors on meta")
        }
        var tensor = RebuiltTensor(
            dtype: dtype, device: .meta, sizes: try sizes(argument(1, arguments)))
        tensor.strides = try strides(argument(2, arguments), of: tensor.sizes, orRowMajor: false)
        let requiresGrad = argument(3, arguments)
        if case .none = requiresGrad { return add(tensor) }
        try Self.setRequiresGrad(requiresGrad, of: &tensor)
        return add(tensor)
    }

    /// `_rebuild_wrapper_subclass(type, …)`, which only a class with code of its own can be.
    mutating func rebuildWrapper(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard case .global(let number) = argument(0, arguments),
            names[Int(number)].meaning == .added
        else {
            throw .refusedByTorch(
                "\(path(of: argument(0, arguments))) is no class of tensors without data")
        }
        return .made(number)
    }

    /// `_rebuild_device_tensor_from_numpy(array, …)`, whose array only added names can make.
    func rebuildFromNumPy(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let array = argument(0, arguments)
        guard array.isUnknown else {
            throw .refusedByTorch("a \(array.typeName) is no array of NumPy")
        }
        return array
    }

    /// `_rebuild_device_tensor_from_cpu_tensor(data, dtype, device, requires_grad)`.
    mutating func rebuildFromCPU(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let data = argument(0, arguments)
        if data.isUnknown { return data }
        guard let number = data.tensorNumber else {
            throw .refusedByTorch("a \(data.typeName) is no tensor")
        }
        var tensor = tensors[number]
        let dtype = try dtype(argument(1, arguments)) ?? tensor.dtype
        let place = argument(2, arguments)
        let isMoved = try moves(&tensor, to: place)
        if dtype != tensor.dtype || isMoved {
            try checkConversion(tensor, to: dtype)
            tensor.dtype = dtype
            tensor.isParameter = false
        }
        try Self.setRequiresGrad(argument(3, arguments), of: &tensor)
        return add(tensor)
    }

    private func moves(
        _ tensor: inout RebuiltTensor, to place: PythonValue
    ) throws(CheckpointError) -> Bool {
        switch place {
        case .none: return false
        case .integer: throw .notFollowed("a device is a number")
        default: break
        }
        let isOnMeta = try device(place) == .meta
        guard isOnMeta != (tensor.device == .meta) else { return false }
        guard isOnMeta else { throw .refusedByTorch("a tensor on meta has no data to be copied") }
        tensor.device = .meta
        return true
    }

    private func checkConversion(
        _ tensor: RebuiltTensor, to dtype: DType
    ) throws(CheckpointError) {
        guard !tensor.dtype.isQuantized, !dtype.isQuantized else {
            throw .refusedByTorch("it does not convert \(tensor.dtype) to \(dtype)")
        }
        guard !tensor.requiresGrad || !dtype.hasGradients else {
            throw .refusedByTorch("a tensor that records gradients would be converted")
        }
        guard tensor.layout == .strided else { throw .notFollowed("a sparse tensor is converted") }
        guard dtype == tensor.dtype || (dtype.isCopied && tensor.dtype.isCopied) else {
            throw .refusedByTorch("it does not convert \(tensor.dtype) to \(dtype)")
        }
    }

    /// `_rebuild_nested_tensor(buffer, sizes, strides, offsets)`.
    mutating func rebuildNested(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        var parts: [RebuiltTensor] = []
        for place in 0..<4 {
            let part = argument(place, arguments)
            if part.isUnknown { throw .notFollowed("a nested tensor is made of added classes") }
            guard let number = part.tensorNumber else {
                throw .refusedByTorch("a nested tensor is made of a \(part.typeName)")
            }
            parts.append(tensors[number])
        }
        let (buffer, sizes, strides, offsets) = (parts[0], parts[1], parts[2], parts[3])
        guard parts.allSatisfy({ $0.isPlain && $0.device == .cpu }), buffer.rank == 1,
            [sizes, strides, offsets].allSatisfy({ $0.dtype == .int64 }), sizes.rank == 2,
            isContiguous(sizes), strides.rank > 0, offsets.rank > 0,
            firstSize(strides) == firstSize(sizes), firstSize(offsets) == firstSize(sizes)
        else { throw .refusedByTorch("the parts of a nested tensor don't fit") }
        guard dimensions[strides.sizes] == dimensions[sizes.sizes], offsets.rank == 1,
            isContiguous(strides), isContiguous(offsets)
        else { throw .notFollowed("a nested tensor has other strides than sizes") }
        return add(
            RebuiltTensor(
                dtype: buffer.dtype, device: .cpu, layout: .jagged, sizes: 0..<0,
                requiresGrad: buffer.requiresGrad, isComputed: buffer.requiresGrad))
    }

    private func firstSize(_ tensor: RebuiltTensor) -> Int { dimensions[tensor.sizes.lowerBound] }
}

extension DType {
    /// Whether torch copies elements of another dtype to it.
    fileprivate var isCopied: Bool {
        switch self {
        case .float4E2M1FNx2, .bits8, .bits16, .bits1x8, .bits2x4, .bits4x2: false
        default: !(rawValue.hasPrefix("int") || rawValue.hasPrefix("uint")) || itemSizeIsWhole
        }
    }

    private var itemSizeIsWhole: Bool {
        [.uint8, .uint16, .uint32, .uint64, .int8, .int16, .int32, .int64].contains(self)
    }
}
