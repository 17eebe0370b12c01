/// Which classes and functions a checkpoint may name.
///
/// Reading never calls anything, so a name is harmless here whatever it is; a policy matters to
/// those who hand the file on to Python, or who want only what torch itself would accept.
public struct GlobalPolicy: Hashable, Sendable {
    /// The names that are accepted, or nil when all are.
    private var accepted: Set<String>?

    /// Accepts every name, the default of loading: unknown ones are read as inert objects.
    ///
    /// When saving, it keeps whatever the checkpoint names, and Python may import and call that
    /// when it reads the file; the default there is ``weightsOnly``.
    public static let inert = GlobalPolicy(accepted: nil)

    /// Accepts exactly what `torch.load(weights_only=True)` of torch 2.13 accepts.
    ///
    /// The names are those of `Specs/weights-only-globals.txt`. A file that is opened with it is held
    /// to all else, too: instructions, calls, tensors, storages, the container. The rules, and the few
    /// things that are refused beyond torch: `Specs/weights-only.md`.
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
        accepted == nil
            || acceptsPath(name.torchPath) && !Self.neverAccepted.contains(name.torchModule)
    }

    /// Whether a name is accepted, by module and name with a dot between them.
    func acceptsPath(_ path: String) -> Bool {
        guard let accepted else { return true }
        // Swift's strings are equal in all their Unicode forms, and names in Python are not.
        guard let index = accepted.firstIndex(of: path) else { return false }
        return accepted[index].utf8.elementsEqual(path.utf8)
    }

    /// The names that are not accepted, for a message.
    ///
    /// A number of the extension registry stands for any name, so it is never accepted by a list.
    func refused(_ names: [GlobalName], hasExtensions: Bool) -> [String] {
        guard accepted != nil else { return [] }
        let refused = names.filter { !accepts($0) }.map(\.description)
        return refused + (hasExtensions ? ["a class by a number of the extension registry"] : [])
    }

    /// - Throws: ``CheckpointError/Code/forbiddenGlobal`` that names all that are not accepted.
    func check(_ graph: PickleGraph) throws(CheckpointError) {
        let refused = refused(graph.globalNames, hasExtensions: graph.hasExtensions)
        guard refused.isEmpty else { throw .forbidden(refused) }
    }
}

extension CheckpointError {
    /// That a pickle names what a policy does not accept.
    static func forbidden(_ names: [String]) -> CheckpointError {
        CheckpointError(
            .forbiddenGlobal, "names \(names.listed(5)), which the policy does not accept",
            advice: "If you trust the file, accept them with GlobalPolicy.adding(…)")
    }
}

extension [String] {
    /// The first few, joined by commas.
    package func listed(_ count: Int) -> String {
        prefix(count).joined(separator: ", ") + (self.count > count ? ", …" : "")
    }
}
