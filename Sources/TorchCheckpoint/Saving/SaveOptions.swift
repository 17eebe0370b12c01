/// How a checkpoint is saved.
public struct SaveOptions: Sendable {
    /// How the file is laid out.
    public enum Layout: Sendable {
        /// As the file that the checkpoint was read from: root folder, records that are not
        /// understood, their order, alignment, byte order and the keys of storages. A checkpoint that
        /// was not edited is copied byte for byte. An edited legacy file stays one. What was made in
        /// Swift has no such file and is laid out as `current`, as are edited tars and pickles.
        case preserved
        /// As torch 2.13 would save the same objects: aligned and uncompressed, storages numbered in
        /// the order in which they are met, the root folder named after the file.
        case current
        /// As torch before 1.6, and torch 2.13 with `_use_new_zipfile_serialization=False`: pickles and
        /// storages one after another, without alignment, checksums or other records. Storages are
        /// numbered in the order in which they are met.
        case legacy
    }

    /// How the file is laid out.
    public var layout: Layout
    /// What happens to the device tags of storages.
    public var mapLocation: LocationMap
    /// Which classes and functions the file may name.
    public var globals: GlobalPolicy
    /// What the contents of records are aligned to, in bytes; nil for that of the file that was read,
    /// or torch's 64.
    public var storageAlignment: Int?
    /// Whether records have checksums; nil for as in the file that was read, or yes.
    public var computesChecksums: Bool?

    /// The greatest alignment: its padding has to fit a field of 64 KiB.
    public static let maximumAlignment = 32_768

    /// - Throws: ``CheckpointError/Code/unwritableRecord`` for an alignment that can't be had.
    func check() throws(CheckpointError) {
        guard let storageAlignment, !(1...Self.maximumAlignment ~= storageAlignment) else { return }
        throw CheckpointError(
            .unwritableRecord, "records can't be aligned to \(storageAlignment) bytes",
            advice: "Choose an alignment from 1 to \(Self.maximumAlignment)")
    }

    /// Whether everything is to be as in the file that was read.
    var keepsFile: Bool {
        layout == .preserved && storageAlignment == nil && computesChecksums == nil
    }

    /// Creates options; what is not named has its default.
    ///
    /// - Parameters:
    ///   - layout: How the file is laid out.
    ///   - mapLocation: What happens to the device tags of storages: `.cpu` makes a file that loads
    ///     on a machine without the device that it was saved on.
    ///   - globals: Which classes and functions the file may name. The default passes on only what
    ///     `torch.load(weights_only=True)` accepts; `.inert` keeps whatever there is.
    ///   - storageAlignment: What the contents of records are aligned to, from 1 to 32768; the
    ///     counterpart of `torch.utils.serialization.config.save.storage_alignment`.
    ///   - computesChecksums: Whether records have checksums; the counterpart of
    ///     `torch.serialization.set_crc32_options`.
    public init(
        layout: Layout = .preserved, mapLocation: LocationMap = .preserve,
        globals: GlobalPolicy = .weightsOnly, storageAlignment: Int? = nil,
        computesChecksums: Bool? = nil
    ) {
        self.layout = layout
        self.mapLocation = mapLocation
        self.globals = globals
        self.storageAlignment = storageAlignment
        self.computesChecksums = computesChecksums
    }
}
