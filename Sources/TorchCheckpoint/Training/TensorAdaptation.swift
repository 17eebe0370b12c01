import ByteIO
import Tensors

/// Gives loaded tensors the properties that a model's own have, as `tensor.copy_(other)` keeps
/// them.
///
/// Loaded tensors that are views of one storage stay that, and equal views are converted once.
struct TensorAdaptation {
    /// Whether dtypes and devices are those of the loaded tensors.
    let assigns: Bool
    private var conversions: [Conversion: Tensor] = [:]
    private var moved: [Move: Storage] = [:]

    private struct Conversion: Hashable {
        let source: TensorView
        let target: DType
    }

    private struct Move: Hashable {
        let storage: ObjectIdentifier
        let device: Device
    }

    init(assigns: Bool) { self.assigns = assigns }

    /// The tensor that takes the place of a model's own.
    ///
    /// - Throws: ``CheckpointError/Code/inconvertible``; ``CheckpointError/Code/dtypeMismatch``
    ///   when a parameter would be of a dtype without gradients.
    mutating func adapt(_ loaded: Tensor, to own: Tensor) throws(CheckpointError) -> Tensor {
        let shaped = loaded.shape == own.shape ? loaded : try loaded.withoutDimension()
        guard !assigns else {
            guard own.isParameter else { return shaped }
            return try shaped.onto(
                shaped.storage, requiresGrad: own.requiresGrad, isParameter: true)
        }
        let converted = try convert(shaped, to: own.dtype)
        return try converted.onto(
            move(converted.storage, to: own.device), requiresGrad: own.requiresGrad,
            isParameter: own.isParameter)
    }

    private mutating func convert(
        _ tensor: Tensor, to dtype: DType
    ) throws(CheckpointError) -> Tensor {
        guard tensor.dtype != dtype else { return tensor }
        let conversion = Conversion(source: TensorView(tensor), target: dtype)
        if let known = conversions[conversion] { return known }
        let converted = try tensor.converted(to: dtype)
        conversions[conversion] = converted
        return converted
    }

    private mutating func move(_ storage: Storage, to device: Device) -> Storage {
        guard storage.device != device else { return storage }
        let move = Move(storage: ObjectIdentifier(storage), device: device)
        if let known = moved[move] { return known }
        let result = Storage(storage, device: device)
        moved[move] = result
        return result
    }
}

/// What makes two tensors the same memory.
///
/// It is valid as long as the tensor's storage is.
struct TensorView: Hashable {
    private let storage: ObjectIdentifier
    private let layout: TensorLayout
    private let dtype: DType
    private let operations: UInt8

    init(_ tensor: Tensor) {
        storage = ObjectIdentifier(tensor.storage)
        layout = tensor.layout
        dtype = tensor.dtype
        operations = tensor.pendingOperations.rawValue
    }
}
