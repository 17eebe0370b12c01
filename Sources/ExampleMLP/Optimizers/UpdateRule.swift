import TorchCheckpoint

/// How an optimizer makes a step of a gradient.
protocol UpdateRule: Sendable {
    /// Reads the hyperparameters of a parameter group.
    ///
    /// - Throws: `CheckpointError` for those that are missing or make no sense.
    init(_ group: ParamGroup) throws

    /// torch's names for the settings that it has and not every optimizer.
    static var settings: [String] { get }
    /// torch's names for all that it can remember of a parameter, in its order.
    static var memories: [String] { get }
    /// Those of ``memories`` that each parameter has after a step.
    var needed: [String] { get }

    var learningRate: Double { get set }

    /// Changes the values of a parameter by its gradient.
    func update<Scalar>(
        _ parameter: inout Parameter<Scalar>, _ memory: inout ParameterMemory<Scalar>)
}

/// What an optimizer remembers of a parameter.
struct ParameterMemory<Scalar: NetworkScalar>: Sendable {
    /// How often it was updated; nil for an optimizer that does not count.
    var step: Int?
    /// As many numbers as the parameter has, under torch's names, such as `exp_avg`.
    var buffers: [String: [Scalar]] = [:]

    var isEmpty: Bool { step == nil && buffers.isEmpty }

    /// Whether there is something of this name.
    func has(_ name: String) -> Bool { name == "step" ? step != nil : buffers[name] != nil }
}

/// Checks a hyperparameter.
///
/// - Throws: `numberOutOfRange` unless it is a number of `range`.
func checkHyperparameter(
    _ name: String, _ value: Double, from least: Double = 0, below limit: Double = .infinity
) throws {
    guard value >= least, value < limit else {
        let range = limit.isFinite ? "below \(limit)" : "finite"
        throw CheckpointError(
            .numberOutOfRange, "\(name) is \(value)",
            advice: "Choose a number that is \(least) or more and \(range)")
    }
}
