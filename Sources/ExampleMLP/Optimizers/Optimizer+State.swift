public import TorchCheckpoint

extension Optimizer {
    /// Creates the optimizer of a new run, with one group of all parameters.
    ///
    /// - Parameters:
    ///   - kind: Which optimizer it is.
    ///   - model: The model that is to be optimized.
    ///   - learningRate: torch's `lr`.
    ///   - momentum: The momentum of SGD; the others have none.
    ///   - weightDecay: How much weights decay.
    /// - Throws: `CheckpointError` with `numberOutOfRange` for hyperparameters that make no sense.
    public init(
        _ kind: OptimizerKind, for model: MLP<Scalar>, learningRate: Double, momentum: Double = 0,
        weightDecay: Double = 0
    ) throws {
        let params = Array(model.parameters.indices)
        let group: ParamGroup =
            switch kind {
            case .sgd:
                .sgd(params: params, lr: learningRate, momentum: momentum, weightDecay: weightDecay)
            case .adam: .adam(params: params, lr: learningRate, weightDecay: weightDecay)
            case .adamW: .adamW(params: params, lr: learningRate, weightDecay: weightDecay)
            }
        try self.init(kind, OptimizerState(paramGroups: [group]), for: model)
    }

    /// Creates an optimizer in the state that another had when it was saved.
    ///
    /// Parameters are numbered as in `model.parameters()`, group by group. The state has either
    /// nothing of any of them, as before the first step, or of each all that the optimizer keeps.
    ///
    /// torch takes one in between, too: that of a run in which some parameters had no gradient, and
    /// start from nothing when they have one. Here it is refused, because all parameters have
    /// gradients, and what was frozen would be trained from now on without a word.
    ///
    /// - Parameters:
    ///   - kind: Which optimizer it is. The state says it in part: of Adam and AdamW only that of
    ///     torch before 2.6 could be either.
    ///   - state: The state, which of a new optimizer has groups and nothing else.
    ///   - model: The model that is to be optimized.
    /// - Throws: `CheckpointError` for a state that is not one of `kind` or not of `model`: with
    ///   `incompatibleStateDict` for what `kind` does not have, with `keyNotFound` for what is
    ///   missing; and with `numberOutOfRange` for hyperparameters that make no sense.
    public init(_ kind: OptimizerKind, _ state: OptimizerState, for model: MLP<Scalar>) throws {
        try self.init(kind, state, shapes: model.parameters.map(\.shape))
    }

    /// Goes on from the state of another optimizer of this kind and model; when it throws, nothing
    /// has changed.
    ///
    /// The Python counterpart is `optimizer.load_state_dict(state)`.
    ///
    /// - Throws: as `init(_:_:for:)`.
    public mutating func load(_ state: OptimizerState) throws {
        self = try Optimizer(kind, state, shapes: shapes)
    }

    private init(_ kind: OptimizerKind, _ state: OptimizerState, shapes: [[Int]]) throws {
        self.kind = kind
        origin = state
        self.shapes = shapes
        groups = try state.paramGroups.map { group in
            let keys = try group.require("params", group.params)
            return Group(
                settings: group, rule: try kind.rule(group),
                parameters: try keys.map { try Self.number($0, of: shapes.count) })
        }
        memories = [:]
        try checkParameters()
        for (key, parameterState) in state.state {
            let number = try Self.number(key, of: shapes.count)
            try checkNames(parameterState, of: number)
            memories[number] = try ParameterMemory(parameterState, shape: shapes[number])
        }
        try checkMemories()
    }

    private static func number(_ key: CheckpointKey, of count: Int) throws -> Int {
        guard case .integer(let number) = key, 0..<count ~= number else {
            throw CheckpointError(
                .keyNotFound, "the state is of parameter \(key.pythonRepr), the model has \(count)",
                advice: "The state is one of another model")
        }
        return number
    }

    /// The state as torch saves it: `optimizer.state_dict()`.
    ///
    /// - Throws: as `Tensor.init`.
    public func state() throws -> OptimizerState {
        var state = origin
        for (index, group) in groups.enumerated() {
            state.paramGroups[index] = group.settings
            // Left alone when it is as it was, because it may be a tensor or an int there.
            if group.settings.lr != group.rule.learningRate {
                state.paramGroups[index].lr = group.rule.learningRate
            }
        }
        // SGD without momentum has nothing to remember, and torch then no entry.
        for (number, memory) in memories.sorted(by: { $0.key < $1.key }) where !memory.isEmpty {
            let key = CheckpointKey.integer(number)
            var parameterState = state.state[key] ?? ParameterState()
            try memory.write(to: &parameterState, shape: shapes[number])
            state.state[key] = parameterState
        }
        return state
    }
}

extension ParameterMemory {
    /// torch's names, in its order.
    private static var names: [String] {
        ["momentum_buffer", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
    }

    fileprivate init(_ state: ParameterState, shape: [Int]) throws {
        if state["step"] != nil {
            guard let step = state.step, 0..<Int(Int32.max) ~= step else {
                throw CheckpointError(
                    .numberOutOfRange, "'step' is no number of steps",
                    advice: "The state is damaged, or one of another optimizer")
            }
            self.step = step
        }
        for name in Self.names {
            guard let value = state[name] else { continue }
            // Momentum that is not used is None.
            if name == "momentum_buffer", value.isNone { continue }
            let tensor = try state.tensor(name)
            try tensor.checkShape(shape)
            buffers[name] = try tensor.array(converting: Scalar.self)
        }
    }

    fileprivate func write(to state: inout ParameterState, shape: [Int]) throws {
        if let step { state.step = step }
        for name in Self.names {
            guard let buffer = buffers[name] else { continue }
            try state.set(Tensor(buffer, shape: shape), as: name)
        }
    }
}
