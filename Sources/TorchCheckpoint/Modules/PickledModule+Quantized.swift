import ByteIO
import Pickle
import Tensors

// Modules of torch.ao.nn.quantized put more into a state dict than parameters and buffers: scales,
// which are numbers, and weights, which are packed.
extension PickledModule {
    private typealias Entries = [(String, ModuleState.Entry)]

    /// What torch's own class puts into a state dict beside parameters and buffers.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when the fields are not what it has.
    func packedEntries() throws(CheckpointError) -> [(String, ModuleState.Entry)] {
        let (module, name) = (className.module, className.name)
        if module.hasPrefix("torch.ao.nn.quantized.reference.") { return referenceEntries() }
        if module.hasPrefix("torch.ao.nn.sparse.quantized.") {
            throw mismatch("packs its weights in a way that is not read")
        }
        guard module.hasPrefix("torch.ao.nn.quantized.") || module.hasPrefix(Self.intrinsic) else {
            return []
        }
        switch name {
        case "LinearPackedParams": return try linearWeights()
        case "EmbeddingPackedParams": return try embeddingWeights()
        case "PackedParameter": return try plain(["param"])
        case "RNNCellBase", "RNNCell", "LSTMCell", "GRUCell":
            return try plain(["_packed_weight_ih", "_packed_weight_hh"])
        case "QFunctional": return try scales()
        default: return name.hasPrefix("Linear") ? try scales() : []
        }
    }

    private static let intrinsic = "torch.ao.nn.intrinsic.quantized."

    /// What a convolution puts into a state dict, out of the values that it is saved as.
    func quantizedEntries(
        of state: [CheckpointValue]
    ) throws(CheckpointError) -> [(String, ModuleState.Entry)] {
        [
            ("weight", .plain(state[10])), ("bias", .plain(state[11])),
            ("scale", try number(state[12], "scale")),
            ("zero_point", try number(state[13], "zero_point")),
        ]
    }

    // Parameters of these are buffers, too, so only what is no tensor is to be added.
    private func referenceEntries() -> Entries {
        [("weight_qscheme", field("weight_qscheme")), ("weight_dtype", field("weight_dtype"))]
            .compactMap { name, value in value.map { (name, .plain($0)) } }
    }

    private func scales() throws(CheckpointError) -> Entries {
        [
            ("scale", try number(required("scale"), "scale")),
            ("zero_point", try number(required("zero_point"), "zero_point")),
        ]
    }

    private func plain(_ names: [StaticString]) throws(CheckpointError) -> Entries {
        var entries: Entries = []
        for name in names { entries.append(("\(name)", .plain(try required(name)))) }
        return entries
    }

    // The object is saved as ((weight, bias), its class).
    private func linearWeights() throws(CheckpointError) -> Entries {
        let packed = try required("_packed_params")
        guard let weights = packed.unnamedStates.last?[0], weights.kind == .tuple else {
            throw mismatch("has packed weights of an unknown form", packed.id)
        }
        return try plain(["dtype"]) + [("_packed_params", .plain(weights))]
    }

    // The object is saved as ((version, [weight], numbers, numbers), its class).
    private func embeddingWeights() throws(CheckpointError) -> Entries {
        let packed = try required("_packed_weight")
        guard let weight = packed.unnamedStates.last?[0]?[1]?[0], weight.isTensor else {
            throw mismatch("has packed weights of an unknown form", packed.id)
        }
        return try plain(["dtype"]) + [("_packed_weight", .plain(weight))]
    }

    private func required(_ name: StaticString) throws(CheckpointError) -> CheckpointValue {
        guard let value = field(name) else { throw mismatch("has no '\(name)'") }
        return value
    }

    /// What `torch.tensor(number)` makes.
    private func number(
        _ value: CheckpointValue, _ name: String
    ) throws(CheckpointError) -> ModuleState.Entry {
        if value.isTensor { return .detached(value) }
        if let integer = value.graph.integer(value.id) { return .number(try Tensor(integer)) }
        guard let float = value.graph.float(value.id) else {
            throw mismatch("has a \(value.typeName) as its '\(name)', not a number", value.id)
        }
        return .number(try Tensor(float))
    }
}

extension Tensor {
    /// A scalar tensor of dtype `int64`.
    fileprivate init(_ number: Int) throws(CheckpointError) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(bitPattern: Int64(number)))
        let storage = try Storage(key: nil, device: .cpu, region: ByteRegion(copying: bytes))
        try self.init(storage: storage, dtype: .int64, layout: TensorLayout(rowMajor: []))
    }
}
