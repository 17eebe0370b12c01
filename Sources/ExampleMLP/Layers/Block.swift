package import TorchCheckpoint

/// Linear, batch norm, ReLU and dropout, one after the other.
package struct Block<Scalar: NetworkScalar>: Sendable {
    package var linear: Linear<Scalar>
    package var norm: BatchNorm<Scalar>
    package var dropout: Dropout

    init(_ linear: Linear<Scalar>, _ dropout: Dropout) {
        self.linear = linear
        norm = BatchNorm(features: linear.outputs)
        self.dropout = dropout
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
        _ input: Matrix<Scalar>, using generator: inout some RandomNumberGenerator
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

extension Block: StateDictLoadable {
    /// Creates a block of the size of a part of a state dict; nil when there is no such part.
    ///
    /// - Parameters:
    ///   - stateDict: The state dict of a model.
    ///   - prefix: What the names of the block's tensors begin with there.
    ///   - dropout: What the block is trained with, which is not saved.
    /// - Throws: as `Linear.init`.
    init?(sizedAs stateDict: StateDict, prefix: String, _ dropout: Dropout) throws {
        guard stateDict[prefix + "linear.weight"] != nil else { return nil }
        try self.init(Linear(sizedAs: stateDict, prefix: prefix + "linear."), dropout)
    }

    package func stateDict() throws -> StateDict {
        var stateDict = StateDict(metadata: .moduleVersions(["": 1]))
        try stateDict.append(linear.stateDict(), withPrefix: "linear.")
        try stateDict.append(norm.stateDict(), withPrefix: "norm.")
        try stateDict.append(dropout.stateDict(), withPrefix: "dropout.")
        return stateDict
    }

    package mutating func update(with stateDict: StateDict) throws {
        try linear.update(with: stateDict.subset(withPrefix: "linear."))
        try norm.update(with: stateDict.subset(withPrefix: "norm."))
        try dropout.update(with: stateDict.subset(withPrefix: "dropout."))
    }
}
