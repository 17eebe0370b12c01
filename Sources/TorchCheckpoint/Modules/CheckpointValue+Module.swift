import ByteIO
import Pickle

extension CheckpointValue {
    /// Whether this is a whole module: an object of any class that has the fields of a
    /// `torch.nn.Module`.
    public var isModule: Bool { PickledModule(self) != nil }

    /// What `state_dict()` of this module gives in Python: its parameters and persistent buffers,
    /// detached, and those of its modules, with `_metadata`.
    ///
    /// Nothing of the class is run, so what it would add by `get_extra_state`, by hooks or by a
    /// `state_dict` of its own is not there, unless the class is one of torch's: `Specs/modules.md`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when this is no module, or a part of it is
    ///   none; ``CheckpointError/Code/limitExceeded`` when modules are inside themselves or nested
    ///   too deep; ``CheckpointError`` for a tensor that makes no sense.
    /// - Complexity: O(*n*) in the number of names; no elements are read.
    public func moduleStateDict() throws -> StateDict {
        do throws(CheckpointError) {
            var effort = Effort(forModulesOf: contents)
            return try StateDict(moduleState(&effort))
        } catch {
            throw contents.locating(error, at: nil)
        }
    }
}

extension CheckpointValue {
    /// What `state_dict()` of this module gives, in its order.
    ///
    /// - Throws: as ``moduleStateDict()``.
    func moduleState(_ effort: inout Effort) throws(CheckpointError) -> ModuleState {
        guard let module = PickledModule(self) else {
            throw CheckpointError(
                .typeMismatch, "a torch.nn.Module was asked for, but a \(typeName) is there",
                offset: graph.offset(of: id),
                advice: "Checkpoint.stateDictPaths() lists what has a state dict")
        }
        return try ModuleWalk.state(of: module, &effort)
    }
}

extension Effort {
    /// What may be looked at in the modules of a checkpoint.
    init(forModulesOf contents: CheckpointContents) {
        self.init(for: contents.graph, base: 1 << 20)
    }
}
