import TorchCheckpoint

/// What a conversion says on standard error without having failed.
enum ConversionNotes {
    /// How many names of classes and functions are told; `pth inspect --json` has all.
    private static let shownNames = 64

    // A copy adds no danger to what is there already, but whoever gets it should know.
    static func tellGlobals(of checkpoint: Checkpoint) {
        let names = checkpoint.graph.globalNames.filter { !GlobalPolicy.weightsOnly.accepts($0) }
        guard !names.isEmpty else { return }
        var told = names.prefix(shownNames).map(\.description)
        if names.count > told.count { told.append("… \(names.count - told.count) more") }
        tell("the copy names what torch.load(weights_only=True) refuses", told)
    }

    /// Names what has no place in the file that was written; says nothing when that is nothing.
    static func tellLeftOut(_ names: [String], _ file: String) {
        guard !names.isEmpty else { return }
        let values = names.count == 1 ? "1 value has" : "\(names.count) values have"
        tell("\(values) no place in a \(file)", names)
    }

    private static func tell(_ what: String, _ names: [String]) {
        StandardError.write("pth: note: \(what): \(names.listed(5))".escapingControls)
    }
}
