/// What a pickle may cost before it is refused.
///
/// The defaults are far above any real checkpoint (a million tensors need about 13 million nodes)
/// and far below what would exhaust a machine. See `Specs/limits.md`.
public struct PickleLimits: Hashable, Sendable {
    /// The largest pickle, in bytes; at most 4 GiB − 1, because places in it are 32-bit numbers.
    public var bytes: Int
    /// The largest number of objects in the graph; at most 2^29, because their ids are 32-bit
    /// numbers.
    public var nodes: Int
    /// The largest number of decimal digits of an integer written as text, as in CPython.
    public var integerDigits: Int
    /// The largest length of a module's name, or of the name of a class or function, in bytes.
    public var nameBytes: Int

    /// Creates limits; what is not named has its default.
    public init(
        bytes: Int = 1 << 31, nodes: Int = 1 << 26, integerDigits: Int = 4300,
        nameBytes: Int = 1024
    ) {
        self.bytes = bytes
        self.nodes = nodes
        self.integerDigits = integerDigits
        self.nameBytes = nameBytes
    }

    /// The defaults.
    public static let `default` = PickleLimits()
}

extension PickleLimits {
    /// These limits, none above what the numbers in a graph can hold.
    var clamped: PickleLimits {
        var limits = self
        limits.bytes = min(bytes, Int(UInt32.max))
        limits.nodes = min(nodes, 1 << 29)
        return limits
    }
}
