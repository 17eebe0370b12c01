/// What an archive may cost before it is refused.
///
/// See `Specs/limits.md`.
public struct ZipLimits: Hashable, Sendable {
    /// The largest number of entries.
    public var entries: Int
    /// The largest length of an entry's name, in bytes.
    public var nameBytes: Int
    /// The largest size of one inflated entry, in bytes.
    public var inflatedBytes: Int
    /// How many times the size of the archive all its deflated entries may have together once they
    /// are inflated, when that is more than 64 MiB.
    public var inflationRatio: Int
    /// The largest size of all deflated records together that are no storages (pickles, code, JSON),
    /// once they are inflated, in bytes.
    public var recordBytes: Int
    /// How many times the size of the archive these may have, when that is more than 1 MiB.
    public var recordRatio: Int

    /// Creates limits; what is not named has its default.
    public init(
        entries: Int = 1 << 22, nameBytes: Int = 4096, inflatedBytes: Int = 1 << 34,
        inflationRatio: Int = 64, recordBytes: Int = 1 << 31, recordRatio: Int = 32
    ) {
        self.entries = entries
        self.nameBytes = nameBytes
        self.inflatedBytes = inflatedBytes
        self.inflationRatio = inflationRatio
        self.recordBytes = recordBytes
        self.recordRatio = recordRatio
    }

    /// The defaults.
    public static let `default` = ZipLimits()
}
