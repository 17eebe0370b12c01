/// How a checkpoint is opened.
public struct LoadOptions: Sendable {
    /// What happens to the device tags of storages.
    public var mapLocation: LocationMap
    /// Which classes and functions the pickle may name; ``GlobalPolicy/weightsOnly`` also refuses what
    /// else torch does.
    public var globals: GlobalPolicy
    /// What the strings of Python 2 are taken for.
    public var encoding: PickleEncoding
    /// How the file comes into memory; of no account for bytes that are there already.
    public var fileAccess: FileAccess
    /// What the archive may cost.
    public var zipLimits: ZipLimits
    /// What the pickle may cost.
    public var pickleLimits: PickleLimits
    /// What going through the values may cost.
    public var valueLimits: ValueLimits

    /// Creates options; what is not named has its default.
    ///
    /// - Parameters:
    ///   - mapLocation: What happens to the device tags of storages.
    ///   - globals: Which classes and functions the pickle may name. Nothing is ever called, so the
    ///     default accepts all of them.
    ///   - encoding: What the strings of Python 2 are taken for, as `torch.load(encoding=…)`.
    ///   - fileAccess: How the file comes into memory, as `torch.load(mmap=…)`.
    ///   - zipLimits: What the archive may cost.
    ///   - pickleLimits: What the pickle may cost.
    ///   - valueLimits: What going through the values may cost.
    public init(
        mapLocation: LocationMap = .preserve, globals: GlobalPolicy = .inert,
        encoding: PickleEncoding = .utf8, fileAccess: FileAccess = .mapped,
        zipLimits: ZipLimits = .default, pickleLimits: PickleLimits = .default,
        valueLimits: ValueLimits = .default
    ) {
        self.mapLocation = mapLocation
        self.globals = globals
        self.encoding = encoding
        self.fileAccess = fileAccess
        self.zipLimits = zipLimits
        self.pickleLimits = pickleLimits
        self.valueLimits = valueLimits
    }
}
