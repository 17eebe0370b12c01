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
        let (adapted, unfit) = try Self.adapt(loaded, to: own, assigns: assigns)
        guard unfit.isEmpty else {
            throw StateDictMismatch(inconvertible: unfit).error(loadingInto: model)
        }
        result = try Self.fit(loaded, adapted, to: own, assigns: assigns)
    }

    private static func fit(
        _ loaded: StateDict, _ adapted: [String: Tensor], to own: StateDict, assigns: Bool
    ) throws(CheckpointError) -> StateDict {
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
                let new = last[TensorView(tensor)] ?? adapted[name] ?? tensor
                result.tensors[name] = assigns ? new : try new.marked(as: tensor)
            }
        }
        for name in own.extras.keys {
            result.take(name, from: loaded.has(name) ? loaded : own)
        }
        return result
    }

    /// The tensors that both have, as they are to be in the model, and those that can't be so.
    private static func adapt(
        _ loaded: StateDict, to own: StateDict, assigns: Bool
    ) throws(CheckpointError) -> ([String: Tensor], [StateDictMismatch.Inconvertible]) {
        var adaptation = TensorAdaptation(assigns: assigns)
        var adapted: [String: Tensor] = [:]
        var unfit: [StateDictMismatch.Inconvertible] = []
        for (name, tensor) in own.tensors where !name.isExtraState {
            guard let new = loaded.tensors.exact(name) else { continue }
            do throws(CheckpointError) {
                adapted[name] = try adaptation.adapt(new, to: tensor)
            } catch {
                guard [.inconvertible, .dtypeMismatch].contains(error.code) else {
                    throw error.atKeyPath(CheckpointPath([.string(name)]).description)
                }
                unfit.append(.init(name: name, reason: error.reason))
            }
        }
        return (adapted, unfit)
    }
}

extension Tensor {
    /// The same tensor with the marks of another one.
    fileprivate func marked(as other: Tensor) throws(CheckpointError) -> Tensor {
        guard (requiresGrad, isParameter) != (other.requiresGrad, other.isParameter) else {
            return self
        }
        return try onto(
            storage, requiresGrad: other.requiresGrad, isParameter: other.isParameter)
    }
}

extension StateDict {
    /// Takes an entry of any kind over from another state dict.
    fileprivate mutating func take(_ name: String, from other: StateDict) {
        tensors[name] = other.tensors.exact(name)
        extras[name] = other.extras.exact(name)
    }
}
