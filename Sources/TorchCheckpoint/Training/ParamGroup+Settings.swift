// The settings of torch's own optimizers, as properties.
extension ParamGroup {
    /// The learning rate: torch's `lr`.
    public var lr: Double? {
        get { self[number: "lr"] }
        set { self[number: "lr"] = newValue }
    }

    /// The learning rate that a scheduler started from: torch's `initial_lr`.
    public var initialLR: Double? {
        get { self[number: "initial_lr"] }
        set { self[number: "initial_lr"] = newValue }
    }

    /// How much of the parameters decays: torch's `weight_decay`.
    public var weightDecay: Double? {
        get { self[number: "weight_decay"] }
        set { self[number: "weight_decay"] = newValue }
    }

    /// The momentum of SGD and RMSprop: torch's `momentum`.
    public var momentum: Double? {
        get { self[number: "momentum"] }
        set { self[number: "momentum"] = newValue }
    }

    /// The dampening of SGD's momentum: torch's `dampening`.
    public var dampening: Double? {
        get { self[number: "dampening"] }
        set { self[number: "dampening"] = newValue }
    }

    /// What keeps divisors from being 0; nil for Adafactor, which has two: torch's `eps`.
    public var eps: Double? {
        get { self[number: "eps"] }
        set { self[number: "eps"] = newValue }
    }

    /// The smoothing of RMSprop's averages, or the power of ASGD's rate: torch's `alpha`.
    public var alpha: Double? {
        get { self[number: "alpha"] }
        set { self[number: "alpha"] = newValue }
    }

    /// How Adagrad's learning rate decays: torch's `lr_decay`.
    public var lrDecay: Double? {
        get { self[number: "lr_decay"] }
        set { self[number: "lr_decay"] = newValue }
    }

    /// What Adagrad's sums start from: torch's `initial_accumulator_value`.
    public var initialAccumulatorValue: Double? {
        get { self[number: "initial_accumulator_value"] }
        set { self[number: "initial_accumulator_value"] = newValue }
    }

    /// The two factors by which Adam's averages decay: torch's `betas`.
    ///
    /// - Complexity: O(*n*) in the number of elements, which is 2 in what torch writes.
    public var betas: (Double, Double)? {
        get { self[pair: "betas"] }
        set { self[pair: "betas"] = newValue }
    }

    /// Whether SGD has Nesterov's momentum: torch's `nesterov`.
    public var nesterov: Bool? {
        get { self[bool: "nesterov"] }
        set { self[bool: "nesterov"] = newValue }
    }

    /// Whether Adam divides by the greatest average: torch's `amsgrad`.
    public var amsgrad: Bool? {
        get { self[bool: "amsgrad"] }
        set { self[bool: "amsgrad"] = newValue }
    }

    /// Whether RMSprop subtracts the average of gradients: torch's `centered`.
    public var centered: Bool? {
        get { self[bool: "centered"] }
        set { self[bool: "centered"] = newValue }
    }

    /// Whether the objective is to grow: torch's `maximize`.
    public var maximize: Bool? {
        get { self[bool: "maximize"] }
        set { self[bool: "maximize"] = newValue }
    }

    /// Whether weights decay apart from gradients, as in AdamW: torch's `decoupled_weight_decay`.
    public var decoupledWeightDecay: Bool? {
        get { self[bool: "decoupled_weight_decay"] }
        set { self[bool: "decoupled_weight_decay"] = newValue }
    }
}
