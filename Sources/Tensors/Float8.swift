/// An 8-bit float with 5 exponent and 2 fraction bits, and with infinities (OCP).
///
/// Finite magnitudes reach 57344; one that rounds above becomes an infinity.
///
/// The Python counterpart is an element of a tensor of dtype `torch.float8_e5m2`.
public struct Float8E5M2: FormatDefinedFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 2, bias: 15, specials: .infinities)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }
}

/// An 8-bit float with 4 exponent and 3 fraction bits, and without infinities (OCP).
///
/// Magnitudes reach 448. A greater one becomes 448, that of an infinity too, as in torch since a
/// version between 2.6 and 2.13; before, it became NaN when it did not round to 448.
///
/// The Python counterpart is an element of a tensor of dtype `torch.float8_e4m3fn`.
public struct Float8E4M3FN: FormatDefinedFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 3, bias: 7, specials: .allOnes)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }
}

/// An 8-bit float with 5 exponent and 2 fraction bits, one NaN and one zero.
///
/// Magnitudes reach 57344. One that rounds above becomes NaN, an infinity too; negative zero
/// becomes zero.
///
/// The Python counterpart is an element of a tensor of dtype `torch.float8_e5m2fnuz`.
public struct Float8E5M2FNUZ: FormatDefinedFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 2, bias: 16, specials: .negativeZero)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }
}

/// An 8-bit float with 4 exponent and 3 fraction bits, one NaN and one zero.
///
/// Magnitudes reach 240. One that rounds above becomes NaN, an infinity too; negative zero becomes
/// zero.
///
/// The Python counterpart is an element of a tensor of dtype `torch.float8_e4m3fnuz`.
public struct Float8E4M3FNUZ: FormatDefinedFloat {
    /// The bits of the value, as they stand in a file.
    public let bitPattern: UInt8

    static var format: NarrowFormat {
        NarrowFormat(width: 8, fractionBits: 3, bias: 8, specials: .negativeZero)
    }

    /// Creates the value that has the given bits.
    public init(bitPattern: UInt8) { self.bitPattern = bitPattern }
}
