import ArgumentParser
import TorchCheckpoint

/// How a checkpoint is written, when the output is one.
struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tag all storages with a device, or some: cpu, cuda:1=cpu, cuda=cuda:0.",
            discussion: "Repeat it for more devices; the first that fits a storage counts.",
            valueName: "device"))
    var mapLocation: [String] = []

    @Flag(help: "Write only the parts of storages that tensors use; sharing is kept.")
    var compact = false

    @Flag(help: "Lay the file out as torch 2.13 does: aligned, uncompressed, renumbered.")
    var repack = false

    @Flag(
        help: ArgumentHelp(
            "In an edited checkpoint, keep classes that torch.load(weights_only=True) refuses.",
            discussion: "An unedited copy keeps them anyway."))
    var keepGlobals = false

    /// Whether the file is to be written as it is.
    var isEmpty: Bool { mapLocation.isEmpty && !compact && !repack }

    /// What the options ask for.
    func saveOptions(isCopy: Bool) -> SaveOptions {
        SaveOptions(
            layout: repack ? .current : .preserved, mapLocation: locationMap,
            globals: isCopy || keepGlobals ? .inert : .weightsOnly)
    }

    private var locationMap: LocationMap {
        let rules = mapLocation.compactMap(LocationRule.init)
        guard !rules.isEmpty else { return .preserve }
        return LocationMap { device in
            rules.first { $0.fits(device) }?.target ?? device
        }
    }

    func validate() throws {
        for rule in mapLocation where LocationRule(rule) == nil {
            throw ValidationError(
                "--map-location takes a device such as cpu or cuda:0, or FROM=TO, not '\(rule)'.")
        }
    }
}

/// A device that storages get, all of them or those of one device or kind of device.
private struct LocationRule {
    private let source: Device?
    let target: Device

    /// Nil when the text is neither a device nor FROM=TO.
    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // torch can't load a tag that is not like this.
        guard let target = parts.last, target.wholeMatch(of: /[a-z][a-z0-9_]*(:[0-9]+)?/) != nil,
            parts[0] != ""
        else { return nil }
        self.target = Device(rawValue: String(target))
        source = parts.count > 1 ? Device(rawValue: String(parts[0])) : nil
    }

    func fits(_ device: Device) -> Bool {
        source == nil || source == device || source?.rawValue == device.type
    }
}
