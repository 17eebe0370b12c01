import Pickle

/// The description of a module in TorchScript's archives of 2019.
///
/// It is protobuf's JSON of `torch.ModelDef`; torch 2.13 has no reader of it any more but for its
/// own builds. The fields: `Specs/archive.md`.
enum ModelJSON {
    /// The record of the description.
    static let recordName = "model.json"

    /// The key of a module's attributes that are neither parameters nor buffers.
    static let attributesKey = "<attributes>"

    /// The parts of a module that ``ModelJSONReader`` has made a dictionary of: tensors and, as
    /// dictionaries, submodules.
    static func parts(of value: CheckpointValue) -> ScriptModuleParts? {
        guard value.kind == .dictionary, let entries = value.dictionary else { return nil }
        var parts = ScriptModuleParts(effort: entries.count)
        var buffers: [(name: String, value: CheckpointValue)] = []
        for (key, value) in entries {
            guard case .string(let name) = key, name != attributesKey else { continue }
            switch value.contents.role(ofObject: value.id) {
            case .rebuildTensor(.parameter): parts.tensors.append((name, value))
            case .rebuildTensor: buffers.append((name, value))
            default: parts.submodules.append((name, value))
            }
        }
        parts.tensors += buffers
        return parts
    }
}
