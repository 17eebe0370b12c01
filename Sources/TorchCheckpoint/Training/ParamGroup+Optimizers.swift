// The groups that torch 2.13's optimizers have: the same settings in the same order, of the same
// types. What is not an argument here has torch's default, and can be set by its name.
extension ParamGroup {
    /// A group of `torch.optim.SGD`.
    ///
    /// - Parameters:
    ///   - params: The numbers of the parameters in ``OptimizerState/state``.
    ///   - lr: The learning rate.
    ///   - momentum: The momentum.
    ///   - dampening: The dampening of the momentum.
    ///   - weightDecay: How much of the parameters decays.
    ///   - nesterov: Whether the momentum is Nesterov's.
    public static func sgd(
        params: some Sequence<Int>, lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
        weightDecay: Double = 0, nesterov: Bool = false
    ) -> ParamGroup {
        ParamGroup([
            "lr": CheckpointValue(setting: lr),
            "momentum": CheckpointValue(setting: momentum),
            "dampening": CheckpointValue(setting: dampening),
            "weight_decay": CheckpointValue(setting: weightDecay),
            "nesterov": CheckpointValue(nesterov),
            "maximize": false, "foreach": .pythonNone, "differentiable": false,
            "fused": .pythonNone, "params": .list(integers: params),
        ])
    }

    /// A group of `torch.optim.Adam`.
    ///
    /// - Parameters:
    ///   - params: The numbers of the parameters in ``OptimizerState/state``.
    ///   - lr: The learning rate.
    ///   - betas: The factors by which the averages decay.
    ///   - eps: What keeps the divisor from being 0.
    ///   - weightDecay: How much of the parameters is added to the gradients.
    ///   - amsgrad: Whether the greatest average is the divisor.
    public static func adam(
        params: some Sequence<Int>, lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
        eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
    ) -> ParamGroup {
        ParamGroup([
            "lr": CheckpointValue(setting: lr), "betas": CheckpointValue(pair: betas),
            "eps": CheckpointValue(eps), "weight_decay": CheckpointValue(setting: weightDecay),
            "amsgrad": CheckpointValue(amsgrad), "maximize": false, "foreach": .pythonNone,
            "capturable": false, "differentiable": false, "fused": .pythonNone,
            "decoupled_weight_decay": false, "params": .list(integers: params),
        ])
    }

    /// A group of `torch.optim.AdamW`.
    ///
    /// - Parameters:
    ///   - params: The numbers of the parameters in ``OptimizerState/state``.
    ///   - lr: The learning rate.
    ///   - betas: The factors by which the averages decay.
    ///   - eps: What keeps the divisor from being 0.
    ///   - weightDecay: How much of the parameters decays.
    ///   - amsgrad: Whether the greatest average is the divisor.
    public static func adamW(
        params: some Sequence<Int>, lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
        eps: Double = 1e-8, weightDecay: Double = 1e-2, amsgrad: Bool = false
    ) -> ParamGroup {
        var group = adam(
            params: params, lr: lr, betas: betas, eps: eps, weightDecay: weightDecay,
            amsgrad: amsgrad)
        group.decoupledWeightDecay = true
        return group
    }

    /// A group of `torch.optim.RMSprop`.
    ///
    /// - Parameters:
    ///   - params: The numbers of the parameters in ``OptimizerState/state``.
    ///   - lr: The learning rate.
    ///   - alpha: The smoothing of the averages.
    ///   - eps: What keeps the divisor from being 0.
    ///   - weightDecay: How much of the parameters is added to the gradients.
    ///   - momentum: The momentum.
    ///   - centered: Whether the average of gradients is subtracted.
    public static func rmsprop(
        params: some Sequence<Int>, lr: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8,
        weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
    ) -> ParamGroup {
        ParamGroup([
            "lr": CheckpointValue(setting: lr), "momentum": CheckpointValue(setting: momentum),
            "alpha": CheckpointValue(alpha), "eps": CheckpointValue(eps),
            "centered": CheckpointValue(centered),
            "weight_decay": CheckpointValue(setting: weightDecay), "capturable": false,
            "foreach": .pythonNone, "maximize": false, "differentiable": false,
            "params": .list(integers: params),
        ])
    }

    /// A group of `torch.optim.Adagrad`.
    ///
    /// - Parameters:
    ///   - params: The numbers of the parameters in ``OptimizerState/state``.
    ///   - lr: The learning rate.
    ///   - lrDecay: How the learning rate decays.
    ///   - weightDecay: How much of the parameters is added to the gradients.
    ///   - initialAccumulatorValue: What the sums started from.
    ///   - eps: What keeps the divisor from being 0.
    public static func adagrad(
        params: some Sequence<Int>, lr: Double = 1e-2, lrDecay: Double = 0,
        weightDecay: Double = 0, initialAccumulatorValue: Double = 0, eps: Double = 1e-10
    ) -> ParamGroup {
        ParamGroup([
            "lr": CheckpointValue(setting: lr), "lr_decay": CheckpointValue(setting: lrDecay),
            "eps": CheckpointValue(eps), "weight_decay": CheckpointValue(setting: weightDecay),
            "initial_accumulator_value": CheckpointValue(setting: initialAccumulatorValue),
            "foreach": .pythonNone, "maximize": false, "differentiable": false,
            "fused": .pythonNone, "params": .list(integers: params),
        ])
    }
}

extension CheckpointValue {
    /// A `float`, but the `int` 0 for nothing, as torch's defaults have it.
    fileprivate init(setting: Double) {
        self = setting == 0 ? 0 : CheckpointValue(setting)
    }
}
