package import TorchCheckpoint

/// Products of the input with a weight, as `torch.nn.Linear`.
package struct Linear<Scalar: NetworkScalar>: Sendable {
    /// A row for each output, in it a number for each input.
    package var weight: Parameter<Scalar>
    package var bias: Parameter<Scalar>?

    package var inputs: Int { weight.shape[1] }
    package var outputs: Int { weight.shape[0] }

    /// Creates a layer of the size of a weight, with a bias of zeros.
    ///
    /// - Throws: `shapeMismatch` for a weight that has no input or no output.
    init(weight: Matrix<Scalar>, hasBias: Bool) throws {
        guard weight.rows > 0, weight.columns > 0 else {
            throw CheckpointError(
                .shapeMismatch, "a weight of shape [\(weight.rows), \(weight.columns)] is empty",
                advice: "A layer has an input and an output at least")
        }
        self.weight = Parameter(shape: [weight.rows, weight.columns], values: weight.elements)
        if hasBias {
            bias = Parameter(shape: [outputs], values: Array(repeating: 0, count: outputs))
        }
    }

    package func callAsFunction(_ input: Matrix<Scalar>) throws -> Matrix<Scalar> {
        guard input.columns == inputs else {
            throw CheckpointError(
                .shapeMismatch, "the layer takes \(inputs) numbers, the input has \(input.columns)",
                advice: "The model was made for other data")
        }
        return input.times(rowsOf: weightMatrix, offsets: bias?.values)
    }

    /// Sets the gradients of weight and bias, and returns that of the input.
    ///
    /// - Parameters:
    ///   - gradient: The gradient of the output.
    ///   - input: What the output was computed from.
    package mutating func backward(
        _ gradient: Matrix<Scalar>, from input: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        weight.gradient = gradient.transposed.times(rowsOf: input.transposed).elements
        bias?.gradient = gradient.columnSums
        return gradient.times(rowsOf: weightMatrix.transposed)
    }

    private var weightMatrix: Matrix<Scalar> {
        Matrix(rows: outputs, columns: inputs, checked: weight.values)
    }
}

extension Linear: StateDictLoadable {
    /// Creates a layer of the size of the weight in a state dict, with a bias of zeros.
    ///
    /// - Parameters:
    ///   - stateDict: The state dict of a model.
    ///   - prefix: What the names of this layer's tensors begin with there.
    ///   - hasBias: Whether there is a bias; nil for one where the state dict has one.
    /// - Throws: `keyNotFound`; `shapeMismatch` for a weight that is none of a layer.
    init(sizedAs stateDict: StateDict, prefix: String, hasBias: Bool? = nil) throws {
        let weight = try stateDict.tensor(prefix + "weight")
        guard weight.rank == 2 else {
            throw CheckpointError(
                .shapeMismatch, "'\(prefix)weight' has the shape \(weight.shape)",
                advice: "That of a linear layer has two dimensions")
        }
        let matrix = try Matrix<Scalar>(
            rows: weight.shape[0], columns: weight.shape[1],
            elements: weight.array(converting: Scalar.self))
        try self.init(weight: matrix, hasBias: hasBias ?? (stateDict[prefix + "bias"] != nil))
    }

    package func stateDict() throws -> StateDict {
        var tensors: OrderedDictionary = ["weight": try weight.tensor()]
        tensors["bias"] = try bias?.tensor()
        return StateDict(tensors, metadata: .moduleVersions(["": 1]))
    }

    package mutating func update(with stateDict: StateDict) throws {
        try weight.copy(stateDict.tensor("weight"))
        if bias != nil { try bias?.copy(stateDict.tensor("bias")) }
    }
}

extension Linear {
    /// The largest number of inputs or outputs of a layer that is made here.
    package static var maximumSize: Int { 1 << 14 }

    /// Creates a layer with random values, drawn as `torch.nn.Linear` draws them.
    ///
    /// That is evenly from plus and minus one over the root of the number of inputs, which is what
    /// torch's Kaiming initialization comes to.
    ///
    /// - Throws: `shapeMismatch` for sizes outside of 1 and ``maximumSize``.
    init(
        inputs: Int, outputs: Int, hasBias: Bool, using generator: inout some RandomNumberGenerator
    ) throws {
        guard 1...Self.maximumSize ~= inputs, 1...Self.maximumSize ~= outputs else {
            throw CheckpointError(
                .shapeMismatch, "there is no layer of \(inputs) inputs and \(outputs) outputs",
                advice: "Choose sizes from 1 to \(Self.maximumSize)")
        }
        let bound = 1 / Double(inputs).squareRoot()
        func draw(_ count: Int) -> [Scalar] {
            (0..<count).map { _ in
                Scalar(rounding: Double.random(in: -bound...bound, using: &generator))
            }
        }
        let weight = Matrix(rows: outputs, columns: inputs, checked: draw(inputs * outputs))
        try self.init(weight: weight, hasBias: hasBias)
        if hasBias { bias?.values = draw(outputs) }
    }
}
