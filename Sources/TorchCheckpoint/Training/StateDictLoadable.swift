/// A model that gives and takes its parameters and buffers by name.
///
/// With the two methods come `load(_:strict:assign:)` and all that it checks:
///
///     struct Linear: StateDictLoadable {
///         var weight: [Float], bias: [Float]
///
///         func stateDict() throws -> StateDict {
///             try StateDict([
///                 "weight": Tensor(weight, shape: [bias.count, weight.count / bias.count]),
///                 "bias": Tensor(bias),
///             ])
///         }
///
///         mutating func update(with stateDict: StateDict) throws {
///             weight = try stateDict.tensor("weight").array()
///             bias = try stateDict.tensor("bias").array()
///         }
///     }
///
/// The Python counterpart is `torch.nn.Module`. The rules: `Specs/training.md`.
public protocol StateDictLoadable {
    /// The model's parameters and buffers, in torch's order: of each module its parameters, its
    /// buffers, and then its children.
    ///
    /// What the model saves beside tensors, as torch's `get_extra_state`, is in
    /// ``StateDict/extras``. ``StateDict/metadata`` may be nil. Models inside the model are added
    /// with ``StateDict/append(_:withPrefix:)``, which knows about both. The Python counterpart is
    /// `torch.nn.Module.state_dict()`.
    ///
    /// - Throws: what making a tensor throws.
    func stateDict() throws -> StateDict

    /// Takes values for all that ``stateDict()`` has.
    ///
    /// It is for `load(_:strict:assign:)` to call. The names and shapes are those of
    /// ``stateDict()``; the dtypes, too, unless tensors are to be assigned. What was not in the
    /// loaded state dict is as the model gave it. Extra states may be of any kind. The metadata are
    /// those that were loaded. Models inside the model are given what
    /// ``StateDict/subset(withPrefix:)`` takes out for them.
    ///
    /// - Throws: an error about an extra state that is not understood. The model is then given back
    ///   what it had.
    mutating func update(with stateDict: StateDict) throws
}

extension StateDictLoadable {
    /// Loads parameters and buffers by name; when it throws, the model is as it was.
    ///
    /// The dtype, device tag, ``Tensor/requiresGrad`` and ``Tensor/isParameter`` of the model's
    /// tensors stay, as with `tensor.copy_`: what is of another dtype is converted first. A tensor
    /// with one element in one dimension fits a scalar one, and `num_batches_tracked` may be
    /// missing in a state dict that is older. Converted are the tensors that the model has
    /// and no others; none are read otherwise. The Python counterpart is
    /// `torch.nn.Module.load_state_dict`.
    ///
    /// - Parameters:
    ///   - stateDict: What to load.
    ///   - strict: Whether the names have to be the same. Shapes always have to.
    ///   - assign: Whether tensors keep their dtype and device tag.
    /// - Returns: The names that only one of the two has.
    /// - Throws: ``CheckpointError/Code/incompatibleStateDict`` with a ``StateDictMismatch`` that
    ///   lists all that does not fit; ``CheckpointError/Code/typeMismatch`` when the version of a
    ///   module in the metadata is no number; what reading, ``stateDict()`` and ``update(with:)``
    ///   throw.
    /// - Complexity: O(*n*) in the number of tensors and in the elements that are converted.
    @discardableResult
    public mutating func load(
        _ stateDict: StateDict, strict: Bool = true, assign: Bool = false
    ) throws -> IncompatibleKeys {
        try Self.load(stateDict, into: &self, strict: strict, assigns: assign)
    }

    fileprivate static func load(
        _ stateDict: StateDict, into model: inout Self, strict: Bool, assigns: Bool
    ) throws -> IncompatibleKeys {
        let own = try model.stateDict()
        let load = try StateDictLoad(
            of: stateDict, into: own, of: "\(Self.self)", strict: strict, assigns: assigns)
        let old = model
        do {
            try model.update(with: load.result)
        } catch {
            // What is an object, or a part of a structure that is one, is the same in the copy.
            try? model.update(with: own)
            model = old
            throw error
        }
        return load.keys
    }
}

extension StateDictLoadable where Self: AnyObject {
    /// Loads parameters and buffers by name; when it throws, the model is as it was.
    ///
    /// - Parameters:
    ///   - stateDict: What to load.
    ///   - strict: Whether the names have to be the same. Shapes always have to.
    ///   - assign: Whether tensors keep their dtype and device tag.
    /// - Returns: The names that only one of the two has.
    /// - Throws: as the method of the same name for structures.
    /// - Complexity: O(*n*) in the number of tensors and in the elements that are converted.
    @discardableResult
    public func load(
        _ stateDict: StateDict, strict: Bool = true, assign: Bool = false
    ) throws -> IncompatibleKeys {
        var model = self
        return try Self.load(stateDict, into: &model, strict: strict, assigns: assign)
    }
}
