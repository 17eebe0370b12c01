import Tensors

/// A state dict made to fit a model, before anything of the model is changed.
struct StateDictLoad {
    /// What the model is to be given: all that it has, in its order.
    let result: StateDict
    /// The names that only one of the two has.
    let keys: IncompatibleKeys

    /// - Parameters:
    ///   - loaded: What is to be loaded.
    ///   - own: The model's own state dict.
    ///   - model: The name of the model's type.
    ///   - strict: Whether names that only one has are an error.
    ///   - assigns: Whether tensors keep their dtype and device.
    init(
        of loaded: StateDict, into own: StateDict, of model: String, strict: Bool, assigns: Bool
    ) throws(CheckpointError) {
        let comparison = try StateDictComparison(model: own, loaded: loaded)
        keys = comparison.keys
        let mismatch = comparison.mismatch(strict: strict)
        guard mismatch.isEmpty else { throw mismatch.error(loadingInto: model) }
        result = try Self.fit(loaded, to: own, assigns: assigns)
    }

    private static func fit(
        _ loaded: StateDict, to own: StateDict, assigns: Bool
    ) throws(CheckpointError) -> StateDict {
        let adapted = try adapt(loaded, to: own, assigns: assigns)
        // A tensor that the model has under several names gets the last value under all of them.
        var last: [TensorView: Tensor] = [:]
        for (name, tensor) in own.tensors where !assigns {
            if let new = adapted[name] { last[TensorView(tensor)] = new }
        }
        var result = StateDict(metadata: loaded.metadata)
        for (name, tensor) in own.tensors {
            if name.isExtraState, loaded.has(name) {
                result.take(name, from: loaded)
            } else {
                result.tensors[name] = last[TensorView(tensor)] ?? adapted[name] ?? tensor
            }
        }
        for name in own.extras.keys {
            result.take(name, from: loaded.has(name) ? loaded : own)
        }
        return result
    }

    /// The tensors that both have, as they are to be in the model.
    private static func adapt(
        _ loaded: StateDict, to own: StateDict, assigns: Bool
    ) throws(CheckpointError) -> [String: Tensor] {
        var adaptation = TensorAdaptation(assigns: assigns)
        var adapted: [String: Tensor] = [:]
        for (name, tensor) in own.tensors where !name.isExtraState {
            guard let new = loaded.tensors.exact(name) else { continue }
            do throws(CheckpointError) {
                adapted[name] = try adaptation.adapt(new, to: tensor)
            } catch {
                throw error.atKeyPath(CheckpointPath([.string(name)]).description)
            }
        }
        return adapted
    }
}

extension StateDict {
    /// Takes an entry of any kind over from another state dict.
    fileprivate mutating func take(_ name: String, from other: StateDict) {
        tensors[name] = other.tensors.exact(name)
        extras[name] = other.extras.exact(name)
    }
}
