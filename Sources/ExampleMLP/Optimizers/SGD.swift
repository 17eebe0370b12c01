import TorchCheckpoint

/// Stochastic gradient descent, as `torch.optim.SGD`.
struct SGD: UpdateRule {
    static let settings = ["momentum", "dampening", "nesterov"]
    static let memories = ["momentum_buffer"]

    var learningRate: Double
    let momentum: Double
    let dampening: Double
    let weightDecay: Double
    let nesterov: Bool
    let maximize: Bool

    var needed: [String] { momentum == 0 ? [] : Self.memories }

    init(_ group: ParamGroup) throws {
        learningRate = try group.require("lr", group.lr)
        momentum = try group.require("momentum", group.momentum)
        dampening = try group.require("dampening", group.dampening)
        weightDecay = try group.require("weight_decay", group.weightDecay)
        nesterov = try group.flag("nesterov", group.nesterov)
        maximize = try group.flag("maximize", group.maximize)
        try checkHyperparameter("lr", learningRate)
        try checkHyperparameter("momentum", momentum)
        try checkHyperparameter("dampening", dampening, from: -.greatestFiniteMagnitude)
        try checkHyperparameter("weight_decay", weightDecay)
        guard !nesterov || (momentum > 0 && dampening == 0) else {
            throw CheckpointError(
                .numberOutOfRange,
                "nesterov goes with momentum \(momentum) and dampening \(dampening)",
                advice: "Nesterov momentum needs a momentum and no dampening")
        }
    }

    func update<Scalar>(
        _ parameter: inout Parameter<Scalar>, _ memory: inout ParameterMemory<Scalar>
    ) {
        var gradient = maximize ? parameter.gradient.map { -$0 } : parameter.gradient
        if weightDecay != 0 { gradient.add(parameter.values, times: weightDecay) }
        if momentum != 0 {
            var buffer = gradient
            // The first gradient is taken as a whole, whatever the dampening.
            if let before = memory.buffers["momentum_buffer"] {
                buffer = before
                buffer.scale(by: momentum)
                buffer.add(gradient, times: 1 - dampening)
            }
            memory.buffers["momentum_buffer"] = buffer
            if nesterov { gradient.add(buffer, times: momentum) } else { gradient = buffer }
        }
        parameter.values.add(gradient, times: -learningRate)
    }
}
