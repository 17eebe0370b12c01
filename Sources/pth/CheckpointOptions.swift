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

    @Option(
        help: ArgumentHelp(
            "The container to write: zip, or legacy as torch before 1.6 wrote.",
            discussion: "Without it, that of the input; what is no zip or legacy file becomes zip "
                + "when it is changed.",
            valueName: "format"))
    var format: Container?

    @Flag(
        help: ArgumentHelp(
            "In an edited checkpoint, keep classes that torch.load(weights_only=True) refuses.",
            discussion: "An unedited copy keeps them anyway."))
    var keepGlobals = false

    @Flag(
        help: ArgumentHelp(
            "Write what torch.load(weights_only=True) takes: state dicts for whole models.",
            discussion: "What it would refuse is left out, and named."))
    var extractWeights = false

    /// The containers that can be written.
    enum Container: String, CaseIterable, ExpressibleByArgument {
        case zip, legacy
    }

    /// Whether nothing is asked for.
    var isEmpty: Bool {
        mapLocation.isEmpty && !compact && !repack && format == nil && !extractWeights
    }

    /// Whether a file of a format is to be written as it is.
    func isCopying(_ input: FileFormat) -> Bool {
        mapLocation.isEmpty && !compact && !extractWeights && layout(for: input) == .preserved
    }

    /// What the options ask for.
    func saveOptions(for input: FileFormat, isCopy: Bool) -> SaveOptions {
        SaveOptions(
            layout: layout(for: input), mapLocation: locationMap,
            globals: isCopy || keepGlobals ? .inert : .weightsOnly)
    }

    private func layout(for input: FileFormat) -> SaveOptions.Layout {
        switch format {
        case .legacy: repack || input != .legacy ? .legacy : .preserved
        case .zip: repack || ![.zip, .torchscript].contains(input) ? .current : .preserved
        case nil: repack ? .current : .preserved
        }
    }

    private var locationMap: LocationMap { .rules(mapLocation.compactMap(Self.locationRule)) }

    func validate() throws {
        guard !extractWeights || !keepGlobals else {
            throw ValidationError("--extract-weights leaves out what --keep-globals is to keep.")
        }
        for rule in mapLocation where Self.locationRule(rule) == nil {
            throw ValidationError(
                "--map-location takes a device such as cpu or cuda:0, or FROM=TO, not '\(rule)'.")
        }
    }
    /// What DEVICE or FROM=TO asks for; nil when the text is neither.
    private static func locationRule(_ text: String) -> (from: Device?, to: Device)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // torch can't load a tag that is not like this.
        guard let target = parts.last, target.wholeMatch(of: /[a-z][a-z0-9_]*(:[0-9]+)?/) != nil,
            parts[0] != ""
        else { return nil }
        let source = parts.count > 1 ? Device(rawValue: String(parts[0])) : nil
        return (source, Device(rawValue: String(target)))
    }
}
