public import TorchCheckpoint

/// The type of a model's numbers: `Float` or `Double`.
///
/// Sums are made in `Double` and rounded once, which is as near to the true value as the type can
/// be; torch's own sums of `float32` are nearly as near.
public protocol NetworkScalar: BinaryFloatingPoint, TensorElement {
    /// The value as a `Double`, which holds it exactly.
    var widened: Double { get }
    /// Creates the value that is nearest to `wide`.
    init(rounding wide: Double)
}

extension Float: NetworkScalar {
    /// The value as a `Double`.
    public var widened: Double { Double(self) }
    /// Creates the value that is nearest to `wide`.
    public init(rounding wide: Double) { self.init(wide) }
}

extension Double: NetworkScalar {
    /// The value itself.
    public var widened: Double { self }
    /// Creates the same value.
    public init(rounding wide: Double) { self = wide }
}
