// Arithmetic on numbers that come from a file. A wrapped or trapped sum is how parsers fail, so
// every such sum, product and narrowing goes through here.

extension FixedWidthInteger {
    /// Returns the sum, or throws ``CheckpointError/Code/numberOutOfRange``.
    @inlinable
    package func addingChecked(_ other: Self) throws(CheckpointError) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { throw .overflow("\(self) + \(other)") }
        return sum
    }

    /// Returns the product, or throws ``CheckpointError/Code/numberOutOfRange``.
    @inlinable
    package func multipliedChecked(by other: Self) throws(CheckpointError) -> Self {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        guard !overflow else { throw .overflow("\(self) × \(other)") }
        return product
    }
}

extension FixedWidthInteger {
    /// Returns the sum, or the largest number when it does not fit, where a number is only reported.
    @inlinable
    package func addingCapped(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// Returns the product of two that are not negative, or the largest number when it does not fit.
    @inlinable
    package func multipliedCapped(by other: Self) -> Self {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

extension Int {
    /// Returns the value as an `Int`, or throws ``CheckpointError/Code/numberOutOfRange``.
    @inlinable
    package init(checked value: some BinaryInteger) throws(CheckpointError) {
        guard let exact = Int(exactly: value) else { throw .overflow("\(value)") }
        self = exact
    }
}

extension CheckpointError {
    @inline(never)
    @usableFromInline
    static func overflow(_ what: String) -> CheckpointError {
        CheckpointError(.numberOutOfRange, "\(what) does not fit a 64-bit integer")
    }
}
