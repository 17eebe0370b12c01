import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

struct DropoutTests {
    @Test(arguments: [0.1, 0.5, 0.9])
    func `the right share becomes zero and the others grow`(probability: Double) throws {
        var generator = SeededGenerator(seed: 4)
        let count = 20_000
        let factors: [Float] = try Dropout(probability: probability)
            .factors(count, using: &generator)
        let zeros = factors.count { $0 == 0 }
        // Five standard deviations, and the seed is fixed.
        let deviation = (probability * (1 - probability) / Double(count)).squareRoot()
        #expect(abs(Double(zeros) / Double(count) - probability) < 5 * deviation)
        #expect(Set(factors) == [0, Float(1 / (1 - probability))])
    }

    @Test func `a share of none or all leaves everything or nothing`() throws {
        var generator = SeededGenerator(seed: 4)
        #expect(
            try Dropout(probability: 0).factors(9, using: &generator)
                == [Float](repeating: 1, count: 9))
        #expect(
            try Dropout(probability: 1).factors(9, using: &generator)
                == [Float](repeating: 0, count: 9))
    }

    @Test(arguments: [-0.1, 1.5, .nan, .infinity])
    func `what is no share is refused`(probability: Double) {
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try Dropout(probability: probability)
        }
    }

    @Test func `dropout is at work in training, and draws by the seed and the epoch`() throws {
        func gradient(dropout: Double, seed: UInt64, epoch: Int) throws -> [Double] {
            var model = try MLP<Double>(
                features: 2, hidden: [16], classes: 2, dropout: dropout, seed: 1)
            var generator = SplitMix64(seed: seed, epoch: epoch)
            _ = try model.computeGradients(
                inputs: Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 5, 8, 4]),
                targets: [0, 1, 1], using: &generator)
            return model.parameters.flatMap(\.gradient)
        }
        let drawn = try gradient(dropout: 0.5, seed: 1, epoch: 1)
        #expect(try gradient(dropout: 0.5, seed: 1, epoch: 1) == drawn)
        #expect(try gradient(dropout: 0, seed: 1, epoch: 1) != drawn)
        #expect(try gradient(dropout: 0.5, seed: 2, epoch: 1) != drawn)
        #expect(try gradient(dropout: 0.5, seed: 1, epoch: 2) != drawn)
    }
}
