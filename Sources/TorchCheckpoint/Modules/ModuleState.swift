import ByteIO
import OrderedCollections
import Pickle
import Tensors

/// What `state_dict()` of a module gives, by names, in Python's order.
///
/// Beside tensors there may be other values between them, so this knows the order that a
/// ``StateDict`` does not.
struct ModuleState {
    /// A value of a state dict.
    enum Entry {
        /// A parameter or buffer, which `state_dict()` detaches.
        case detached(CheckpointValue)
        /// A value that is put into the state dict as it is.
        case plain(CheckpointValue)
        /// A tensor that is made of a number.
        case number(Tensor)
    }

    /// The checkpoint that the module is in.
    let contents: CheckpointContents
    private(set) var entries: OrderedDictionary<String, Entry> = [:]
    private(set) var versions: OrderedDictionary<String, ModuleVersion> = [:]
}

extension ModuleState {
    // In Python, the later one of two values under a name wins and has the place of the earlier.
    mutating func set(_ entry: Entry, under name: String) throws(CheckpointError) {
        try Self.checkForm(name, at: entries.index(forKey: name).map { entries.keys[$0] })
        entries[name] = entry
    }

    mutating func set(
        _ version: ModuleVersion, ofModule name: String
    ) throws(CheckpointError) {
        try Self.checkForm(name, at: versions.index(forKey: name).map { versions.keys[$0] })
        versions[name] = version
    }

    // Swift takes two names for equal that are the same text in different Unicode forms.
    private static func checkForm(
        _ name: String, at known: String?
    ) throws(CheckpointError) {
        guard let known, !known.utf8.elementsEqual(name.utf8) else { return }
        throw CheckpointError(
            .duplicateName, "'\(name)' is a name twice, in different Unicode forms",
            advice: "Take the parts of the module one by one")
    }
}

extension ModuleState.Entry {
    /// The strided tensor of the entry; nil when it is something else.
    ///
    /// - Throws: ``CheckpointError`` for a tensor that makes no sense.
    func tensor(_ resolver: TensorResolver) throws(CheckpointError) -> Tensor? {
        switch self {
        case .number(let tensor): return tensor
        case .plain(let value): return try resolver.tensor(value.id)
        case .detached(let value):
            guard let tensor = try resolver.tensor(value.parameterData.id) else { return nil }
            guard tensor.requiresGrad || tensor.isParameter else { return tensor }
            return try tensor.onto(tensor.storage, requiresGrad: false, isParameter: false)
        }
    }

    /// The value of the entry when it is no strided tensor.
    var other: CheckpointValue {
        switch self {
        case .plain(let value): value
        case .detached(let value): value.parameterData
        case .number: .pythonNone
        }
    }
}

extension StateDict {
    /// The state dict of a module.
    init(_ state: ModuleState) throws(CheckpointError) {
        self.init()
        let resolver = state.contents.resolver
        for (name, entry) in state.entries {
            do throws(CheckpointError) {
                if let tensor = try entry.tensor(resolver) {
                    tensors[name] = tensor
                } else {
                    extras[name] = entry.other
                }
            } catch {
                throw error.atKeyPath(CheckpointPath([.string(name)]).description)
            }
        }
        metadata = ModuleVersion.metadata(state.versions)
    }
}

extension CheckpointContents {
    /// Adds the state dict of a module, as `torch.save(module.state_dict())` writes it.
    ///
    /// - Throws: ``CheckpointError`` for a tensor that makes no sense.
    func add(
        _ state: ModuleState, where isKept: (_ name: String, CheckpointValue) -> Bool
    ) throws(CheckpointError) -> NodeID {
        defer { updateRoles() }
        let resolver = state.contents.resolver
        var names = TensorNames()
        var entries: [NodeID] = []
        for (name, entry) in state.entries {
            let value: NodeID
            if let tensor = try entry.tensor(resolver), !tensor.dtype.isQuantized {
                value = try add(tensor, &names)
            } else {
                guard isKept(name, entry.other) else { continue }
                value = entry.other.id
            }
            try entries += [graph.addText(name), value]
        }
        let id = graph.addOrderedDictionary(entries)
        let metadata = try add(ModuleVersion.metadata(state.versions))
        let attributes = try graph.addDictionary([graph.addInterned("_metadata"), metadata])
        _ = graph.withStates(ofObject: id) { $0.append(attributes) }
        return id
    }
}

extension CheckpointValue {
    /// What is inside the wrappers that make a parameter of a tensor.
    fileprivate var parameterData: CheckpointValue {
        var data = self
        for _ in 0..<RebuildCall.maximumWrapping {
            guard data.isParameterCall, let inner = contents.argument(0, of: data.id) else { break }
            data = value(inner)
        }
        return data
    }

    // Before torch 1.0, the class itself was called with a tensor.
    private var isParameterCall: Bool {
        switch contents.role(ofObject: id) {
        case .rebuildTensor(.parameter), .rebuildTensor(.parameterWithState): true
        case .other:
            typeName == GlobalName(module: "torch.nn.parameter", name: "Parameter")
        default: false
        }
    }
}
