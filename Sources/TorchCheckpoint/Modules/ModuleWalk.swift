import ByteIO
import OrderedCollections
import Pickle

/// Gathers what `state_dict()` of a module would give.
///
/// It keeps its own stack: a file decides how deep modules nest.
struct ModuleWalk {
    private struct Frame {
        let module: NodeID
        let children: [(name: String, value: CheckpointValue)]
        let prefix: String
        var next = 0
    }

    private var state: ModuleState
    private var frames: [Frame] = []
    private var open: Set<NodeID> = []
    private var effort: Effort

    /// What `state_dict()` of a module would give.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for what is no module among its parts, or one
    ///   whose state is not known; ``CheckpointError/Code/limitExceeded`` for a module inside
    ///   itself, or more than can be looked at.
    static func state(
        of module: PickledModule, _ effort: inout Effort
    ) throws(CheckpointError) -> ModuleState {
        var walk = ModuleWalk(module.value.contents, effort)
        defer { effort = walk.effort }
        try walk.enter(module, prefix: "")
        while let last = walk.frames.indices.last {
            let frame = walk.frames[last]
            guard frame.next < frame.children.count else {
                walk.frames.removeLast()
                walk.open.remove(frame.module)
                continue
            }
            walk.frames[last].next += 1
            let (name, child) = frame.children[frame.next]
            guard child.kind != .none else { continue }
            try walk.enter(child, named: name, of: frame)
        }
        return walk.state
    }

    private init(_ contents: CheckpointContents, _ effort: Effort) {
        state = ModuleState(contents: contents)
        self.effort = effort
    }

    private mutating func enter(
        _ child: CheckpointValue, named name: String, of parent: Frame
    ) throws(CheckpointError) {
        try spend(on: name, behind: parent.prefix, child)
        guard let module = PickledModule(child) else {
            throw CheckpointError(
                .typeMismatch,
                "the module '\(parent.prefix)\(name)' is a \(child.typeName), whose state is not "
                    + "that of a torch.nn.Module",
                offset: child.graph.offset(of: child.id),
                advice: "Save model.state_dict() with the Python program that made the file")
        }
        try enter(module, prefix: "\(parent.prefix)\(name).")
    }

    private mutating func enter(
        _ module: PickledModule, prefix: String
    ) throws(CheckpointError) {
        let id = module.value.id
        let limit = module.value.contents.limits.depth
        guard open.insert(id).inserted, frames.count < limit else {
            throw CheckpointError(
                .limitExceeded,
                open.count > frames.count
                    ? "modules are nested more than \(limit) deep"
                    : "the module '\(prefix.dropLast())' is inside itself",
                offset: module.value.graph.offset(of: id),
                advice: "Its state dict would have no end, in Python either")
        }
        try effort.spend(module.size, on: module.value)
        try state.set(ModuleVersion(module, &effort), ofModule: String(prefix.dropLast()))
        for (name, entry) in try module.ownEntries() {
            try spend(on: name, behind: prefix, module.value)
            try state.set(entry, under: prefix + name)
        }
        let children = try module.entries("_modules")
        frames.append(Frame(module: id, children: children, prefix: prefix))
    }

    // Modules can share modules without end, and a long name can be part of many.
    private mutating func spend(
        on name: String, behind prefix: String, _ value: CheckpointValue
    ) throws(CheckpointError) {
        try effort.spend(1 + (name.utf8.count + prefix.utf8.count) / 64, on: value)
    }
}

extension PickledModule {
    /// What the module itself puts into a state dict.
    fileprivate func ownEntries() throws(CheckpointError) -> [(String, ModuleState.Entry)] {
        if let convolution = packedConvolution { return try quantizedEntries(of: convolution) }
        var result: [(String, ModuleState.Entry)] = []
        for (name, value) in try entries("_parameters") where value.kind != .none {
            try result.append((name, detached(value, name)))
        }
        let hidden = try nonPersistentNames()
        for (name, value) in try entries("_buffers")
        where value.kind != .none && !hidden.contains(.string(name)) {
            try result.append((name, detached(value, name)))
        }
        return try result + packedEntries()
    }

    private func detached(
        _ value: CheckpointValue, _ name: String
    ) throws(CheckpointError) -> ModuleState.Entry {
        // A tensor that can't be read may be an object; what it is shows when it is asked for.
        guard value.isAnyTensor || value.kind == .object else {
            throw mismatch("has a \(value.typeName) as its '\(name)', not a tensor", value.id)
        }
        return .detached(value)
    }
}
