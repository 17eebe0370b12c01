/// How a checkpoint is opened.
public struct LoadOptions: Sendable {
    /// What happens to the device tags of storages.
    public var mapLocation: LocationMap
    /// Which classes and functions the pickle may name.
    public var globals: GlobalPolicy
    /// What the archive may cost.
    public var zipLimits: ZipLimits
    /// What the pickle may cost.
    public var pickleLimits: PickleLimits

    /// Creates options; what is not named has its default.
    ///
    /// - Parameters:
    ///   - mapLocation: What happens to the device tags of storages.
    ///   - globals: Which classes and functions the pickle may name. Nothing is ever called, so the
    ///     default accepts all of them.
    ///   - zipLimits: What the archive may cost.
    ///   - pickleLimits: What the pickle may cost.
    public init(
        mapLocation: LocationMap = .preserve, globals: GlobalPolicy = .inert,
        zipLimits: ZipLimits = .default, pickleLimits: PickleLimits = .default
    ) {
        self.mapLocation = mapLocation
        self.globals = globals
        self.zipLimits = zipLimits
        self.pickleLimits = pickleLimits
    }
}
