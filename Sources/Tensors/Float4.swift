/// Two 4-bit floats in one byte, 2 exponent and 1 fraction bits each (OCP microscaling).
///
/// A number is one of 0, 0.5, 1, 1.5, 2, 3, 4, 6 or its negative. torch counts the pair as one
/// element; its Python counterpart is an element of a tensor of dtype `torch.float4_e2m1fn_x2`.
public struct Float4E2M1FNx2: TensorElement, Hashable {
    /// Both codes, the first number's in the lower four bits.
    public let bitPattern: UInt8

    /// Creates the pair that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates a pair of the numbers nearest to `low` and `high`, on a tie the even ones.
    ///
    /// Magnitudes above 6 become 6. The result is nil when a number is NaN, which has no code.
    public init?(low: Float, high: Float) {
        guard !low.isNaN, !high.isNaN else { return nil }
        bitPattern = Self.encode(low) | Self.encode(high) << 4
    }

    /// The first number of the pair: the lower four bits.
    public var low: Float { Self.decode(bitPattern & 0xF) }

    /// The second number of the pair: the upper four bits.
    public var high: Float { Self.decode(bitPattern >> 4) }

    /// Returns whether both pairs are the same numbers.
    public static func == (left: Self, right: Self) -> Bool {
        left.low == right.low && left.high == right.high
    }

    /// Hashes both numbers.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(low)
        hasher.combine(high)
    }

    private static var format: NarrowFormat {
        NarrowFormat(width: 4, fractionBits: 1, bias: 1, specials: .saturation)
    }

    private static func encode(_ value: Float) -> UInt8 {
        UInt8(truncatingIfNeeded: format.encode(value))
    }

    private static func decode(_ code: UInt8) -> Float {
        format.decode(UInt32(code))
    }
}

extension Float4E2M1FNx2: CustomStringConvertible {
    /// Both numbers, such as `(0.5, -6.0)`.
    public var description: String { "(\(low), \(high))" }
}
