/// What a pickle may cost before it is refused.
///
/// The defaults are far above any real checkpoint (a million tensors need about 13 million nodes)
/// and far below what would exhaust a machine. See `Specs/limits.md`.
public struct PickleLimits: Hashable, Sendable {
    /// The largest pickle, in bytes; at most 4 GiB − 1, because places in it are 32-bit numbers.
    public var bytes: Int
    /// The largest number of objects in the graph.
    public var nodes: Int
    /// The largest number of decimal digits of an integer written as text, as in CPython.
    public var integerDigits: Int

    /// Creates limits; what is not named has its default.
    public init(bytes: Int = 1 << 31, nodes: Int = 1 << 26, integerDigits: Int = 4300) {
        self.bytes = bytes
        self.nodes = nodes
        self.integerDigits = integerDigits
    }

    /// The defaults.
    public static let `default` = PickleLimits()
}
