// The operations that torch's optimizers are made of, with the same rounding: a factor first to the
// type of the numbers, and a sum of a product once.
extension Array where Element: NetworkScalar {
    /// Adds as many other numbers, each times a factor: `add_(other, alpha=factor)`.
    mutating func add(_ other: [Element], times factor: Double) {
        let factor = Element(rounding: factor)
        for (index, number) in other.enumerated() { self[index].addProduct(number, factor) }
    }

    /// Multiplies all by a factor: `mul_(factor)`.
    mutating func scale(by factor: Double) {
        let factor = Element(rounding: factor)
        for index in indices { self[index] *= factor }
    }

    /// Goes a part of the way to as many other numbers: `lerp_(other, share)`.
    mutating func approach(_ other: [Element], by share: Double) {
        let share = Element(rounding: share)
        for (index, number) in other.enumerated() {
            // From the nearer end, as torch does, so that a whole way ends where it should.
            let difference = number - self[index]
            self[index] =
                share < 0.5 ? self[index] + share * difference : number - difference * (1 - share)
        }
    }

    /// Adds squares, each times a factor: `addcmul_(other, other, value=factor)`.
    mutating func addSquares(of other: [Element], times factor: Double) {
        let factor = Element(rounding: factor)
        for (index, number) in other.enumerated() { self[index] += factor * number * number }
    }

    /// Adds quotients, each times a factor: `addcdiv_(dividends, divisors, value=factor)`.
    mutating func addQuotients(_ dividends: [Element], _ divisors: [Element], times factor: Double)
    {
        let factor = Element(rounding: factor)
        for (index, (dividend, divisor)) in zip(dividends, divisors).enumerated() {
            self[index] += factor * dividend / divisor
        }
    }
}
