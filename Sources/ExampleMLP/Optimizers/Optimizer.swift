import TorchCheckpoint

/// Changes the parameters of a model by their gradients.
///
/// The Python counterpart is `torch.optim.Optimizer`: parameters are in groups, each with
/// hyperparameters of its own, and are known by their number in `model.parameters()`.
public struct Optimizer<Scalar: NetworkScalar>: Sendable {
    struct Group {
        /// All that the state dict says of the group, also what means nothing here.
        var settings: ParamGroup
        var rule: any UpdateRule
        let parameters: [Int]
    }

    /// Which optimizer it is.
    public let kind: OptimizerKind
    var groups: [Group]
    var memories: [Int: ParameterMemory<Scalar>]
    /// The state that it was created with, for what else that says.
    let origin: OptimizerState
    /// The shapes of the parameters, by their numbers.
    let shapes: [[Int]]

    /// The learning rate of each group.
    public internal(set) var learningRates: [Double] {
        get { groups.map(\.rule.learningRate) }
        set {
            for (index, rate) in zip(groups.indices, newValue) {
                groups[index].rule.learningRate = rate
            }
        }
    }

    /// Makes a step with the gradients of the model: `optimizer.step()`.
    ///
    /// - Throws: `CheckpointError` with `shapeMismatch` when this is the optimizer of another model.
    public mutating func step(_ model: inout MLP<Scalar>) throws {
        for group in groups {
            try model.updateParameters { number, parameter in
                guard group.parameters.contains(number) else { return }
                try parameter.checkShape(of: number, in: shapes)
                var memory = memories[number] ?? ParameterMemory()
                group.rule.update(&parameter, &memory)
                memories[number] = memory
            }
        }
    }
}

extension Parameter {
    fileprivate func checkShape(of number: Int, in shapes: [[Int]]) throws {
        guard shapes[number] == shape else {
            throw CheckpointError(
                .shapeMismatch,
                "parameter \(number) has the shape \(shape), the optimizer knows \(shapes[number])",
                advice: "The optimizer is one of another model")
        }
    }
}
