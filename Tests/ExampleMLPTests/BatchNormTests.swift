import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

struct BatchNormTests {
    @Test func `batches are normalized, tracked and gone back through as by torch`() throws {
        let reference = try Reference.checkpoint("batch_norm.pth").root
        var norm = BatchNorm<Double>(features: 4)
        norm.weight.values = try reference.at("before").at("weight").elements()
        norm.bias.values = try reference.at("before").at("bias").elements()
        let steps = try #require(reference["steps"]?.array)
        #expect(steps.count == 2)
        for step in steps {
            let (output, memory) = try norm.forward(Matrix(step.at("inputs").tensor()))
            let gradient = try norm.backward(Matrix(step.at("gradient").tensor()), from: memory)
            let after = try step.at("after")
            let pairs = try [
                (output.elements, step.at("outputs")),
                (gradient.elements, step.at("input_gradient")),
                (norm.weight.gradient, step.at("weight_gradient")),
                (norm.bias.gradient, step.at("bias_gradient")),
                (norm.runningMean, after.at("running_mean")),
                (norm.runningVariance, after.at("running_var")),
            ]
            for (numbers, right) in pairs {
                #expect(try difference(numbers, right.elements()) < 1e-14)
            }
            #expect(try norm.batchCount == after.at("num_batches_tracked").tensor().item())
        }
        let inference = try norm(Matrix(steps[0].at("inputs").tensor()))
        #expect(try difference(inference.elements, reference.at("inference").elements()) < 1e-14)
    }

    @Test func `a batch of one is refused in training, and taken in inference`() throws {
        var norm = BatchNorm<Float>(features: 2)
        let row = try Matrix<Float>(rows: 1, columns: 2, elements: [1, 2])
        #expect(throws: CheckpointError(.shapeMismatch, "")) { try norm.forward(row) }
        #expect(norm.batchCount == 0)
        #expect(norm(row).rows == 1)
    }
}
