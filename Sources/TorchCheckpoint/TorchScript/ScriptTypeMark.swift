import Pickle

/// The functions of `torch.jit._pickle`, which give back their first argument.
///
/// TorchScript's pickler calls them on lists and dictionaries, whose element types they note.
enum ScriptTypeMark {
    /// The functions' names.
    static let names: Set = [
        "build_intlist", "build_tensorlist", "build_doublelist", "build_boollist",
        "restore_type_tag",
    ]
}

extension CheckpointContents {
    /// The list or dictionary that a call marks with a type, or nil for anything else.
    func markedValue(_ id: NodeID) -> NodeID? {
        guard role(ofObject: id) == .typeMark, let marked = argument(0, of: id) else { return nil }
        switch graph.kind(of: marked) {
        case .list, .dictionary: return marked
        default: return nil
        }
    }

    /// What a call that marks a value with a type is as a value.
    func markedKind(_ id: NodeID) -> CheckpointValue.Kind {
        guard let marked = markedValue(id) else { return .object }
        return graph.kind(of: marked) == .list ? .list : .dictionary
    }
}
