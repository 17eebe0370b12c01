// Rounding twice to nearest can differ from rounding once: 1 + 2⁻⁸ + 2⁻³⁰ goes to a tie as a Float,
// and from there to 1 as a BFloat16, though 1 + 2⁻⁷ is nearer. Rounding to odd first avoids that:
// an inexact result gets a last bit of 1, which keeps it off every tie of a format that is at least
// two bits narrower.

extension Float {
    /// The value when it is exact, or else the neighbour whose last bit is 1.
    @inline(__always)
    init(roundingToOdd value: Double) {
        let nearest = Float(value)
        let isExact = Double(nearest) == value || value != value
        let bits = nearest.bitPattern
        // One step back from infinity is the greatest finite number, whose last bit is 1.
        let truncated = Double(nearest.magnitude) > value.magnitude ? bits &- 1 : bits
        self.init(bitPattern: isExact ? bits : truncated | 1)
    }
}

extension Double {
    /// The value when it has at most 42 significant bits, or else a neighbour whose last bit is 1
    /// and which is close enough for rounding to a `Float` or narrower.
    @inline(__always)
    init<Integer: FixedWidthInteger>(roundingToOdd value: Integer) {
        let magnitude = UInt64(truncatingIfNeeded: value.magnitude)
        let dropped: UInt64 = 0x7FF
        let kept = magnitude & ~dropped
        let odd = kept | (magnitude & dropped == 0 ? 0 : dropped + 1)
        // Below 2⁵³ an integer is exact; above, 64 bits less the 11 dropped ones are.
        let exact = Double(magnitude >> 53 == 0 ? magnitude : odd)
        self = value < 0 ? -exact : exact
    }
}
