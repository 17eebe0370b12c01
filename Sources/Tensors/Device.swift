/// Where a tensor's storage lived when it was saved: `cpu`, `cuda:0`, `mps`.
///
/// Data read from a checkpoint is always in host memory; a device is a tag that travels with it.
/// The Python counterpart is `torch.device` and the location string of `torch.save`.
public struct Device: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The tag as torch writes it, such as `cuda:0`.
    public let rawValue: String

    /// Creates a device from a tag such as `cuda:0`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Host memory.
    public static let cpu = Device(rawValue: "cpu")
    /// No memory at all: tensors that have a shape and no data.
    public static let meta = Device(rawValue: "meta")
    /// Apple's Metal Performance Shaders, as torch tags its first device.
    public static let mps = Device(rawValue: "mps")

    /// The CUDA device with the given index.
    public static func cuda(_ index: Int) -> Device { Device(rawValue: "cuda:\(index)") }

    /// The part before the colon: `cuda` of `cuda:0`.
    public var type: String {
        String(rawValue.prefix { $0 != ":" })
    }

    /// The number after the colon, or nil when there is none.
    public var index: Int? {
        guard let colon = rawValue.firstIndex(of: ":") else { return nil }
        return Int(rawValue[rawValue.index(after: colon)...])
    }

    /// The tag.
    public var description: String { rawValue }
}
