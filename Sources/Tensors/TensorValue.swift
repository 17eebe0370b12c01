/// A tensor of any kind.
public enum TensorValue: Sendable {
    /// An ordinary tensor, quantized ones and those without data included.
    case strided(Tensor)
    /// A sparse tensor.
    case sparse(SparseTensor)
    /// A nested tensor.
    case nested(NestedTensor)
    /// A tensor that has no shape yet.
    case uninitialized(UninitializedTensor)

    /// The type of the elements.
    public var dtype: DType {
        switch self {
        case .strided(let tensor): tensor.dtype
        case .sparse(let tensor): tensor.dtype
        case .nested(let tensor): tensor.dtype
        case .uninitialized(let tensor): tensor.dtype
        }
    }

    /// The device tag.
    public var device: Device {
        switch self {
        case .strided(let tensor): tensor.device
        case .sparse(let tensor): tensor.device
        case .nested(let tensor): tensor.device
        case .uninitialized(let tensor): tensor.device
        }
    }

    /// The name of the layout, as `torch.Tensor.layout` without `torch.`; `nested` for a nested
    /// tensor of strided components, `uninitialized` for one without a shape.
    public var layoutName: String {
        switch self {
        case .strided: "strided"
        case .sparse(let tensor): tensor.layout.rawValue
        case .nested(let tensor): tensor.layoutName
        case .uninitialized: "uninitialized"
        }
    }
}
