import Pickle
import Tensors

/// What torch's unpickler with restrictions has for a name that it accepts.
enum SafeGlobal: Equatable {
    case rebuild(GlobalRole.TensorRebuilder)
    case dictionary(PythonValue.DictionaryClass)
    case set, byteArray, complex, encode, size, device, layoutFunction
    case parameter
    /// `torch.Tensor`, or a class of tensors of a dtype.
    case tensorClass(TensorClass)
    /// A class of storages, of which torch has no more than the dtype there.
    case storageType(DType)
    case untypedStorage, typedStorage
    case dtype(DType)
    /// `torch.int1` to `torch.int7` and `torch.uint1` to `torch.uint7`, of which no tensor is saved.
    case narrowInteger
    case scheme(QuantizationScheme)
    /// A class or function that the caller has accepted.
    case added

    struct TensorClass: Equatable {
        /// Nil for `torch.Tensor`.
        let dtype: DType?
        let isSparse: Bool
        let isCUDA: Bool
    }

    enum QuantizationScheme: String {
        case tensor = "per_tensor_affine"
        case channel = "per_channel_affine"
        case floatChannel = "per_channel_affine_float_qparams"
        case symmetricTensor = "per_tensor_symmetric"
        case symmetricChannel = "per_channel_symmetric"
    }

    /// - Parameter path: Module and name, joined by a dot: torch looks up nothing else.
    init(_ path: String) {
        guard WeightsOnlyGlobals.names.contains(path), let dot = path.lastIndex(of: ".") else {
            self = .added
            return
        }
        let name = GlobalName(
            module: String(path[..<dot]), name: String(path[path.index(after: dot)...]))
        self = Self.known(name)
    }

    private static func known(_ name: GlobalName) -> SafeGlobal {
        let role = GlobalRole(name)
        switch role {
        case .rebuildTensor(let rebuilder): return .rebuild(rebuilder)
        case .storage(let dtype): return dtype.map(storageType) ?? .untypedStorage
        case .dtype(let dtype): return .dtype(dtype)
        case .size: return .size
        case .device: return .device
        case .encode: return .encode
        case .builtin(.set): return .set
        case .builtin(.bytearray): return .byteArray
        case .builtin(.complex): return .complex
        case .dictionary: return .dictionary(name.name == "Counter" ? .counter : .orderedDict)
        case .parameterClass: return .parameter
        case .tensorClass(let dtype, let isSparse):
            let isCUDA = name.module.hasPrefix("torch.cuda")
            return .tensorClass(TensorClass(dtype: dtype, isSparse: isSparse, isCUDA: isCUDA))
        case GlobalRole.layout: return .layoutFunction
        default: return QuantizationScheme(rawValue: name.name).map(scheme) ?? other(name.name)
        }
    }

    private static func other(_ name: String) -> SafeGlobal {
        name == "TypedStorage" ? .typedStorage : .narrowInteger
    }
}
