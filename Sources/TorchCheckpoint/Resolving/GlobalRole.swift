import Pickle
import Tensors

/// What a class or function that a pickle names means to this library.
enum GlobalRole: Equatable {
    /// One of torch's functions that make a tensor of its arguments.
    case rebuildTensor(TensorRebuilder)
    /// A class of storages; the dtype is nil for untyped ones.
    case storage(DType?)
    /// An element type.
    case dtype(DType)
    /// `torch.Size`.
    case size
    /// `torch.device`.
    case device
    /// `_codecs.encode`, by which old protocols write `bytes`.
    case encode
    /// A class of Python that old protocols write as a call.
    case builtin(Builtin)
    /// A dictionary class whose entries are all that matters.
    case dictionary(DictionaryConstructor)
    /// A function by which TorchScript marks the type of a list or dictionary, its argument.
    case typeMark
    /// One of NumPy's ways to make arrays, scalars and dtypes.
    case numPy(NumPyRole)
    /// A class or function of Python whose objects are shown as Python shows them.
    case python(PythonClass.Number)
    /// A class of tensors, as old versions of torch had one for each dtype; nil for
    /// `torch.Tensor`.
    case tensorClass(DType?, isSparse: Bool)
    /// `torch.nn.Parameter`.
    case parameterClass
    /// `torch.nn.UninitializedParameter` or `UninitializedBuffer`.
    case uninitializedClass(isParameter: Bool)
    /// `torch.autograd.Variable`, which became `torch.Tensor`.
    case variable
    /// Any other class or function: known by its name only.
    case other

    /// Whether what it is called with is gone through whenever what it makes is asked for.
    var hasReadArguments: Bool {
        switch self {
        case .numPy, .size, .rebuildTensor, .tensorClass, .parameterClass, .uninitializedClass,
            .variable:
            true
        default: false
        }
    }

    /// How many tensors it makes: none where it is put around one, and several where what it makes
    /// has parts that are tensors.
    var tensorCount: Int {
        switch self {
        case .rebuildTensor(.parameter), .rebuildTensor(.parameterWithState),
            .rebuildTensor(.fromType):
            0
        case .rebuildTensor(.sparse), .rebuildTensor(.jagged), .rebuildTensor(.nested): 4
        case .rebuildTensor, .tensorClass, .uninitializedClass: 1
        default: 0
        }
    }

    /// What the constructor of a dictionary class takes.
    enum DictionaryConstructor {
        /// Entries: a dictionary or pairs.
        case entries
        /// What makes default values, then entries.
        case defaultFactory
    }

    /// The functions of torch that make a tensor.
    enum TensorRebuilder: String {
        case tensor = "_rebuild_tensor"
        case tensorV2 = "_rebuild_tensor_v2"
        case tensorV3 = "_rebuild_tensor_v3"
        case quantized = "_rebuild_qtensor"
        case parameter = "_rebuild_parameter"
        case parameterWithState = "_rebuild_parameter_with_state"
        case fromType = "_rebuild_from_type_v2"
        case sparse = "_rebuild_sparse_tensor"
        case nested = "_rebuild_nested_tensor"
        case jagged = "_rebuild_njt"
        case meta = "_rebuild_meta_tensor_no_storage"
        case wrapper = "_rebuild_wrapper_subclass"
        case fromNumPy = "_rebuild_device_tensor_from_numpy"
        case xla = "_rebuild_xla_tensor"
        case fromCPU = "_rebuild_device_tensor_from_cpu_tensor"

        /// The function of a name, which may be one that an old version of torch had for it.
        init?(functionName name: String) { self.init(rawValue: Self.renamed[name] ?? name) }

        private static let renamed = [
            "_rebuild_from_type": Self.fromType.rawValue,
            "_rebuild_sparse_csr_tensor": Self.sparse.rawValue,
        ]
    }

    /// The classes of Python's own that old protocols write as a call.
    enum Builtin: String {
        case set, frozenset, bytes, bytearray, complex
    }

