import ArgumentParser
import TorchCheckpoint

/// How a checkpoint is written, when the output is one.
struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tag all storages with a device, or some: cpu, cuda:0, cuda:1=cpu.",
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
        let rules = mapLocation.map { rule in
            let parts = rule.split(separator: "=", maxSplits: 1).map(String.init)
            return (parts.count > 1 ? parts[0] : nil, Device(rawValue: parts.last ?? ""))
        }
        guard !rules.isEmpty else { return .preserve }
        return LocationMap { device in
            rules.first { $0.0 == nil || $0.0 == device.rawValue }?.1 ?? device
        }
    }

    func validate() throws {
        for rule in mapLocation where rule.isEmpty || rule.hasPrefix("=") || rule.hasSuffix("=") {
            throw ValidationError("--map-location takes DEVICE or FROM=TO, not '\(rule)'.")
        }
    }
}
