import ByteIO
import Tensors

// Parameters, and tensors with attributes.
extension WeightsOnlyMachine {
    /// `torch.nn.Parameter(data, requires_grad)`.
    mutating func makeParameter(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let data = arguments.count > 0 ? argument(0, arguments) : .none
        let requiresGrad = arguments.count > 1 ? argument(1, arguments) : .bool(true)
        return try makeParameter(of: data, requiresGrad)
    }

    private mutating func makeParameter(
        of data: PythonValue, _ requiresGrad: PythonValue
    ) throws(CheckpointError) -> PythonValue {
        var parameter: RebuiltTensor
        switch data {
        case .none: parameter = emptyTensor(.float32)
        case .tensor(let number): parameter = tensors[Int(number)]
        case .made: return data
        default: throw .refusedByTorch("a parameter can't be made of a \(data.typeName)")
        }
        // A class of tensors counts as a bool there.
        if case .global = requiresGrad { throw .notFollowed("requires_grad is a class") }
        parameter.isParameter = true
        parameter.isComputed = false
        try Self.setRequiresGrad(requiresGrad, of: &parameter)
        return add(parameter)
    }

    /// A tensor without elements.
    mutating func emptyTensor(_ dtype: DType) -> RebuiltTensor {
        let start = dimensions.count
        dimensions += [0, 1]
        return RebuiltTensor(
            dtype: dtype, device: .cpu, sizes: start..<(start + 1),
            strides: (start + 1)..<(start + 2))
    }

    /// `_rebuild_parameter(data, requires_grad, hooks)` and the one with a state.
    mutating func rebuildParameter(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let parameter = try makeParameter(of: argument(0, arguments), argument(1, arguments))
        if arguments.count > RebuildCall.statePlace {
            try setAttributes(argument(RebuildCall.statePlace, arguments), of: parameter)
        }
        return parameter
    }

    /// `_rebuild_from_type_v2(function, type, arguments, state)`.
    mutating func rebuildFromType(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard wrapping < RebuildCall.maximumWrapping else {
            throw .notFollowed("more than \(wrapping) types are around each other")
        }
        wrapping += 1
        defer { wrapping -= 1 }
        let made = try result(
            of: argument(RebuildCall.typeFunctionPlace, arguments),
            typeArguments(argument(RebuildCall.typeArgumentsPlace, arguments)))
        let type = argument(RebuildCall.typePlace, arguments)
        let result = try cast(made, to: type)
        // An added class may take its state in its own way.
        guard meaning(of: type) != .added else { return result }
        try setAttributes(argument(RebuildCall.statePlace, arguments), of: result)
        return result
    }

    /// What a function is called with that is an argument itself.
    private mutating func typeArguments(
        _ value: PythonValue
    ) throws(CheckpointError) -> Arguments {
        switch value {
        case .tuple(let inner), .size(let inner): return Arguments(range: inner.range)
        default: break
        }
        guard let inner = try elements(value) else {
            throw .notFollowed("the arguments of a function are no tuple")
        }
        let start = items.count
        items.append(contentsOf: inner)
        return Arguments(range: start..<items.count)
    }

    /// `tensor.as_subclass(type)`.
    private mutating func cast(
        _ value: PythonValue, to type: PythonValue
    ) throws(CheckpointError) -> PythonValue {
        guard value.tensorNumber != nil || value.isUnknown else {
            throw .notFollowed("_rebuild_from_type_v2 makes a \(value.typeName)")
        }
        let isParameter: Bool
        switch meaning(of: type) {
        case .parameter: isParameter = true
        case .tensorClass(let kind) where kind.dtype == nil: isParameter = false
        case .added:
            if case .global(let number) = type { return .made(number) }
            return value
        default: throw .refusedByTorch("\(path(of: type)) is no class of tensors")
        }
        guard let number = value.tensorNumber else { return value }
        var tensor = tensors[number]
        if tensor.isParameter != isParameter {
            tensor.isParameter = isParameter
            tensor.isComputed = tensor.requiresGrad
        }
        return add(tensor)
    }

    /// `torch._utils._set_obj_state(tensor, state)`.
    private mutating func setAttributes(
        _ state: PythonValue, of value: PythonValue
    ) throws(CheckpointError) {
        guard let number = value.tensorNumber else { return }
        var states = [state]
        switch state {
        case .tuple(let range), .size(let range):
            guard range.count == 2 else {
                throw .refusedByTorch("a state has \(range.count) parts instead of 2")
            }
            states = Array(items[range.range])
        default: break
        }
        for state in states where try truth(state) {
            guard case .dictionary(let dictionary, _) = state else {
                throw .refusedByTorch("a state is a \(state.typeName), not a dictionary")
            }
            try setAttributes(dictionary, of: number)
        }
    }

    private mutating func setAttributes(
        _ dictionary: UInt32, of number: Int
    ) throws(CheckpointError) {
        let entries = sequences[Int(dictionary)]
        try spend(entries.count)
        for place in stride(from: 0, to: entries.count, by: 2) {
            if case .bytes = entries[place] {
                throw .refusedByTorch("the name of an attribute is bytes")
            }
        }
        for (name, value) in try attributes(entries) {
            try TensorAttributes.check(name)
            switch (name, value) {
            case ("_backward_hooks", _), ("grad", .none): continue
            case ("requires_grad", _): try Self.setRequiresGrad(value, of: &tensors[number])
            case (_, _) where TensorAttributes.special.contains(name):
                throw .notFollowed("a state sets the attribute '\(name)' of a tensor")
            default: continue
            }
        }
    }
}

/// The attributes that a tensor has in Python by itself.
enum TensorAttributes {
    /// - Throws: For one that can't be set.
    static func check(_ name: String) throws(CheckpointError) {
        guard !fixed.contains(name) else {
            throw .refusedByTorch("a state sets '\(name)', which can't be set of a tensor")
        }
    }

    /// Those that change the tensor when they are set.
    static let special: Set = [
        "__class__", "__dict__", "_grad", "_grad_fn", "_post_accumulate_grad_hooks", "data", "grad",
        "grad_dtype", "imag", "names", "real", "volatile",
    ]

    private static let fixed: Set = [
        "H", "T", "__cuda_array_interface__", "__weakref__", "_base", "_cdata",
        "_has_symbolic_sizes_strides", "_python_dispatch", "_version", "device", "dtype", "grad_fn",
        "is_cpu", "is_cuda", "is_ipu", "is_leaf", "is_maia", "is_meta", "is_mkldnn", "is_mps",
        "is_mtia", "is_nested", "is_quantized", "is_sparse", "is_sparse_csr", "is_vulkan", "is_xla",
        "is_xpu", "itemsize", "layout", "mH", "mT", "name", "nbytes", "ndim", "output_nr",
        "retains_grad", "shape",
    ]
}
