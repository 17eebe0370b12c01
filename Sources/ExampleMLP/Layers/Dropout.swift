package import TorchCheckpoint

/// In training some numbers become 0 and the others grow to make up for it, as `torch.nn.Dropout`.
///
/// In inference it does nothing, and is not called.
package struct Dropout: Sendable, Hashable {
    /// The share of the numbers that become 0, from 0 to 1.
    package let probability: Double

    /// - Throws: `numberOutOfRange` for a probability that is none.
    package init(probability: Double) throws {
        guard 0...1 ~= probability else {
            throw CheckpointError(
                .numberOutOfRange, "\(probability) is no probability of dropout",
                advice: "Choose one from 0 to 1")
        }
        self.probability = probability
    }

    /// What each of `count` numbers, and later its gradient, is multiplied by.
    package func factors<Scalar: NetworkScalar>(
        _ count: Int, using generator: inout some RandomNumberGenerator
    ) -> [Scalar] {
        guard probability > 0 else { return Array(repeating: 1, count: count) }
        let kept = probability < 1 ? Scalar(rounding: 1 / (1 - probability)) : 0
        return (0..<count).map { _ in
            Double.random(in: 0..<1, using: &generator) < probability ? 0 : kept
        }
    }

    /// Multiplies each element by its factor.
    package static func apply<Scalar>(
        _ factors: [Scalar], to matrix: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        matrix.mapElements { $1 * factors[$0] }
    }
}

extension Dropout: StateDictLoadable {
    /// A version and no tensors: the probability is not saved.
    package func stateDict() throws -> StateDict {
        StateDict(metadata: .moduleVersions(["": 1]))
    }

    package mutating func update(with stateDict: StateDict) throws {}
}
