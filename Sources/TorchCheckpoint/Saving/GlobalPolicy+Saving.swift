import ByteIO
import Pickle

// A file that is saved is going to be read by somebody's Python.
extension GlobalPolicy {
    /// Checks what an edited checkpoint was written as.
    ///
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``.
    func checkSaving(
        _ pickle: EmittedPickle, of contents: CheckpointContents
    ) throws(CheckpointError) {
        let refused = refused(pickle.globalNames, hasExtensions: false)
        try check(refused, of: contents)
        guard self != .inert, let place = pickle.beyondWeightsOnly.first else { return }
        throw CheckpointError(
            .unsupportedOpcode,
            "needs the instruction \(place.opcode.pythonName), which torch.load(weights_only=True) does not take",
            advice: "Keep it knowingly (SaveOptions.globals; pth convert --keep-globals)")
    }

    /// Checks a checkpoint that is copied.
    ///
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``.
    func checkSaving(_ contents: CheckpointContents) throws(CheckpointError) {
        let graph = contents.graph
        try check(refused(graph.globalNames, hasExtensions: graph.hasExtensions), of: contents)
    }

    private func check(
        _ refused: [String], of contents: CheckpointContents
    ) throws(CheckpointError) {
        guard !refused.isEmpty else { return }
        let places = refused.prefix(5).map { name in
            contents.path(to: name).map { "\(name) (at \($0.placeName))" } ?? name
        }
        throw CheckpointError(
            .forbiddenGlobal,
            "names \(places.joined(separator: ", "))\(refused.count > 5 ? ", …" : ""), which the "
                + "policy does not pass on to Python: reading the file there would run it",
            advice: "Keep them knowingly (SaveOptions.globals; pth convert --keep-globals), or "
                + "remove what refers to them (--drop)")
    }
}

extension CheckpointContents {
    /// The first place at which something is, or is made by, the class or function of a name.
    fileprivate func path(to name: String) -> CheckpointPath? {
        let isNamed = graph.globalNames.map { $0.description == name }
        var traversal = Traversal(CheckpointValue(contents: self, id: graph.root))
        while let visit = try? traversal.next() {
            let id = visit.value.id
            let callable = graph.call(id)?.callable ?? id
            if let global = graph.globalIndex(callable), isNamed[global] { return traversal.path }
        }
        return nil
    }
}
