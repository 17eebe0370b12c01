/// The upper half of a `Float`: 8 exponent and 7 fraction bits.
///
/// It has the range of `Float` and two to three decimal digits. The Python counterpart is an
/// element of a tensor of dtype `torch.bfloat16`.
@frozen
public struct BFloat16: NarrowFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt16

    private static var format: NarrowFormat {
        NarrowFormat(width: 16, fractionBits: 7, bias: 127, specials: .infinities)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// A magnitude above the greatest finite one becomes an infinity. NaN keeps its sign and the
    /// upper bits of its payload.
    @inline(__always)
    public init(_ value: Float) {
        bitPattern = UInt16(truncatingIfNeeded: Self.format.encode(value))
    }

    /// The value, exactly.
    @inlinable @inline(__always)
    public var floatValue: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}

/// IEEE 754 binary16 as a bit pattern.
///
/// Conversions go through this type and not through `Float16`, which Intel Macs lack, and which
/// x86-64 converts one by one in software.
struct Binary16: NarrowFloat {
    let bitPattern: UInt16

    private static var format: NarrowFormat {
        NarrowFormat(width: 16, fractionBits: 10, bias: 15, specials: .infinities)
    }

    init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    @inline(__always)
    init(_ value: Float) {
        bitPattern = UInt16(truncatingIfNeeded: Self.format.encode(value))
    }

    @inline(__always)
    var floatValue: Float { Self.format.decode(UInt32(bitPattern)) }
}
