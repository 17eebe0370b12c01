import ByteIO
import Pickle
import Tensors

/// The parts of a module of TorchScript that its state dict is made of.
struct ScriptModuleParts {
    /// The parameters and then the buffers.
    var tensors: [(name: String, value: CheckpointValue)] = []
    var submodules: [(name: String, value: CheckpointValue)] = []
    /// How much was looked at to find them.
    var effort = 0
}

/// Takes modules of TorchScript apart as the archive at hand describes them.
enum ScriptModules {
    /// By the classes in the archive's code.
    case classes(ScriptClasses)
    /// By what `model.json` was made into: see ``ModelJSON``.
    case dictionaries

    /// Nil for what is no archive of TorchScript.
    init?(_ source: CheckpointSource) {
        guard let records = source.records else { return nil }
        switch source.archiveKind {
        case .script: self = .classes(ScriptClasses(records))
        case .scriptOf2019: self = .dictionaries
        case .pickle, .export, .rootlessExport: return nil
        }
    }

    /// The parts of a value, or nil when it is no module.
    mutating func parts(of value: CheckpointValue) throws(CheckpointError) -> ScriptModuleParts? {
        switch self {
        case .dictionaries: return ModelJSON.parts(of: value)
        case .classes(var classes):
            // Taken out while it changes, or each change would copy it.
            self = .dictionaries
            defer { self = .classes(classes) }
            return try Self.parts(of: value, &classes)
        }
    }

    private static func parts(
        of value: CheckpointValue, _ classes: inout ScriptClasses
    ) throws(CheckpointError) -> ScriptModuleParts? {
        guard let name = value.scriptClassName else { return nil }
        guard let found = try classes.find(name) else { return allTensors(of: value) }
        guard found.isModule else { return nil }
        let (parameters, buffers) = (found.orderedParameters, found.orderedBuffers)
        if found.hasOwnState {
            guard parameters.isEmpty, buffers.isEmpty else { throw ownState(of: value, name) }
            return ScriptModuleParts(effort: found.types.count)
        }
        let fields = value.fields
        var parts = ScriptModuleParts(effort: found.types.count + fields.count)
        for name in parameters + buffers {
            guard let tensor = fields[name], tensor.isAnyTensor else { continue }
            parts.tensors.append((name, tensor))
        }
        parts.submodules = fields.filter { $0.value.scriptClassName != nil }.map { ($0, $1) }
        return parts
    }

    /// What is taken where there is no code: every attribute that is a tensor.
    private static func allTensors(of value: CheckpointValue) -> ScriptModuleParts {
        let fields = value.fields
        var parts = ScriptModuleParts(effort: fields.count)
        for (name, value) in fields {
            if value.isAnyTensor { parts.tensors.append((name, value)) }
            if value.scriptClassName != nil { parts.submodules.append((name, value)) }
        }
        return parts
    }

    private static func ownState(
        of value: CheckpointValue, _ name: GlobalName
    ) -> CheckpointError {
        CheckpointError(
            .typeMismatch,
            "\(name) saves its parameters by a method __getstate__ of its own, which only torch "
                + "can run backwards",
            offset: value.graph.offset(of: value.id),
            advice: "Load the module in Python and save its state_dict(); or take the values that "
                + "are there one by one")
    }
}

extension CheckpointValue {
    /// The class of an object of TorchScript's code, or nil for anything else: torch's own classes
    /// of packed parameters are in `__torch__.torch.classes`.
    fileprivate var scriptClassName: GlobalName? {
        guard kind == .object, let call = graph.call(id), let name = graph.global(call.callable),
            name.module == "__torch__" || name.module.hasPrefix("__torch__."),
            !name.module.hasPrefix("__torch__.torch.classes.")
        else { return nil }
        return name
    }
}
