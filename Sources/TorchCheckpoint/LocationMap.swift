/// What happens to the device tags of storages when a checkpoint is loaded or saved.
///
/// Data is in host memory whatever its tag says; a map changes the tags only, and a file that is
/// saved has the new ones. The Python
/// counterpart is the `map_location` argument of `torch.load`.
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
