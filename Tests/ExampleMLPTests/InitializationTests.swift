import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

struct InitializationTests {
    @Test func `weights are drawn evenly within one over the root of the inputs`() throws {
        let model = try MLP<Double>(
            features: 100, hidden: [64], classes: 3, hasBias: true, seed: 5)
        let weight = model.parameters[0].values
        let bound = 0.1
        #expect(weight.count == 6400)
        #expect(weight.allSatisfy { abs($0) <= bound })
        let variance = weight.reduce(0) { $0 + $1 * $1 } / 6400
        #expect(abs(variance / (bound * bound / 3) - 1) < 0.05)
        #expect(abs(weight.reduce(0, +) / 6400) < 0.005)
        #expect(model.parameters[1].values.allSatisfy { abs($0) <= bound && $0 != 0 })
        #expect(model.parameters[4].values.allSatisfy { abs($0) <= 1 / 8 })
    }

    @Test func `the same seed gives the same model, and another one another`() throws {
        func weights(_ seed: UInt64) throws -> [Float] {
            try MLP<Float>(features: 4, hidden: [3], classes: 2, seed: seed)
                .parameters.flatMap(\.values)
        }
        #expect(try weights(1) == weights(1))
        #expect(try weights(1) != weights(2))
    }

    @Test(arguments: [true, false], [[], [3], [4, 2]])
    func `a model is made again of its state dict`(hasBias: Bool, hidden: [Int]) throws {
        let model = try MLP<Float>(
            features: 5, hidden: hidden, classes: 3, hasBias: hasBias, seed: 6)
        let copy = try MLP<Float>(model.stateDict())
        #expect((copy.features, copy.classes) == (5, 3))
        #expect(copy.parameters.map(\.values) == model.parameters.map(\.values))
    }
}
