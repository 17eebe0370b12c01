/// An 8-bit scale: a power of two from 2⁻¹²⁷ to 2¹²⁷, or NaN (OCP microscaling).
///
/// There is no sign and no zero. The Python counterpart is an element of a tensor of dtype
/// `torch.float8_e8m0fnu`.
public struct Float8E8M0FNU: NarrowFloat {
    /// The bits of the value, as they stand in a file: an exponent with a bias of 127.
    public let bitPattern: UInt8

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates a power of two next to the magnitude of `value`, as torch chooses it.
    ///
    /// The sign is dropped. Half-way between two powers it is the greater one, and above 2⁻¹²⁷ it
    /// is 2⁻¹²⁶ at once; zero becomes 2⁻¹²⁷. Infinities and magnitudes from 1.5 × 2¹²⁷ become NaN.
    @inline(__always)
    public init(_ value: Float) {
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        let exponent = magnitude >> 23
        // A Float below 2⁻¹²⁶ has no implied bit; torch then rounds up from more than 2⁻¹²⁷.
        let half: UInt32 = exponent == 0 ? 0x40_0001 : 0x40_0000
        let roundsUp = magnitude & 0x7F_FFFF >= half && exponent < 0xFF
        bitPattern = UInt8(truncatingIfNeeded: exponent + (roundsUp ? 1 : 0))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float {
        switch bitPattern {
        case 0xFF: .nan
        case 0: Float(bitPattern: 0x40_0000)
        default: Float(bitPattern: UInt32(bitPattern) << 23)
        }
    }
}
