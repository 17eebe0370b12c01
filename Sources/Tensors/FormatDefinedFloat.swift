/// A type whose conversions follow from the parameters of its format.
///
/// Not a requirement of ``NarrowFloat``, because those are public and the format is not; nor could
/// ``Float8E8M0FNU`` fulfil it.
protocol FormatDefinedFloat: NarrowFloat {
    /// How sign, exponent and fraction stand in the bits.
    static var format: NarrowFormat { get }
}

extension FormatDefinedFloat {
    /// Creates the value nearest to `value`, on a tie the even one.
    @inline(__always)
    public init(_ value: Float) {
        self.init(bitPattern: BitPattern(truncatingIfNeeded: Self.format.encode(value)))
    }

    /// The value, exactly.
    @inline(__always)
    public var floatValue: Float {
        Self.format.decode(UInt32(truncatingIfNeeded: bitPattern))
    }
}
