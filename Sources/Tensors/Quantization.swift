/// How the integers of a quantized tensor stand for real numbers: `(integer - zeroPoint) * scale`.
///
/// The Python counterparts are `torch.Tensor.qscheme()`, `q_scale()`, `q_zero_point()`,
/// `q_per_channel_scales()`, `q_per_channel_zero_points()` and `q_per_channel_axis()`.
public enum Quantization: Sendable {
    /// One scale and zero point for all elements: `torch.per_tensor_affine`.
    ///
    /// torch takes any scale, also 0, negative numbers and NaN. A zero point that the dtype has no
    /// integer for is refused when elements are dequantized, as in torch.
    case perTensor(scale: Double, zeroPoint: Int)
    /// A scale and a zero point for each place along a dimension.
    case perChannel(ChannelQuantization)

    /// The name of the scheme in torch, without `torch.`.
    public var schemeName: String {
        switch self {
        case .perTensor: "per_tensor_affine"
        case .perChannel(let channels):
            channels.hasFloatParameters
                ? "per_channel_affine_float_qparams" : "per_channel_affine"
        }
    }
}

/// Scales and zero points for the places along a dimension of a quantized tensor.
///
/// With zero points that are floating-point numbers, the scheme is
/// `torch.per_channel_affine_float_qparams`, whatever the file calls it; torch itself saves that
/// scheme under the name of the other.
public struct ChannelQuantization: Sendable {
    /// The scales: one dimension of floating-point numbers, `float64` as torch makes them, `float32`
    /// beside zero points that are floating-point numbers.
    public let scales: Tensor
    /// The zero points: one dimension, `int64` as torch makes them, or `float32`.
    public let zeroPoints: Tensor
    /// The dimension that they are for.
    public let axis: Int

    /// Creates a quantization for the places along a dimension.
    public init(scales: Tensor, zeroPoints: Tensor, axis: Int) {
        self.scales = scales
        self.zeroPoints = zeroPoints
        self.axis = axis
    }

    /// Whether the zero points are floating-point numbers.
    public var hasFloatParameters: Bool { zeroPoints.dtype.isFloatingPoint }
}
