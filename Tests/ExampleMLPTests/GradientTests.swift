import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// Gradients that were derived by hand, against quotients of differences.
struct GradientTests {
    private let inputs: Matrix<Double>
    private let targets = [0, 1, 2, 1, 0, 2, 2]

    init() throws {
        var generator = SeededGenerator(seed: 1)
        let elements = (0..<7 * 4).map { _ in Double.random(in: -2...2, using: &generator) }
        inputs = try Matrix(rows: 7, columns: 4, elements: elements)
    }

    // Dropout draws the same each time, and batch norm's running statistics do not enter the loss.
    private func loss(_ model: MLP<Double>) throws -> (Double, MLP<Double>) {
        var model = model
        var generator = SeededGenerator(seed: 2)
        let loss = try model.computeGradients(
            inputs: inputs, targets: targets, using: &generator)
        return (loss, model)
    }

    private func moved(
        _ model: MLP<Double>, _ parameter: Int, _ element: Int, by step: Double
    ) -> MLP<Double> {
        var model = model
        model.updateParameters { if $0 == parameter { $1.values[element] += step } }
        return model
    }

    @Test(arguments: [[], [5], [6, 5]], [(false, 0.0), (true, 0.0), (false, 0.4), (true, 0.4)])
    func `gradients are those of differences`(
        hidden: [Int], layers: (hasBias: Bool, dropout: Double)
    ) throws {
        let model = try MLP<Double>(
            features: 4, hidden: hidden, classes: 3, hasBias: layers.hasBias,
            dropout: layers.dropout, seed: 3)
        let parameters = try loss(model).1.parameters
        let step = 1e-5
        for (number, parameter) in parameters.enumerated() {
            let quotients = try parameter.values.indices.map { element in
                let above = try loss(moved(model, number, element, by: step)).0
                let below = try loss(moved(model, number, element, by: -step)).0
                return (above - below) / (2 * step)
            }
            let errors = zip(quotients, parameter.gradient).map { abs($0 - $1) }
            #expect(!errors.isEmpty && worst(of: errors) < 1e-8, "parameter \(number)")
        }
        #expect(parameters.contains { $0.gradient.contains { abs($0) > 0.01 } })
    }

    @Test func `a bias before batch norm has no gradient`() throws {
        let model = try MLP<Double>(
            features: 4, hidden: [5], classes: 3, hasBias: true, seed: 3)
        let parameters = try loss(model).1.parameters
        #expect(parameters.map(\.shape) == [[5, 4], [5], [5], [5], [3, 5], [3]])
        #expect(parameters[1].gradient.allSatisfy { abs($0) < 1e-15 })
    }
}
