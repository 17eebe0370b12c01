public import Pickle
public import ZipArchive

/// How far a scan goes.
///
/// What is beyond is a finding: ``ScanFinding/Code/limitReached``.
/// See `Specs/limits.md`.
public struct ScanLimits: Hashable, Sendable {
    /// How deep files are looked for inside files.
    public var depth: Int
    /// The largest size of one inflated entry, in bytes.
    public var inflatedBytes: Int
    /// How many places are tried at which a hidden pickle could begin.
    public var attempts: Int
    /// What pickles may cost.
    public var pickleLimits: PickleLimits
    /// What archives may cost.
    public var zipLimits: ZipLimits

    /// Creates limits; what is not named has its default.
    public init(
        depth: Int = 4, inflatedBytes: Int = 1 << 26, attempts: Int = 4096,
        pickleLimits: PickleLimits = .default, zipLimits: ZipLimits = .default
    ) {
        self.depth = depth
        self.inflatedBytes = inflatedBytes
        self.attempts = attempts
        self.pickleLimits = pickleLimits
        self.zipLimits = zipLimits
    }

    /// The defaults.
    public static let `default` = ScanLimits()
}
