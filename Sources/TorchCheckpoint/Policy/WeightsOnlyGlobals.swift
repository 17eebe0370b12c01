/// The names that `torch.load(weights_only=True)` of torch 2.13 accepts.
///
/// The same list, one name a line, is `Specs/weights-only-globals.txt`; tests hold the two to each
/// other and to torch itself.
enum WeightsOnlyGlobals {
    static let names: Set<String> = {
        var names = Set(fixed)
        names.formUnion(rebuilders.map { "torch._utils._rebuild_\($0)" })
        names.formUnion(dtypes.map { "torch.\($0)" })
        for bits in 1...7 { names.formUnion(["torch.int\(bits)", "torch.uint\(bits)"]) }
        names.formUnion(quantizationSchemes.map { "torch.\($0)" })
        for kind in kinds {
            names.formUnion(["torch.\(kind)Storage", "torch.cuda.\(kind)Storage"])
            guard !kind.hasPrefix("Complex") else { continue }
            names.formUnion(["torch.\(kind)Tensor", "torch.cuda.\(kind)Tensor"])
            guard kind != "Bool" else { continue }
            names.formUnion(["torch.sparse.\(kind)Tensor", "torch.cuda.sparse.\(kind)Tensor"])
        }
        names.formUnion(quantizedKinds.map { "torch.\($0)Storage" })
        return names
    }()

    private static let fixed = [
        "_codecs.encode", "builtins.bytearray", "builtins.complex", "builtins.set",
        "collections.Counter", "collections.OrderedDict", "torch.Size", "torch.Tensor",
        "torch._tensor._rebuild_from_type_v2", "torch.device", "torch.nn.parameter.Parameter",
        "torch.serialization._get_layout", "torch.storage.TypedStorage",
        "torch.storage.UntypedStorage",
    ]

    private static let rebuilders = [
        "device_tensor_from_cpu_tensor", "device_tensor_from_numpy", "meta_tensor_no_storage",
        "nested_tensor", "parameter", "parameter_with_state", "qtensor", "sparse_tensor", "tensor",
        "tensor_v2", "tensor_v3", "wrapper_subclass",
    ]

    private static let dtypes = DType.allCases.map(\.rawValue)

    private static let quantizationSchemes = [
        "per_channel_affine", "per_channel_affine_float_qparams", "per_channel_symmetric",
        "per_tensor_affine", "per_tensor_symmetric",
    ]

    private static let kinds = [
        "BFloat16", "Bool", "Byte", "Char", "ComplexDouble", "ComplexFloat", "Double", "Float",
        "Half", "Int", "Long", "Short",
    ]

    private static let quantizedKinds = ["QInt32", "QInt8", "QUInt2x4", "QUInt4x2", "QUInt8"]
}
