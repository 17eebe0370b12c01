/// The upper half of a `Float`: 8 exponent and 7 fraction bits.
///
/// It has the range of `Float` and two to three decimal digits. A magnitude that rounds above the
/// greatest finite one becomes an infinity; NaN keeps its sign and the upper bits of its payload.
/// The Python counterpart is an element of a tensor of dtype `torch.bfloat16`.
@frozen
public struct BFloat16: FormatDefinedFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt16

    static var format: NarrowFormat {
        NarrowFormat(width: 16, fractionBits: 7, bias: 127, specials: .infinities)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// The value, exactly.
    @inlinable @inline(__always)
    public var floatValue: Float {
        // The format comes to the same, but other modules can't inline it.
        Float(bitPattern: UInt32(bitPattern) << 16)
    }
}

/// IEEE 754 binary16 as a bit pattern.
///
/// Conversions go through this type and not through `Float16`, which Intel Macs lack, and which
/// x86-64 converts one by one in software.
struct Binary16: FormatDefinedFloat {
    let bitPattern: UInt16

    static var format: NarrowFormat {
        NarrowFormat(width: 16, fractionBits: 10, bias: 15, specials: .infinities)
    }

    init(bitPattern: UInt16) { self.bitPattern = bitPattern }
}
