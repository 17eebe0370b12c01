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
        let refused = refused(pickle.globalNames.map(\.python3), hasExtensions: false)
        try check(refused, of: contents)
        guard self != .inert, let opcode = pickle.beyondWeightsOnly.first else { return }
        throw CheckpointError(
            .unsupportedOpcode,
            "needs the instruction \(opcode.pythonName), which "
                + "torch.load(weights_only=True) does not take",
            advice: "For readers that trust the file, save with SaveOptions(globals: .inert)")
    }

    /// Checks a checkpoint that is copied.
    ///
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``.
    func checkSaving(_ contents: CheckpointContents) throws(CheckpointError) {
        let graph = contents.graph
        let names = graph.globalNames.map(\.python3)
        try check(refused(names, hasExtensions: graph.hasExtensions), of: contents)
        if let constants = contents.constants { try checkSaving(constants) }
        try ExportedProgram.checkOtherPickles(of: contents.source, self)
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
            advice:
                "Keep them knowingly with SaveOptions(globals: .inert) or .weightsOnly.adding(…), "
                + "or remove what refers to them")
    }
}

extension CheckpointContents {
    /// The first place at which something is, or is made by, the class or function of a name.
    fileprivate func path(to name: String) -> CheckpointPath? {
        let isNamed = graph.globalNames.map { $0.python3.description == name }
        var traversal = Traversal(CheckpointValue(contents: self, id: graph.root))
        // The place is a help; the refusal stands without it.
        while let visit = try? traversal.next() {
            let id = visit.value.id
            let callable = graph.call(id)?.callable ?? id
            let isOf = graph.globalIndex(callable).map { isNamed[$0] } ?? false
            if isOf || visit.value.classWrittenAsCall == name { return traversal.path }
        }
        return nil
    }
}

extension CheckpointValue {
    /// The class that protocol 2 calls for what later ones have an instruction for.
    fileprivate var classWrittenAsCall: String? {
        switch graph.kind(of: id) {
        case .frozenSet: "builtins.frozenset"
        case .set: "builtins.set"
        case .bytes: bytes?.isEmpty == true ? "builtins.bytes" : "_codecs.encode"
        case .byteArray: "builtins.bytearray"
        default: nil
        }
    }
}
