public import Tensors

// What torch's optimizers keep, as properties. They are nil where a value is missing or no tensor:
// an unused `momentum_buffer` is `None`. ``ParameterState/tensor(_:)`` says which.
extension ParameterState {
    /// The momentum of SGD and RMSprop: torch's `momentum_buffer`.
    public var momentumBuffer: Tensor? { try? tensor("momentum_buffer") }

    /// Adam's average of gradients: torch's `exp_avg`.
    public var expAvg: Tensor? { try? tensor("exp_avg") }

    /// Adam's average of squared gradients: torch's `exp_avg_sq`.
    public var expAvgSq: Tensor? { try? tensor("exp_avg_sq") }

    /// The greatest average of squared gradients, of AMSGrad: torch's `max_exp_avg_sq`.
    public var maxExpAvgSq: Tensor? { try? tensor("max_exp_avg_sq") }

    /// RMSprop's average of squared gradients: torch's `square_avg`.
    public var squareAvg: Tensor? { try? tensor("square_avg") }

    /// The average of gradients of RMSprop when it is centred: torch's `grad_avg`.
    public var gradAvg: Tensor? { try? tensor("grad_avg") }

    /// Adagrad's sum of squared gradients: torch's `sum`.
    public var sum: Tensor? { try? tensor("sum") }
}
