import ByteIO
import OrderedCollections
import Pickle

/// What of a checkpoint is replaced when modules become their state dicts, and what is left out.
struct ModuleReplacement {
    private struct Module {
        let state: ModuleState
        /// The names of values that are left out.
        var leftOut: Set<String> = []
    }

    /// The paths of what is left out, at every place.
    private(set) var leftOut: [CheckpointPath] = []
    private var modules: OrderedDictionary<NodeID, Module> = [:]
    private var containers: [CheckpointValue] = []
    private var refused: Set<NodeID> = []
    private var check: WeightsOnlyCheck?
    private var effort: Effort
    private let root: CheckpointValue

    /// - Parameter policy: What may be named beside the state dicts; nil for everything.
    /// - Throws: as ``CheckpointValue/moduleStateDict()``.
    init(_ root: CheckpointValue, leavingOutBut policy: GlobalPolicy?) throws(CheckpointError) {
        self.root = root
        check = policy.map { WeightsOnlyCheck(root.contents, $0) }
        effort = Effort(forModulesOf: root.contents)
        var traversal = Traversal(root)
        while let visit = try traversal.next() {
            let isEntered = try note(visit)
            if !isEntered {
                traversal.leaveOut { _ in true }
                guard let module = modules[visit.value.id] else {
                    if refused.contains(visit.value.id) {
                        try leftOut.append(traversal.takePath())
                    }
                    continue
                }
                guard !module.leftOut.isEmpty else { continue }
                let path = try traversal.takePath()
                leftOut += module.leftOut.sorted().map { path.appending(.string($0)) }
            }
        }
    }

    /// Whether anything is to be done.
    var isEmpty: Bool { modules.isEmpty && refused.isEmpty }

    /// Whether nothing would remain.
    var leavesOutAll: Bool { refused.contains(root.id) }

    /// Notes what is to be done with a value.
    ///
    /// - Returns: Whether to go on to what is inside.
    private mutating func note(_ visit: Traversal.Visit) throws(CheckpointError) -> Bool {
        let value = visit.value
        guard !visit.isRepeated else { return false }
        if try isFollowed(value) {
            containers.append(value)
            return true
        }
        if value.isModule {
            var module = try Module(state: value.moduleState(&effort))
            try noteRefused(&module)
            modules[value.id] = module
        } else if try check?.accepts(value.id) == false {
            refused.insert(value.id)
        }
        return false
    }

    private mutating func isFollowed(_ value: CheckpointValue) throws(CheckpointError) -> Bool {
        switch (value.kind, value.graph.kind(of: value.id)) {
        case (.list, .list), (.tuple, .tuple): true
        case (.dictionary, _): check?.acceptsClass(of: value.id) ?? true
        default: false
        }
    }

    private mutating func noteRefused(_ module: inout Module) throws(CheckpointError) {
        guard check != nil else { return }
        let resolver = root.contents.resolver
        for (name, entry) in module.state.entries {
            if let tensor = try entry.tensor(resolver), !tensor.dtype.isQuantized { continue }
            if try check?.accepts(entry.other.id) == false { module.leftOut.insert(name) }
        }
    }
}

extension ModuleReplacement {
    /// Makes the changes in a copy of the contents, which has the same objects.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(StateDict)``.
    mutating func apply(to contents: CheckpointContents) throws(CheckpointError) {
        var new: [NodeID: NodeID] = [:]
        for (id, module) in modules {
            new[id] = try contents.add(module.state) { name, _ in !module.leftOut.contains(name) }
        }
        for container in containers {
            if container.kind == .dictionary {
                try applyToEntries(of: container, new, contents)
            } else {
                applyToItems(of: container, new, contents)
            }
        }
        contents.graph.root = new[root.id] ?? contents.graph.root
    }

    private mutating func applyToEntries(
        of container: CheckpointValue, _ new: [NodeID: NodeID], _ contents: CheckpointContents
    ) throws(CheckpointError) {
        let old = container.entryIDs ?? []
        var entries: [NodeID] = []
        for (key, value) in old.entryPairs where !refused.contains(value) {
            guard try check?.accepts(key) ?? true else { continue }
            entries += [key, new[value] ?? value]
        }
        if entries != old { contents.replaceEntries(of: container.id, by: entries) }
        for state in contents.graph.object(container.id)?.states ?? [] {
            guard try check?.accepts(state) == false else { continue }
            _ = contents.graph.withStates(ofObject: container.id) { $0.removeAll { $0 == state } }
        }
    }

    // What is left out of a list or tuple is None there, so that the others keep their places.
    private func applyToItems(
        of container: CheckpointValue, _ new: [NodeID: NodeID], _ contents: CheckpointContents
    ) {
        for (place, item) in (container.itemIDs ?? []).enumerated() {
            let replacement = refused.contains(item) ? NodeID.none : new[item] ?? item
            guard replacement != item else { continue }
            contents.graph.replaceItem(ofTuple: container.id, at: place, by: replacement)
            if container.kind == .list {
                _ = contents.graph.withElements(of: container.id) { $0[place] = replacement }
            }
        }
    }
}
