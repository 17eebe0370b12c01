import TorchCheckpoint

/// Linear, batch norm, ReLU and dropout, one after the other.
package struct Block<Scalar: NetworkScalar>: Sendable {
    package var linear: Linear<Scalar>
    package var norm: BatchNorm<Scalar>

    init(_ linear: Linear<Scalar>) {
        self.linear = linear
        norm = BatchNorm(features: linear.outputs)
    }

    /// Inference.
    package func callAsFunction(_ input: Matrix<Scalar>) throws -> Matrix<Scalar> {
        try ReLU.forward(norm(linear(input)))
    }

    /// What the way back needs of the way forward.
    package struct Memory: Sendable {
        let input: Matrix<Scalar>
        let norm: BatchNorm<Scalar>.Memory
        let activated: Matrix<Scalar>
        let dropout: [Scalar]
    }

    /// Training.
    package mutating func forward(
        _ input: Matrix<Scalar>, dropout: Dropout, using generator: inout some RandomNumberGenerator
    ) throws -> (output: Matrix<Scalar>, memory: Memory) {
        let (normalized, normMemory) = try norm.forward(linear(input))
        let activated = ReLU.forward(normalized)
        let factors: [Scalar] = dropout.factors(activated.elements.count, using: &generator)
        let memory = Memory(
            input: input, norm: normMemory, activated: activated, dropout: factors)
        return (Dropout.apply(factors, to: activated), memory)
    }

    /// Sets the gradients of all parameters, and returns that of the input.
    package mutating func backward(
        _ gradient: Matrix<Scalar>, from memory: Memory
    ) -> Matrix<Scalar> {
        let activated = Dropout.apply(memory.dropout, to: gradient)
        let normalized = ReLU.backward(activated, from: memory.activated)
        return linear.backward(norm.backward(normalized, from: memory.norm), from: memory.input)
    }
}
