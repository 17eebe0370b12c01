/// Which classes and functions a checkpoint may name.
///
/// Reading never calls anything, so a name is harmless here whatever it is; a policy matters to
/// those who hand the file on to Python, or who want only what torch itself would accept.
public struct GlobalPolicy: Hashable, Sendable {
    /// The names that are accepted, or nil when all are.
    private var accepted: Set<String>?

    /// Accepts every name, the default; unknown ones are kept as inert objects.
    public static let inert = GlobalPolicy(accepted: nil)

    /// Accepts exactly what `torch.load(weights_only=True)` of torch 2.13 accepts.
    ///
    /// The list is `Specs/weights-only-globals.txt`.
    public static let weightsOnly = GlobalPolicy(accepted: WeightsOnlyGlobals.names)

    private static let neverAccepted: Set = ["os", "sys", "posix", "nt"]

    /// This policy with more names accepted, each with its module: `argparse.Namespace`.
    ///
    /// What the modules `os`, `sys`, `posix` and `nt` have stays refused, as in torch. The Python
    /// counterpart is `torch.serialization.add_safe_globals`.
    public func adding(_ names: String...) -> GlobalPolicy {
        GlobalPolicy(accepted: accepted.map { $0.union(names) })
    }

    /// Whether a name is accepted; names of Python 2 count as what they became in Python 3.
    public func accepts(_ name: GlobalName) -> Bool {
        guard let accepted else { return true }
        let name = name.python3
        let text = name.description
        // Swift's strings are equal in all their Unicode forms, and names in Python are not.
        guard let index = accepted.firstIndex(of: text),
            accepted[index].utf8.elementsEqual(text.utf8)
        else { return false }
        return !Self.neverAccepted.contains(name.module)
    }

    /// - Throws: ``CheckpointError/Code/forbiddenGlobal`` that names all that are not accepted.
    func check(_ graph: PickleGraph) throws(CheckpointError) {
        guard accepted != nil else { return }
        var refused = graph.globalNames.filter { !accepts($0) }.map(\.description)
        // A number of the extension registry stands for any name.
        if graph.hasExtensions { refused.append("a class by a number of the extension registry") }
        guard !refused.isEmpty else { return }
        throw CheckpointError(
            .forbiddenGlobal,
            "names \(refused.prefix(5).joined(separator: ", "))\(refused.count > 5 ? ", …" : ""), "
                + "which the policy does not accept",
            advice: "If you trust the file, accept them with GlobalPolicy.adding(…)")
    }
}
