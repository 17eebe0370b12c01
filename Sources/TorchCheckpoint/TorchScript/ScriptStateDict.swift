import ByteIO
import OrderedCollections
import Pickle
import Tensors

extension Checkpoint {
    /// The state dict of a module of TorchScript, or nil when `value` is none.
    ///
    /// Names and order are those of `torch.jit.load(path).state_dict()`: the parameters of a module,
    /// its buffers, then its submodules.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for a module that saves its parameters by a
    ///   method of its own; ``CheckpointError/Code/limitExceeded``; ``CheckpointError`` with the path
    ///   of a tensor that makes no sense.
    /// - Complexity: O(*n*) in the number of attributes and the size of the code that has the classes.
    func torchScriptStateDict(
        of value: CheckpointValue, at path: CheckpointPath
    ) throws(CheckpointError) -> StateDict? {
        guard let modules = ScriptModules(value.contents.source) else { return nil }
        var walk = ScriptModuleWalk(modules, effort: Effort(forModulesOf: value.contents))
        do throws(CheckpointError) {
            return try walk.stateDict(of: value)
        } catch {
            let place = walk.place.isEmpty ? path : path.appending(.string(walk.place))
            throw contents.locating(error, at: place)
        }
    }
}

/// Goes through modules of TorchScript with a stack of its own.
private struct ScriptModuleWalk {
    private var modules: ScriptModules
    private var effort: Effort
    private var found = StateDict()
    private var waiting: [(value: CheckpointValue, name: String, depth: Int)] = []
    /// The name of what is being read.
    private(set) var place = ""

    init(_ modules: ScriptModules, effort: Effort) {
        (self.modules, self.effort) = (modules, effort)
    }

    mutating func stateDict(of root: CheckpointValue) throws(CheckpointError) -> StateDict? {
        guard try modules.parts(of: root) != nil else { return nil }
        waiting = [(root, "", 0)]
        while let (value, name, depth) = waiting.popLast() {
            place = name
            guard let parts = try modules.parts(of: value) else { continue }
            let limits = value.contents.limits
            guard depth < limits.depth else { throw limits.tooDeep("modules", value) }
            let prefix = name.isEmpty ? "" : name + "."
            let count = parts.effort + 1
            try effort.spend(count * (1 + prefix.utf8.count / 64), on: value)
            for (name, tensor) in parts.tensors { try add(tensor, prefix + name) }
            for (name, submodule) in parts.submodules.reversed() {
                waiting.append((submodule, prefix + name, depth + 1))
            }
        }
        return found
    }

    private mutating func add(
        _ value: CheckpointValue, _ name: String
    ) throws(CheckpointError) {
        place = name
        guard let tensor = try value.contents.resolver.value(value.id) else { return }
        guard found.tensors[name] == nil, found.extras[name] == nil else {
            throw CheckpointError(
                .duplicateName, "two tensors of the state dict would have the name '\(name)'",
                advice: "Take them one by one from the modules that they are in")
        }
        switch tensor {
        case .strided(let tensor): found.tensors[name] = tensor
        // Made anew, because Python can't call what TorchScript's pickler writes.
        case .sparse, .nested, .uninitialized:
            found.extras[name] = try CheckpointValue(checked: tensor)
        }
    }
}
