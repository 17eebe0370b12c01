import TorchCheckpoint

/// Numbers that are learned, and the gradient of the loss by each of them.
///
/// The Python counterpart is `torch.nn.Parameter`. A gradient is that of the last batch, as after
/// `zero_grad` and `backward`.
public struct Parameter<Scalar: NetworkScalar>: Sendable {
    /// The size of each dimension.
    public let shape: [Int]
    /// The numbers in row-major order.
    public package(set) var values: [Scalar]
    /// As many gradients as values.
    public package(set) var gradient: [Scalar]

    init(shape: [Int], values: [Scalar]) {
        self.shape = shape
        self.values = values
        gradient = Array(repeating: 0, count: values.count)
    }

    /// Replaces the values by those of a tensor.
    ///
    /// - Throws: `shapeMismatch`; as `Tensor.array(converting:)`.
    mutating func copy(_ tensor: Tensor) throws {
        try tensor.checkShape(shape)
        values = try tensor.array(converting: Scalar.self)
    }

    /// The values as a tensor.
    func tensor() throws -> Tensor { try Tensor(values, shape: shape) }
}

extension Tensor {
    /// - Throws: `shapeMismatch` that names both shapes.
    func checkShape(_ expected: [Int]) throws {
        guard shape == expected else {
            throw CheckpointError(
                .shapeMismatch, "a tensor of shape \(shape) is none of shape \(expected)",
                advice: "The checkpoint is one of another model")
        }
    }
}
