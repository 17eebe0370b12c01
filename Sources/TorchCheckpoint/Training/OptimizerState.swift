import Pickle

/// The state of an optimizer: what it keeps of each parameter, and its settings.
///
///     let optimizer = try checkpoint.decode(OptimizerState.self, at: ["optimizer_state_dict"])
///     let rate = optimizer.paramGroups.first?.lr
///     let average = try optimizer.state[0]?.tensor("exp_avg")
///
/// The Python counterpart is what `torch.optim.Optimizer.state_dict()` returns. The rules:
/// `Specs/training.md`.
public struct OptimizerState: Sendable {
    /// What is kept of each parameter, by its number; by its name where FSDP wrote it.
    ///
    /// Parameters without a state, such as all of a fresh optimizer, are not there.
    public var state: OrderedDictionary<CheckpointKey, ParameterState>
    /// The groups of parameters with their settings.
    public var paramGroups: [ParamGroup]
    /// What is there beside the two.
    ///
    /// An entry that is named as one of them can't be written.
    public var extras: OrderedDictionary<String, CheckpointValue>
    /// The keys in the order in which they were read.
    private(set) var order: [String] = [stateKey, paramGroupsKey]
    /// The names of parameters as they are in the file, where groups may have the same objects.
    private(set) var readNames: [CheckpointKey: CheckpointValue] = [:]

    static let stateKey = "state"
    static let paramGroupsKey = "param_groups"

    /// Creates a state.
    public init(
        state: OrderedDictionary<CheckpointKey, ParameterState> = [:],
        paramGroups: [ParamGroup] = [], extras: OrderedDictionary<String, CheckpointValue> = [:]
    ) {
        self.state = state
        self.paramGroups = paramGroups
        self.extras = extras
    }
}

extension OptimizerState: CheckpointCodable {
    /// Reads what torch's `optimizer.state_dict()` returned.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when `state` or `param_groups` is missing;
    ///   ``CheckpointError/Code/typeMismatch`` when a part is of another kind than torch makes it,
    ///   or is under a key that is neither a string nor an integer;
    ///   ``CheckpointError/Code/duplicateName`` when two names differ in their Unicode form only;
    ///   ``CheckpointError/Code/limitExceeded`` when a large dictionary is in very many places.
    /// - Complexity: O(*n*) in the number of parameters and settings; no elements are read.
    public init(checkpointValue value: CheckpointValue) throws {
        var effort = Effort(for: value.graph)
        try self.init(checkpointValue: value, &effort)
    }
}

extension OptimizerState: CountedCodable {
    init(checkpointValue value: CheckpointValue, _ effort: inout Effort) throws {
        extras = try value.namedEntries("an optimizer's state")
        order = Array(extras.keys)
        guard let state = extras.removeValue(forKey: Self.stateKey) else {
            throw value.missing(.string(Self.stateKey), at: nil)
        }
        guard let groups = extras.removeValue(forKey: Self.paramGroupsKey) else {
            throw value.missing(.string(Self.paramGroupsKey), at: nil)
        }
        self.state = try Self.states(state, &effort)
        readNames = state.textKeys
        paramGroups = try Self.groups(groups, &effort)
    }

    private static func states(
        _ value: CheckpointValue, _ effort: inout Effort
    ) throws(CheckpointError) -> OrderedDictionary<CheckpointKey, ParameterState> {
        let path = CheckpointPath([.string(stateKey)])
        guard value.kind == .dictionary, let entries = value.dictionary else {
            throw value.unfit("a dict of parameters' states").atKeyPath(path.description)
        }
        var states: OrderedDictionary<CheckpointKey, ParameterState> = [:]
        for (key, entry) in entries {
            do throws(CheckpointError) {
                try key.checkMakeable()
                let what = "a parameter's state"
                states[key] = try ParameterState(entry.namedEntries(what, &effort))
            } catch {
                throw error.atKeyPath(path.appending(key).description)
            }
        }
        return states
    }

    private static func groups(
        _ value: CheckpointValue, _ effort: inout Effort
    ) throws(CheckpointError) -> [ParamGroup] {
        let path = CheckpointPath([.string(paramGroupsKey)])
        guard value.kind == .list || value.kind == .tuple, let items = value.array else {
            throw value.unfit("a list of parameter groups").atKeyPath(path.description)
        }
        var groups: [ParamGroup] = []
        for (place, item) in items.enumerated() {
            do throws(CheckpointError) {
                try groups.append(ParamGroup(item.namedEntries("a parameter group", &effort)))
            } catch {
                throw error.atKeyPath(path.appending(.integer(place)).description)
            }
        }
        return groups
    }
}

extension OptimizerState {
    /// The states of parameters by their names, in the order of the names.
    ///
    /// torch numbers parameters in the order in which the optimizer was given them, group by group:
    /// for `Adam(model.parameters())` that is the order of `model.named_parameters()`, which has no
    /// buffers. Parameters without a state are left out.
    ///
    /// - Parameter names: A name for each parameter of ``paramGroups``.
    /// - Throws: ``CheckpointError/Code/shapeMismatch`` when there are not as many names as
    ///   parameters; ``CheckpointError/Code/typeMismatch`` when a group does not list its parameters;
    ///   ``CheckpointError/Code/duplicateName`` when two names are the same.
    /// - Complexity: O(*n*) in the number of parameters.
    public func states(
        named names: [String]
    ) throws -> OrderedDictionary<String, ParameterState> {
        var keys: [CheckpointKey] = []
        for (place, group) in paramGroups.enumerated() {
            guard let params = group.params else {
                throw CheckpointError(
                    .typeMismatch, "'params' of group \(place) is no list of parameters",
                    advice: "It is a list of numbers or names in what torch writes")
            }
            keys += params
        }
        guard keys.count == names.count else {
            throw CheckpointError(
                .shapeMismatch, "there are \(names.count) names for \(keys.count) parameters",
                advice: "Name the parameters that the optimizer was given, without buffers")
        }
        var states: OrderedDictionary<String, ParameterState> = [:]
        var known: Set<String> = []
        for (name, key) in zip(names, keys) {
            guard known.insert(name).inserted else {
                throw CheckpointError(
                    .duplicateName, "two parameters have the name \(PythonRepr.quote(name))",
                    advice: "Give each parameter a name of its own")
            }
            states[name] = state[key]
        }
        return states
    }
}

extension OptimizerState: CustomStringConvertible {
    /// One line: the number of groups, of their parameters, and of parameters with a state.
    ///
    /// - Complexity: O(*n*) in the number of parameters.
    public var description: String {
        let parameters = paramGroups.reduce(0) { $0 + ($1.values["params"]?.count ?? 0) }
        return [
            paramGroups.count.counted("group", "groups"),
            parameters.counted("parameter", "parameters"),
            state.count.counted("state", "states"),
        ].joined(separator: ", ")
    }
}
