/// An 8-bit float with 5 exponent and 2 fraction bits, and with infinities (OCP).
///
/// Finite magnitudes reach 57344. The Python counterpart is an element of a tensor of dtype `torch.float8_e5m2`.
public struct Float8E5M2: NarrowFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    private static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 2, bias: 15, specials: .infinities)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// A magnitude that rounds above 57344 becomes an infinity.
    @inline(__always)
    public init(_ value: Float) {
        bitPattern = UInt8(truncatingIfNeeded: Self.format.encode(value))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float { Self.format.decode(UInt32(bitPattern)) }
}

/// An 8-bit float with 4 exponent and 3 fraction bits, and without infinities (OCP).
///
/// Finite magnitudes reach 448. The Python counterpart is an element of a tensor of dtype `torch.float8_e4m3fn`.
public struct Float8E4M3FN: NarrowFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    private static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 3, bias: 7, specials: .allOnes)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// A magnitude above 448 becomes 448, that of an infinity too, as in torch since a version
    /// between 2.6 and 2.13; before, it became NaN when it did not round to 448.
    @inline(__always)
    public init(_ value: Float) {
        bitPattern = UInt8(truncatingIfNeeded: Self.format.encode(value))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float { Self.format.decode(UInt32(bitPattern)) }
}

/// An 8-bit float with 5 exponent and 2 fraction bits, one NaN and one zero.
///
/// Finite magnitudes reach 57344. The Python counterpart is an element of a tensor of dtype `torch.float8_e5m2fnuz`.
public struct Float8E5M2FNUZ: NarrowFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    private static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 2, bias: 16, specials: .negativeZero)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// A magnitude that rounds above 57344 becomes NaN, an infinity too; negative zero becomes
    /// zero.
    @inline(__always)
    public init(_ value: Float) {
        bitPattern = UInt8(truncatingIfNeeded: Self.format.encode(value))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float { Self.format.decode(UInt32(bitPattern)) }
}

/// An 8-bit float with 4 exponent and 3 fraction bits, one NaN and one zero.
///
/// Finite magnitudes reach 240. The Python counterpart is an element of a tensor of dtype `torch.float8_e4m3fnuz`.
public struct Float8E4M3FNUZ: NarrowFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    private static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 3, bias: 8, specials: .negativeZero)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// A magnitude that rounds above 240 becomes NaN, an infinity too; negative zero becomes zero.
    @inline(__always)
    public init(_ value: Float) {
        bitPattern = UInt8(truncatingIfNeeded: Self.format.encode(value))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float { Self.format.decode(UInt32(bitPattern)) }
}
