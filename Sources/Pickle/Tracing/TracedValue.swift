/// What is known of an object of a pickle while it is traced.
struct TracedValue {
    enum Kind: UInt8 {
        /// Nothing that matters.
        case other
        /// A text of the pickle; its number among the texts.
        case text
        /// A class or function; its number among the mentions.
        case global
        /// What a call of a known class or function gave; its number among the mentions.
        case result
        /// What a call of something else gave.
        case computed
        /// A tuple of two objects or more; its number among the tuples.
        case tuple
    }

    let kind: Kind
    private let number: UInt32

    /// The number of what it refers to.
    var index: Int { Int(number) }

    init(_ kind: Kind, _ index: Int = 0) {
        self.kind = kind
        number = UInt32(truncatingIfNeeded: index)
    }

    static let other = TracedValue(.other)
    static let computed = TracedValue(.computed)
}