    /// Looks a name up, as Python 3 has it.
    init(_ name: GlobalName) {
        let name = name.python3
        self =
            switch name.module {
            // torch.load takes torch.tensor for torch._tensor, which was its name.
            case "torch._utils", "torch._tensor", "torch.tensor":
                TensorRebuilder(functionName: name.name).map(GlobalRole.rebuildTensor) ?? .other
            case "torch": Self.torchRole(name)
            case "torch.jit._pickle": ScriptTypeMark.names.contains(name.name) ? .typeMark : .other
            case let module where module.hasPrefix("torch.") || module.hasPrefix("torch_npu"):
                Self.torchModuleRole(name)
            case "builtins": Builtin(rawValue: name.name).map(GlobalRole.builtin) ?? .other
            case "collections":
                Self.dictionaryClasses[name.name].map(GlobalRole.dictionary) ?? .other
            case "_codecs": name.name == "encode" ? .encode : .other
            default: NumPyRole(name).map(GlobalRole.numPy) ?? .other
            }
        if self == .other, let known = PythonClass.Number(name) { self = .python(known) }
    }

    /// `torch.serialization._get_layout`, which gives a layout for its name.
    static let layout = GlobalRole(
        GlobalName(module: "torch.serialization", name: "_get_layout"))

    private static let dictionaryClasses: [String: DictionaryConstructor] = [
        "OrderedDict": .entries, "Counter": .entries, "defaultdict": .defaultFactory,
    ]

    private static func torchRole(_ name: GlobalName) -> GlobalRole {
        switch name.name {
        case "Size": .size
        case "device": .device
        default: DType(rawValue: name.name).map(GlobalRole.dtype) ?? classRole(name)
        }
    }

    private static func torchModuleRole(_ name: GlobalName) -> GlobalRole {
        switch (name.module, name.name) {
        case ("torch.nn.parameter", "Parameter"): .parameterClass
        case ("torch.nn.parameter", "UninitializedParameter"):
            .uninitializedClass(isParameter: true)
        case ("torch.nn.parameter", "UninitializedBuffer"):
            .uninitializedClass(isParameter: false)
        case ("torch.autograd", "Variable"), ("torch.autograd.variable", "Variable"): .variable
        case ("torch.nested._internal.nested_tensor", "_rebuild_njt"): .rebuildTensor(.jagged)
        default: classRole(name)
        }
    }

    private static func classRole(_ name: GlobalName) -> GlobalRole {
        guard name.name.hasSuffix("Tensor") else { return storageRole(name) }
        let isSparse = name.module.hasSuffix(".sparse")
        if name == GlobalName(module: "torch", name: "Tensor") {
            return .tensorClass(nil, isSparse: false)
        }
        let storage = name.name.dropLast("Tensor".count) + "Storage"
        return storageClasses[String(storage)].map { .tensorClass($0, isSparse: isSparse) }
            ?? .other
    }

    // Storages of other devices have the same class names in modules of their own: torch.cuda,
    // torch.xpu, torch_npu.
    private static func storageRole(_ name: GlobalName) -> GlobalRole {
        if let dtype = storageClasses[name.name] { return .storage(dtype) }
        return untypedStorageClasses.contains(name.name) ? .storage(nil) : .other
    }

    private static let untypedStorageClasses: Set = [
        "UntypedStorage", "_UntypedStorage",
    ]

    /// The class of storages of a dtype; nil for the dtypes whose storages are untyped.
    static func storageClass(of dtype: DType) -> GlobalName? {
        storageClassNames[dtype]
    }

    private static let storageClassNames = Dictionary(
        uniqueKeysWithValues: storageClasses.map { name, dtype in
            (dtype, GlobalName(module: "torch", name: name))
        })

    /// The class of storages that have no dtype.
    static let untypedStorage = GlobalName(module: "torch.storage", name: "UntypedStorage")

    private static let storageClasses: [String: DType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
        "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
        "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
        "BoolStorage": .bool, "ComplexDoubleStorage": .complex128,
        "ComplexFloatStorage": .complex64, "QInt8Storage": .qint8, "QUInt8Storage": .quint8,
        "QInt32Storage": .qint32, "QUInt4x2Storage": .quint4x2, "QUInt2x4Storage": .quint2x4,
    ]
}
