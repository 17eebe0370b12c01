import OrderedCollections
import Tensors

/// What a model and a state dict have in common and what not, found as torch finds it.
///
/// The Python counterpart is `torch.nn.Module._load_from_state_dict` of all modules.
struct StateDictComparison {
    private let model: StateDict
    private let loaded: StateDict
    private var missing: [String] = []
    private var unexpected: [String] = []
    private var shapeMismatches: [StateDictMismatch.ShapeMismatch] = []
    private var notTensors: [StateDictMismatch.NotTensor] = []

    /// Compares a model's own state dict with one that is to be loaded.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when a version is needed that is no number.
    init(model: StateDict, loaded: StateDict) throws(CheckpointError) {
        self.model = model
        self.loaded = loaded
        let tree = ModuleTree(model)
        let strangers = self.strangers(to: tree)
        for module in tree.depthFirst {
            for name in tree.modules[module].tensors { try compare(name) }
            missing += tree.modules[module].extraStates.filter { !loaded.has($0) }
            unexpected += strangers[module] ?? []
        }
    }

    /// The names that only one of the two has.
    var keys: IncompatibleKeys {
        IncompatibleKeys(missingKeys: missing, unexpectedKeys: unexpected)
    }

    /// What keeps the state dict from being loaded; names do not when loading is not strict.
    func mismatch(strict: Bool) -> StateDictMismatch {
        StateDictMismatch(
            missingKeys: strict ? missing : [], unexpectedKeys: strict ? unexpected : [],
            shapeMismatches: shapeMismatches, notTensors: notTensors)
    }

    /// The names that the model lacks, by the modules that look for them; an extra state first.
    private func strangers(to tree: ModuleTree) -> [Int: [String]] {
        var strangers: [Int: [String]] = [:]
        var extraStates: [Int: [String]] = [:]
        for names in [loaded.tensors.keys, loaded.extras.keys] {
            for name in names where !model.has(name) {
                let (module, isNamed) = tree.deepestModule(of: name)
                if isNamed && name.isExtraState {
                    extraStates[module, default: []].append(name)
                } else {
                    strangers[module, default: []].append(name)
                }
            }
        }
        return extraStates.merging(strangers, uniquingKeysWith: +)
    }

    private mutating func compare(_ name: String) throws(CheckpointError) {
        guard let expected = model.tensors.exact(name)?.shape else { return }
        if let found = loaded.tensors.exact(name)?.shape {
            // Before torch 0.4 there were no scalar tensors.
            guard found != expected, !(expected.isEmpty && found == [1]) else { return }
            shapeMismatches.append(.init(name: name, expected: expected, found: found))
        } else if let other = loaded.extras.exact(name) {
            notTensors.append(.init(name: name, typeName: "\(other.typeName)"))
        } else if try !isNewer(name) {
            missing.append(name)
        }
    }

    /// Whether a tensor is one that its module got only after the state dict was saved.
    ///
    /// Batch norms count batches since their version 2; until then there was nothing to count.
    private func isNewer(_ name: String) throws(CheckpointError) -> Bool {
        guard name.lastNamePart == "num_batches_tracked",
            model.tensors.exact(name)?.shape.isEmpty == true,
            try model.version(ofModule: name.moduleName) ?? 2 >= 2
        else { return false }
        return try loaded.version(ofModule: name.moduleName) ?? 1 < 2
    }
}

extension StateDict {
    /// The version of a module; nil when that is not said.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    fileprivate func version(ofModule name: String) throws(CheckpointError) -> Double? {
        guard let version = metadata?[name]?["version"], !version.isNone else { return nil }
        if let number = version.double ?? version.bool.map({ $0 ? 1 : 0 }) { return number }
        let place = CheckpointPath([.string(name), "version"])
        throw CheckpointError(
            .typeMismatch,
            "the version of a module is a \(version.typeName), not a number, in the "
                + "state dict's _metadata\(place)")
    }

    /// Whether there is an entry with the very code points of a name.
    func has(_ name: String) -> Bool {
        tensors.exact(name) != nil || extras.exact(name) != nil
    }
}
