public import ArgumentParser
public import ExampleMLP
import TorchCheckpoint

extension OptimizerKind: ExpressibleByArgument {}

/// What a run is like: the model, the optimizer, and how data are taken.
struct RunSettings: ParsableArguments {
    @Option(help: "For a new run: the checkpoint whose model_state_dict it starts with.")
    var initial: String?

    @Option(
        help: """
            For a new run without --initial: the outputs of each block, such as 32,16; a resumed one \
            has the model that was saved.
            """)
    var hidden = "32"

    @Flag(
        help: """
            For a new run without --initial: give the linear layers of blocks a bias, which batch \
            norm takes away again; a resumed one has the model that was saved.
            """)
    var bias = false

    @Option(help: "The share of numbers that dropout takes away in training.")
    var dropout = 0.0

    @Option(help: "The optimizer; of a resumed run the one that it was saved with.")
    var optimizer = OptimizerKind.adam

    @Option(help: "For a new run: the learning rate; a resumed one goes on with what was saved.")
    var lr = 0.001

    @Option(help: "For a new run: the momentum of sgd.")
    var momentum = 0.9

    @Option(help: "For a new run: how much weights decay.")
    var weightDecay = 0.0

    @Option(
        help: "For a new run: multiply the learning rate with --gamma after every so many epochs.")
    var stepSize: Int?

    @Option(help: "For a new run: what the learning rate is multiplied with.")
    var gamma = 0.1

    @Option(help: "The number of samples before each step.")
    var batchSize = 32

    @Option(help: "Decides the weights of a new model, and what dropout takes away.")
    var seed: UInt64 = 0

    private var sizes: [Int] {
        get throws {
            try hidden.split(separator: ",").map { text in
                guard let size = Int(text) else {
                    throw ValidationError("--hidden takes numbers with commas, not '\(hidden)'.")
                }
                return size
            }
        }
    }

    func validate() throws {
        _ = try sizes
    }

    /// A run from the start.
    func newRun<Scalar>(
        _ dataset: Dataset<Scalar>, _ options: LoadOptions
    ) throws -> Trainer<Scalar> {
        let model = try initial.map { path in
            try MLP<Scalar>(Checkpoint(contentsOf: path, options: options), dropout: dropout)
        }
        let newModel =
            try model
            ?? MLP(
                features: dataset.inputs.columns, hidden: sizes, classes: dataset.classCount,
                hasBias: bias, dropout: dropout, seed: seed)
        var optimizer = try Optimizer(
            self.optimizer, for: newModel, learningRate: lr, momentum: momentum,
            weightDecay: weightDecay)
        let scheduler = try stepSize.map {
            try StepLR(&optimizer, stepSize: $0, gamma: gamma)
        }
        return try Trainer(
            newModel, optimizer, scheduler: scheduler, dataset: dataset, batchSize: batchSize,
            seed: seed)
    }

    /// A run that goes on.
    func resume<Scalar>(
        _ state: TrainingState, _ dataset: Dataset<Scalar>
    ) throws -> Trainer<Scalar> {
        try Trainer(
            resuming: state, kind: optimizer, dropout: dropout, dataset: dataset,
            batchSize: batchSize, seed: seed)
    }
}
