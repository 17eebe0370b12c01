/// The parameters of a narrow floating-point format, and the conversions that follow from them.
///
/// A code is sign, exponent and fraction, from the top. There are no branches below, so that the
/// compiler can turn loops over these functions into vector code.
struct NarrowFormat {
    /// What stands where IEEE 754 has infinities and NaNs, and what becomes of a too large number.
    enum Specials {
        /// Infinities and NaNs as in IEEE 754; a too large number becomes an infinity.
        case infinities
        /// One NaN per sign, all bits set, and no infinities; a too large number becomes the
        /// greatest.
        case allOnes
        /// The code of negative zero is the only NaN; a too large number becomes NaN.
        case negativeZero
        /// All codes are finite numbers; a too large number becomes the greatest.
        case saturation
    }

    /// The number of bits of a code.
    let width: UInt32
    /// The number of fraction bits.
    let fractionBits: UInt32
    /// What is added to an exponent to store it.
    let bias: UInt32
    /// What the codes that are not finite numbers mean.
    let specials: Specials

    @inline(__always)
    private var signBit: UInt32 { 1 << (width - 1) }

    /// How much further left a fraction stands in a `Float`.
    @inline(__always)
    private var shift: UInt32 { 23 - fractionBits }

    /// The code of the greatest finite number.
    @inline(__always)
    private var greatest: UInt32 {
        switch specials {
        case .infinities: infinity - 1
        case .allOnes: signBit - 2
        case .negativeZero, .saturation: signBit - 1
        }
    }

    @inline(__always)
    private var infinity: UInt32 { signBit - (1 << fractionBits) }

    @inline(__always)
    private var overflow: UInt32 {
        switch specials {
        case .infinities: infinity
        case .allOnes, .saturation: greatest
        case .negativeZero: signBit
        }
    }
}

extension NarrowFormat {
    /// The code of the number nearest to `value`, on a tie the even one.
    @inline(__always)
    func encode(_ value: Float) -> UInt32 {
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        let leastNormal = (128 - bias) << 23
        let rounded =
            magnitude < leastNormal ? encodeSubnormal(magnitude) : encodeNormal(magnitude)
        let number = rounded > greatest ? overflow : rounded
        let code = magnitude > 0x7F80_0000 ? encodeNaN(magnitude) : number
        let sign = (value.bitPattern >> 31) << (width - 1)
        return specials == .negativeZero && code == 0 ? 0 : code | sign
    }

    @inline(__always)
    private func encodeNormal(_ magnitude: UInt32) -> UInt32 {
        let isOdd = (magnitude >> shift) & 1
        let rebased = magnitude &- ((127 - bias) << 23)
        return (rebased &+ ((1 << (shift - 1)) - 1) &+ isOdd) >> shift
    }

    // The addend is so large that the sum's last bit is worth one code: the addition rounds.
    @inline(__always)
    private func encodeSubnormal(_ magnitude: UInt32) -> UInt32 {
        let addend = (151 - bias - fractionBits) << 23
        let sum = Float(bitPattern: magnitude) + Float(bitPattern: addend)
        return sum.bitPattern &- addend
    }

    // Formats of 16 bits keep what fits of the payload; torch sets all bits in those of 8.
    @inline(__always)
    private func encodeNaN(_ magnitude: UInt32) -> UInt32 {
        if specials == .negativeZero { return signBit }
        if width == 8 { return signBit - 1 }
        let payload = (magnitude >> shift) & ((1 << fractionBits) - 1)
        return infinity | (1 << (fractionBits - 1)) | payload
    }

    /// The number that `code` stands for.
    @inline(__always)
    func decode(_ code: UInt32) -> Float {
        let magnitude = (code & (signBit - 1)) << shift
        let leastNormal = (128 - bias) << 23
        // A subnormal number is a fraction without the implied 1: one is added and taken away. To
        // multiply by a power of two would do for all numbers, but processors are slow at that when
        // a factor is a subnormal Float.
        let subnormal = Float(bitPattern: magnitude + leastNormal) - Float(bitPattern: leastNormal)
        let normal = magnitude + ((127 - bias) << 23)
        let number = magnitude < 1 << 23 ? subnormal.bitPattern : normal
        let finite = (code & (signBit - 1)) <= greatest
        let sign = (code & signBit) << (32 - width)
        let bits = (finite ? number : magnitude | 0x7F80_0000) | sign
        return specials == .negativeZero && code == signBit ? .nan : Float(bitPattern: bits)
    }
}
