/// What happens to the device tags of storages when a checkpoint is loaded or saved.
///
/// Data is in host memory whatever its tag says; a map changes the tags only, and a file that is
/// saved has the new ones. The Python counterpart is the `map_location` argument of `torch.load`.
public struct LocationMap: Sendable {
    private let transform: (@Sendable (Device) -> Device)?

    /// Leaves every tag as it is in the file, the default.
    public static let preserve = LocationMap(transform: nil)

    /// Tags everything `cpu`.
    public static let cpu = device(.cpu)

    /// Tags everything with one device.
    public static func device(_ device: Device) -> LocationMap {
        LocationMap { _ in device }
    }

    /// Replaces the devices that are keys of `map`, and leaves others as they are.
    public static func map(_ map: [Device: Device]) -> LocationMap {
        LocationMap { map[$0] ?? $0 }
    }

    /// Replaces devices by the first rule that fits each, and leaves others as they are.
    ///
    /// A rule fits one device (`cuda:1`), or all of a type when it names no index (`cuda`), or
    /// every device when it names none. This has `cuda:1` as it is, the other CUDA devices as the
    /// first, and all the rest as `cpu`:
    ///
    ///     let cuda = Device(rawValue: "cuda")
    ///     LocationMap.rules([(.cuda(1), .cuda(1)), (cuda, .cuda(0)), (nil, .cpu)])
    ///
    /// - Parameter rules: What is replaced, and by what; without rules, nothing is.
    public static func rules(_ rules: [(from: Device?, to: Device)]) -> LocationMap {
        guard !rules.isEmpty else { return .preserve }
        return LocationMap { device in
            rules.first { $0.from?.covers(device) ?? true }?.to ?? device
        }
    }

    private init(transform: (@Sendable (Device) -> Device)?) { self.transform = transform }

    /// Creates a map from a function from the tag in the file to the tag to be used.
    public init(_ transform: @escaping @Sendable (Device) -> Device) {
        self.transform = transform
    }

    /// The tag that replaces `device`.
    public func callAsFunction(_ device: Device) -> Device { transform?(device) ?? device }

    /// Whether no tag can change.
    var isIdentity: Bool { transform == nil }
}

extension Device {
    /// Whether `device` is this one, or one of this type when this has no index.
    fileprivate func covers(_ device: Device) -> Bool {
        self == device || rawValue == device.type
    }
}
