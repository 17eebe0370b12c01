import ByteIO
import OrderedCollections
import Pickle

/// What a state dict says of a module in its `_metadata`.
struct ModuleVersion {
    /// The `_version` of the module's class.
    let version: Int
    /// The names of weights that `torch.nn.utils.spectral_norm` computes.
    let spectralNorms: [String]

    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    init(_ module: PickledModule, _ effort: inout Effort) throws(CheckpointError) {
        version = Self.version(of: module)
        spectralNorms = try module.spectralNorms(&effort)
    }

    /// What classes have that say nothing of versions.
    private static let initial = 1

    // A pickle has no `_version`: that belongs to the class, so it is known of torch's own alone.
    private static func version(of module: PickledModule) -> Int {
        if let known = ModuleClass.versions[module.className] { return known }
        for base in module.value.skeletonBases {
            if let known = ModuleClass.versions[base.ofModernTorch] { return known }
        }
        return module.hasRunningStatistics ? ModuleClass.normalizationVersion : Self.initial
    }
}

extension ModuleVersion {
    /// The `_metadata` of a state dict.
    static func metadata(
        _ versions: OrderedDictionary<String, ModuleVersion>
    ) -> CheckpointValue {
        CheckpointValue { (contents) throws(CheckpointError) in
            let key = try contents.graph.addInterned("version")
            var entries: [NodeID] = []
            for (name, module) in versions {
                var version = [key, contents.graph.addInteger(module.version)]
                if !module.spectralNorms.isEmpty {
                    version += [
                        try contents.graph.addInterned("spectral_norm"),
                        try module.addSpectralNorms(to: contents),
                    ]
                }
                try entries += [
                    contents.graph.addText(name), contents.graph.addDictionary(version),
                ]
            }
            return contents.graph.addOrderedDictionary(entries)
        }
    }

    private func addSpectralNorms(
        to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        var entries: [NodeID] = []
        for name in spectralNorms {
            try entries.append(contents.graph.addText("\(name).version"))
            entries.append(contents.graph.addInteger(Self.initial))
        }
        return contents.graph.addDictionary(entries)
    }
}

extension PickledModule {
    /// The names for which a hook of `torch.nn.utils.spectral_norm` notes a version.
    fileprivate func spectralNorms(
        _ effort: inout Effort
    ) throws(CheckpointError) -> [String] {
        var names: [String] = []
        for entry in (field("_state_dict_hooks")?.entryIDs ?? []).entryPairs {
            let hook = value.value(entry.value)
            try effort.spend(hook.fieldCount, on: hook)
            guard hook.typeName == Self.spectralNormHook, let function = hook["fn"] else {
                continue
            }
            try effort.spend(function.fieldCount, on: function)
            if let name = function["name"]?.string { names.append(name) }
        }
        return names
    }

    private static let spectralNormHook = GlobalName(
        module: "torch.nn.utils.spectral_norm", name: "SpectralNormStateDictHook")

    /// Whether the buffers are those of torch's batch norm, whatever class inherits it.
    fileprivate var hasRunningStatistics: Bool {
        guard let buffers = field("_buffers")?.entryIDs, buffers.count >= 6 else { return false }
        let names = [buffers[0], buffers[2], buffers[4]]
        let graph = value.graph
        return graph.isText(names[0], "running_mean") && graph.isText(names[1], "running_var")
            && graph.isText(names[2], "num_batches_tracked")
    }
}

extension CheckpointValue {
    /// About the number of fields of an object, found without looking at them.
    fileprivate var fieldCount: Int {
        guard let states = graph.object(id)?.states else { return 1 }
        return states.reduce(1) { $0 + (graph.entries($1)?.count ?? 2) }
    }
}
