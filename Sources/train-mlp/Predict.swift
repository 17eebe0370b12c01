import ArgumentParser
import ExampleMLP
import TorchCheckpoint

/// `train-mlp predict`: what a trained model says of samples.
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the logits and the most likely class of each sample.")

    @Option(help: "The trained model: a training state or a state dict.", completion: .file())
    var checkpoint: String

    @Option(help: "The samples: a checkpoint with 'inputs'.", completion: .file())
    var data: String

    @Option(help: "The checkpoint to write, with 'outputs' and 'classes'.", completion: .file())
    var out: String

    func run() throws {
        try reportingErrors {
            let saved = try Checkpoint(contentsOf: checkpoint)
            let inputs = try Checkpoint(contentsOf: data).value(at: ["inputs"]).tensor()
            switch inputs.dtype {
            case .float64: try predict(MLP<Double>(saved), Matrix(inputs))
            default: try predict(MLP<Float>(saved), Matrix(inputs))
            }
        }
    }

    private func predict<Scalar>(_ model: MLP<Scalar>, _ inputs: Matrix<Scalar>) throws {
        let outputs = try model(inputs)
        let predictions = try Checkpoint([
            "outputs": CheckpointValue(outputs.tensor()),
            "classes": CheckpointValue(Tensor(outputs.greatestColumns.map { Int64($0) })),
        ])
        try predictions.write(to: out)
    }
}
