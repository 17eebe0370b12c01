import RealModule
import TorchCheckpoint

/// Steps of a size of their own for each number, as `torch.optim.Adam` and `torch.optim.AdamW`.
struct Adam: UpdateRule {
    static let settings = ["betas", "eps", "amsgrad", "capturable", "decoupled_weight_decay"]
    static let memories = ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]

    var learningRate: Double
    let betas: (Double, Double)
    let epsilon: Double
    let weightDecay: Double
    let amsgrad: Bool
    let maximize: Bool
    /// Whether weights decay by themselves and not through the gradient: that makes it AdamW.
    var isDecoupled: Bool

    var needed: [String] { amsgrad ? Self.memories : Self.memories.dropLast() }

    init(_ group: ParamGroup) throws {
        learningRate = try group.require("lr", group.lr)
        betas = try group.require("betas", group.betas)
        epsilon = try group.require("eps", group.eps)
        weightDecay = try group.require("weight_decay", group.weightDecay)
        // RAdam, whose state looks like Adam's, has no amsgrad: that is all that tells them apart.
        amsgrad = try group.require("amsgrad", group.amsgrad)
        maximize = try group.flag("maximize", group.maximize)
        isDecoupled = try group.flag("decoupled_weight_decay", group.decoupledWeightDecay)
        try checkHyperparameter("lr", learningRate)
        try checkHyperparameter("the first of betas", betas.0, below: 1)
        try checkHyperparameter("the second of betas", betas.1, below: 1)
        try checkHyperparameter("eps", epsilon)
        try checkHyperparameter("weight_decay", weightDecay)
    }

    func update<Scalar>(
        _ parameter: inout Parameter<Scalar>, _ memory: inout ParameterMemory<Scalar>
    ) {
        var gradient = maximize ? parameter.gradient.map { -$0 } : parameter.gradient
        if weightDecay != 0 {
            if isDecoupled {
                parameter.values.scale(by: 1 - learningRate * weightDecay)
            } else {
                gradient.add(parameter.values, times: weightDecay)
            }
        }
        let step = (memory.step ?? 0) + 1
        memory.step = step
        let average = remember(in: &memory, "exp_avg", gradient) {
            $0.approach(gradient, by: 1 - betas.0)
        }
        // Both averages start at 0; the corrections make up for it.
        let correction = Scalar(
            rounding: (1 - Double.pow(betas.1, Double(step))).squareRoot())
        let divisors = squares(of: gradient, &memory).map {
            $0.squareRoot() / correction + Scalar(rounding: epsilon)
        }
        let rate = learningRate / (1 - Double.pow(betas.0, Double(step)))
        parameter.values.addQuotients(average, divisors, times: -rate)
    }

    /// The average of the squared gradients, or with AMSGrad the greatest that it has ever been.
    private func squares<Scalar>(
        of gradient: [Scalar], _ memory: inout ParameterMemory<Scalar>
    ) -> [Scalar] {
        let squares = remember(in: &memory, "exp_avg_sq", gradient) {
            $0.scale(by: betas.1)
            $0.addSquares(of: gradient, times: 1 - betas.1)
        }
        guard amsgrad else { return squares }
        return remember(in: &memory, "max_exp_avg_sq", gradient) {
            // Like torch.maximum, which lets NaN win.
            $0 = zip($0, squares).map { $0.isNaN || $0 > $1 ? $0 : $1 }
        }
    }

    /// Changes a buffer, which starts as zeros, and returns what it is then.
    private func remember<Scalar>(
        in memory: inout ParameterMemory<Scalar>, _ name: String, _ gradient: [Scalar],
        _ change: (inout [Scalar]) -> Void
    ) -> [Scalar] {
        var buffer = memory.buffers[name] ?? Array(repeating: 0, count: gradient.count)
        change(&buffer)
        memory.buffers[name] = buffer
        return buffer
    }
}
