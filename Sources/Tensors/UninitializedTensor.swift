/// A parameter or buffer of a lazy module before its first batch: it has no shape and no elements.
///
/// A file says no more of one than whether it is a parameter and whether gradients are recorded; it
/// comes back with torch's default dtype on the processor. The Python counterparts are
/// `torch.nn.UninitializedParameter` and `torch.nn.UninitializedBuffer`.
public struct UninitializedTensor: Hashable, Sendable {
    /// Whether gradients are recorded.
    public let requiresGrad: Bool
    /// Whether it is a `torch.nn.UninitializedParameter`, and not a buffer.
    public let isParameter: Bool

    /// The type that torch gives the elements: its default.
    public var dtype: DType { .float32 }
    /// The device tag that torch gives it.
    public var device: Device { .cpu }

    /// Creates a tensor without a shape.
    ///
    /// - Parameters:
    ///   - requiresGrad: Whether gradients are recorded.
    ///   - isParameter: Whether it is a parameter, and not a buffer.
    public init(requiresGrad: Bool, isParameter: Bool) {
        self.requiresGrad = requiresGrad
        self.isParameter = isParameter
    }
}

extension UninitializedTensor: CustomStringConvertible {
    /// As Python shows it: `UninitializedParameter`.
    public var description: String {
        isParameter ? "UninitializedParameter" : "UninitializedBuffer"
    }
}
