import ByteIO
import OrderedCollections
import Tensors

// Tensors that are views of storages: the functions of torch._utils.
extension WeightsOnlyMachine {
    mutating func rebuild(
        _ rebuilder: GlobalRole.TensorRebuilder, _ arguments: Arguments
    ) throws(CheckpointError) -> PythonValue {
        switch rebuilder {
        case .tensor: return try add(view(arguments, nil))
        case .tensorV2: return try rebuildV2(arguments)
        case .tensorV3: return try rebuildV3(arguments)
        case .quantized: return try rebuildQuantized(arguments)
        case .parameter, .parameterWithState: return try rebuildParameter(arguments)
        case .fromType: return try rebuildFromType(arguments)
        case .sparse: return try rebuildSparse(arguments)
        case .nested: return try rebuildNested(arguments)
        case .meta: return try rebuildMeta(arguments)
        case .wrapper: return try rebuildWrapper(arguments)
        case .fromCPU: return try rebuildFromCPU(arguments)
        case .fromNumPy, .xla, .jagged: return try rebuildFromNumPy(arguments)
        }
    }

    mutating func add(_ tensor: RebuiltTensor) -> PythonValue {
        tensors.append(tensor)
        return .tensor(UInt32(truncatingIfNeeded: tensors.count - 1))
    }

    func storage(_ value: PythonValue) throws(CheckpointError) -> RestoredStorage {
        guard case .storage(let number) = value else {
            throw .refusedByTorch("a \(value.typeName) is no storage that a tensor can be made of")
        }
        return storages[Int(number)]
    }

    func offset(_ value: PythonValue) throws(CheckpointError) -> Int {
        guard case .integer(let offset) = value else {
            throw .refusedByTorch("the offset of a tensor is a \(value.typeName)")
        }
        return offset
    }

    /// The view of (storage, offset, size, stride, …), with the dtype of the storage if no other.
    mutating func view(
        _ arguments: Arguments, _ dtype: DType?
    ) throws(CheckpointError) -> RebuiltTensor {
        let storage = try storage(argument(0, arguments))
        let offset = try offset(argument(1, arguments))
        var tensor = RebuiltTensor(
            dtype: dtype ?? storage.dtype, device: storage.device,
            sizes: try sizes(argument(2, arguments)))
        tensor.strides = try strides(
            argument(3, arguments), of: tensor.sizes, orRowMajor: !tensor.dtype.isQuantized)
        try checkBounds(tensor, offset: offset, storage)
        return tensor
    }

    /// Has a tensor record gradients, or not, as `tensor.requires_grad = value` does.
    ///
    /// Without the machine, whose arrays would be copied if a tensor in one is changed meanwhile.
    static func setRequiresGrad(
        _ value: PythonValue, of tensor: inout RebuiltTensor
    ) throws(CheckpointError) {
        guard let requiresGrad = value.bool else {
            throw .refusedByTorch("requires_grad is a \(value.typeName), not a bool")
        }
        guard !requiresGrad || tensor.dtype.hasGradients else {
            throw .refusedByTorch("a tensor of \(tensor.dtype) can't record gradients")
        }
        guard !tensor.isComputed else {
            throw .notFollowed("requires_grad of a tensor that is computed of others")
        }
        tensor.requiresGrad = requiresGrad
    }

    private mutating func rebuildV2(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        var tensor = try view(arguments, nil)
        try Self.setRequiresGrad(argument(RebuildCall.requiresGradPlace, arguments), of: &tensor)
        if arguments.count > 6 { try checkMetadata(argument(6, arguments), of: tensor) }
        return add(tensor)
    }

    private mutating func rebuildV3(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let dtype = try dtype(argument(RebuildCall.dtypePlace, arguments))
        let tensor = try view(arguments, dtype ?? .float32)
        switch argument(RebuildCall.requiresGradPlace, arguments) {
        case .none, .bool(false): break
        case .bool(true):
            throw .refusedByTorch("_rebuild_tensor_v3 can't make a tensor that records gradients")
        default: throw .refusedByTorch("requires_grad is not a bool")
        }
        if arguments.count > 7 { try checkMetadata(argument(7, arguments), of: tensor) }
        return add(tensor)
    }

    /// The dtype of an argument; nil for `None`, which is torch's default.
    func dtype(_ value: PythonValue) throws(CheckpointError) -> DType? {
        if case .none = value { return nil }
        switch meaning(of: value) {
        case .dtype(let dtype): return dtype
        case .narrowInteger: throw .notFollowed("a tensor of \(path(of: value))")
        default: throw .refusedByTorch("a \(value.typeName) is no dtype")
        }
    }

    /// Checks what `torch._utils.set_tensor_metadata` takes: pending operations by their names.
    private mutating func checkMetadata(
        _ value: PythonValue, of tensor: RebuiltTensor
    ) throws(CheckpointError) {
        if case .complex = value { return }
        if case .storage = value { throw .refusedByTorch("metadata is no dictionary") }
        guard try truth(value) else { return }
        guard case .dictionary(let number, _) = value else {
            throw .refusedByTorch("metadata is a \(value.typeName), not a dictionary")
        }
        try spend(sequences[Int(number)].count)
        for (key, value) in try attributes(sequences[Int(number)]) {
            try checkFlag(value)
            guard key != "conj" || tensor.dtype.isComplex else {
                throw .refusedByTorch("a tensor of \(tensor.dtype) can't be conjugated")
            }
        }
    }

    private func checkFlag(_ value: PythonValue) throws(CheckpointError) {
        switch value {
        case .none, .bool, .integer, .bigInteger, .float, .complex: return
        case .tensor, .storage, .made: throw .notFollowed("metadata has a \(value.typeName)")
        default: throw .refusedByTorch("metadata has a \(value.typeName), not a bool")
        }
    }

    /// The entries of a dictionary whose keys have to be text, the last of each key.
    mutating func attributes(
        _ entries: [PythonValue]
    ) throws(CheckpointError) -> OrderedDictionary<String, PythonValue> {
        var attributes: OrderedDictionary<String, PythonValue> = [:]
        for place in stride(from: 0, to: entries.count - 1, by: 2) {
            switch entries[place] {
            case .text(let text), .bytes(let text):
                // Any number of dictionaries can have the same names.
                try spend(text.range.count / 16)
                // What is not plain ASCII is no name of anything.
                guard pickle.bytes.extracting(text.range).isASCII,
                    let name = string(.text(text))
                else { throw .notFollowed("the name of an attribute is not short ASCII") }
                attributes[name] = entries[place + 1]
            default:
                throw .refusedByTorch("the name of an attribute is a \(entries[place].typeName)")
            }
        }
        return attributes
    }
}
