/// How a checkpoint is saved.
public struct SaveOptions: Sendable {
    /// How the file is laid out.
    public enum Layout: Sendable {
        /// As the file that the checkpoint was read from: root folder, records that are not
        /// understood, their order, alignment, byte order and the keys of storages. A checkpoint that
        /// was not edited is copied byte for byte. What was made in Swift has no such file and is
        /// laid out as `current`.
        case preserved
        /// As torch 2.13 would save the same objects: aligned and uncompressed, storages numbered in
        /// the order in which they are met, the root folder named after the file.
        case current
    }

    /// How the file is laid out.
    public var layout: Layout
    /// What happens to the device tags of storages.
    public var mapLocation: LocationMap
    /// Which classes and functions the file may name.
    public var globals: GlobalPolicy

    /// Creates options; what is not named has its default.
    ///
    /// - Parameters:
    ///   - layout: How the file is laid out.
    ///   - mapLocation: What happens to the device tags of storages: `.cpu` makes a file that loads
    ///     on a machine without the device that it was saved on.
    ///   - globals: Which classes and functions the file may name. The default passes on only what
    ///     `torch.load(weights_only=True)` accepts; `.inert` keeps whatever there is.
    public init(
        layout: Layout = .preserved, mapLocation: LocationMap = .preserve,
        globals: GlobalPolicy = .weightsOnly
    ) {
        self.layout = layout
        self.mapLocation = mapLocation
        self.globals = globals
    }
}
