import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// Steps of torch's optimizers with options one by one and together.
struct OptimizerStepTests {
    private static let rows = Result {
        try Reference.checkpoint("optimizer_steps.pth").root.array ?? []
    }

    @Test(arguments: 0..<36)
    func `each step and the state behind the last are those of torch`(number: Int) throws {
        let rows = try Self.rows.get()
        #expect(rows.count == 36)
        let row = rows[number]
        switch try row.at("initial").at("head.weight").tensor().dtype {
        case .float64: try check(row, Double.self, tolerance: 1e-14)
        default: try check(row, Float.self, tolerance: 5e-7)
        }
    }

    private func check<Scalar: NetworkScalar>(
        _ row: CheckpointValue, _ type: Scalar.Type, tolerance: Double
    ) throws {
        let options = try #require(row["options"]?.string)
        let kind = try #require(row["kind"]?.string.flatMap(OptimizerKind.init))
        var model = try MLP<Scalar>(StateDict(checkpointValue: row.at("initial")))
        var optimizer = try Optimizer(
            kind, OptimizerState(checkpointValue: row.at("before")), for: model)
        var greatest = 0.0
        for step in try #require(row["steps"]?.array) {
            let gradients = try #require(step["gradients"]?.array)
            try model.updateParameters { number, parameter in
                parameter.gradient = try gradients[number].elements()
            }
            try optimizer.step(&model)
            for (name, tensor) in try model.stateDict() {
                let right: [Scalar] = try step.at("values").at(name).elements()
                greatest = try worst(of: [greatest, difference(tensor.array(), right)])
            }
        }
        #expect(greatest <= tolerance, "\(kind) \(options)")
        let state = try optimizer.state().checkpointValue()
        let inState = try differences(state, row.at("after"), Scalar.self)
        #expect(inState <= tolerance, "\(kind) \(options)")
    }

    /// The greatest difference of tensors; all else has to be the same, down to the order of keys.
    private func differences<Scalar: NetworkScalar>(
        _ value: CheckpointValue, _ right: CheckpointValue, _ type: Scalar.Type
    ) throws -> Double {
        #expect(value.kind == right.kind)
        if right.isTensor {
            let (tensor, rightTensor) = try (value.tensor(), right.tensor())
            #expect(tensor.shape == rightTensor.shape && tensor.dtype == rightTensor.dtype)
            return try difference(
                tensor.array(converting: Double.self), rightTensor.array(converting: Double.self))
        }
        if let entries = right.dictionary {
            #expect(value.dictionary?.keys == entries.keys)
            return try worst(
                of: entries.map { key, entry in
                    try differences(#require(value[key]), entry, type)
                })
        }
        if let items = right.array {
            #expect(value.count == items.count)
            return try worst(
                of: zip(#require(value.array), items).map { try differences($0, $1, type) })
        }
        #expect(value.pythonRepr() == right.pythonRepr())
        return 0
    }
}
