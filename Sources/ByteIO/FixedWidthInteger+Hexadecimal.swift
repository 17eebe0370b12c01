extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number with all hexadecimal digits of its type: `0a`.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
