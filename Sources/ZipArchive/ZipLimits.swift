/// What an archive may cost before it is refused.
///
/// See `Specs/limits.md`.
public struct ZipLimits: Hashable, Sendable {
    /// The largest number of entries.
    public var entries: Int
    /// The largest size of one inflated entry, in bytes.
    public var inflatedBytes: Int

    /// Creates limits; what is not named has its default.
    public init(entries: Int = 1 << 22, inflatedBytes: Int = 1 << 34) {
        self.entries = entries
        self.inflatedBytes = inflatedBytes
    }

    /// The defaults.
    public static let `default` = ZipLimits()
}
