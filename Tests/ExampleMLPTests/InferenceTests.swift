import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// Models that torch trained and saved, and what they say of samples that they have not seen.
struct InferenceTests {
    struct Model: Sendable, CustomStringConvertible {
        let name: String
        let dtype: DType
        var description: String { "model_\(name)_\(dtype).pth" }

        static let all = ["one", "several", "bias", "narrow", "wide", "none"].flatMap { name in
            [DType.float32, .float64].map { Model(name: name, dtype: $0) }
        }
    }

    /// Each output is this near to torch's, in relation to itself or, where the parts of a sum have
    /// cancelled each other, to the greatest output of its sample.
    ///
    /// Without the second part no two ways to add up `float32` agree: an output near 0 is the
    /// difference of large numbers. Outputs of `float64` need no such allowance.
    static let tolerance = 1e-6

    @Test(arguments: Model.all)
    func `outputs are those of torch`(model: Model) throws {
        switch model.dtype {
        case .float64: try check(model, Double.self)
        default: try check(model, Float.self)
        }
    }

    private func check<Scalar: NetworkScalar>(_ model: Model, _ type: Scalar.Type) throws {
        let saved = try Reference.checkpoint("\(model)")
        let outputs = try MLP<Scalar>(saved)(Matrix(saved.root.at("inputs").tensor()))
        let right = try Matrix<Scalar>(saved.root.at("outputs").tensor())
        #expect((outputs.rows, outputs.columns) == (right.rows, right.columns))
        for row in 0..<right.rows {
            let range = row * right.columns..<(row + 1) * right.columns
            let expected = right.elements[range].map(\.widened)
            let scale = model.dtype == .float64 ? 0 : expected.map(abs).max() ?? 0
            for (number, expected) in zip(outputs.elements[range], expected) {
                let allowed = Self.tolerance * max(abs(expected), scale)
                #expect(abs(number.widened - expected) <= allowed, "row \(row)")
            }
        }
        // What torch makes of the same weights and samples in float64.
        let exact = try Matrix<Double>(saved.root.at("exact").tensor())
        #expect(difference(outputs.elements.map(\.widened), exact.elements) < 2e-7)
    }

    @Test func `a model is found by itself, in a run, and as DataParallel names it`() throws {
        let saved = try Reference.checkpoint("model_several_float32.pth")
        let weights = try saved.stateDict("model_state_dict")
        let parallel = try weights.addingPrefix("module.")
        let inputs = try Matrix<Float>(saved.root.at("inputs").tensor())
        let outputs = try MLP<Float>(saved)(inputs)
        for other in try [
            Checkpoint(weights), Checkpoint(parallel),
            Checkpoint(["model_state_dict": CheckpointValue(parallel)]),
        ] {
            #expect(try MLP<Float>(other)(inputs) == outputs)
        }
    }

    @Test func `inference changes nothing and gives the same again`() throws {
        let saved = try Reference.checkpoint("model_several_float32.pth")
        let model = try MLP<Float>(saved, dropout: 0.9)
        let inputs = try Matrix<Float>(saved.root.at("inputs").tensor())
        #expect(try model(inputs) == model(inputs))
        #expect(try model(inputs) == MLP<Float>(saved)(inputs))
    }
}
