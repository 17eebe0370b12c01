import ArgumentParser
import ExampleMLP
import TorchCheckpoint

/// `train-mlp train`: epoch after epoch, with a checkpoint after each that is due.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train from the start, or from the last checkpoint of the directory.",
        discussion: """
            It prints 'started', or 'resumed' with the epoch and the file; a line for each epoch; and \
            a line for each checkpoint once that is on disk. A run that is resumed with the same \
            options ends where it would have ended without the interruption. What a checkpoint has, \
            such as the layers and the learning rate, is taken from there and not from the options. A \
            directory is for one run, and for one process at a time.
            """)

    @Option(help: "The samples: a checkpoint with 'inputs' and 'targets'.", completion: .file())
    var data: String

    @Option(
        help: "Samples to judge the model by, which the best checkpoint has the least loss of.",
        completion: .file())
    var validation: String?

    @Option(help: "The folder for checkpoints.", completion: .directory)
    var directory: String

    @Option(help: "How many epochs the whole run has.")
    var epochs: Int

    @Option(
        help: ArgumentHelp(
            "Go on with this checkpoint if the directory has none yet.",
            discussion: "For an earlier one of a run, take a new directory."))
    var resume: String?

    @Option(help: "Write the state to this file, too: at the start, and after the last epoch.")
    var save: String?

    @Option(help: "Tag the tensors that are read with a device, as map_location of torch.load.")
    var mapLocation: DeviceArgument?

    @Option(help: "Tag the tensors that are saved with a device, such as cuda:0.")
    var deviceTag: DeviceArgument?

    @Option(help: "Save after every so many epochs, whenever the loss is the best, and at the end.")
    var every = 1

    @Option(help: "How many of the last checkpoints stay in the directory, beside the best.")
    var keepLast = 3

    @OptionGroup(title: "Options of the model and the optimizer")
    var settings: RunSettings

    func validate() throws {
        guard epochs >= 0 else { throw ValidationError("--epochs takes 0 or more.") }
        guard every > 0 else { throw ValidationError("--every takes 1 or more.") }
        guard keepLast > 0 else { throw ValidationError("--keep-last takes 1 or more.") }
    }

    func run() throws {
        try reportingErrors {
            let checkpoint = try Checkpoint(contentsOf: data)
            switch try checkpoint.value(at: ["inputs"]).tensor().dtype {
            case .float64: try train(Dataset<Double>(checkpoint))
            default: try train(Dataset<Float>(checkpoint))
            }
        }
    }

    private func train<Scalar: NetworkScalar>(_ dataset: Dataset<Scalar>) throws {
        let validation = try validation.map { try Dataset<Scalar>(Checkpoint(contentsOf: $0)) }
        let checkpoints = try CheckpointDirectory(
            directory, metric: .minimizing(metricName), keepingLast: keepLast, every: every)
        var trainer = try startingPoint(dataset, checkpoints)
        // What can't be written is better known before the time is spent on training.
        try saveCopy(of: trainer)
        while trainer.epoch < epochs {
            let loss = try trainer.runEpoch()
            let metric = try validation.map { try Double(trainer.model.loss(on: $0)) } ?? loss
            let judged = validation == nil ? "" : " \(metricName)=\(metric)"
            try tell("epoch=\(trainer.epoch) loss=\(loss)\(judged)")
            let path = try saveIfDue(trainer, metric: metric, in: checkpoints)
            if let path { try tellSaved(trainer, metric: metric, path: path) }
        }
        try saveCopy(of: trainer)
        if let save {
            try tellSaved(trainer, metric: trainer.losses.last ?? .nan, path: save)
        }
    }

    private func saveCopy<Scalar>(of trainer: Trainer<Scalar>) throws {
        guard let save else { return }
        try Checkpoint(encoding: trainer.state()).write(to: save, options: saveOptions)
    }

    private var metricName: String { validation == nil ? "loss" : "val_loss" }

    /// Saves what the directory wants, and the end of a run in any case.
    private func saveIfDue<Scalar>(
        _ trainer: Trainer<Scalar>, metric: Double, in checkpoints: CheckpointDirectory
    ) throws -> String? {
        guard trainer.epoch < epochs else {
            return try checkpoints.save(
                encoding: trainer.state(), epoch: trainer.epoch, metric: metric,
                options: saveOptions
            ).path.string
        }
        return try checkpoints.saveIfDue(
            encoding: trainer.state(), epoch: trainer.epoch, metric: metric, options: saveOptions
        )?.path.string
    }

    /// The last saved state, or a new run.
    private func startingPoint<Scalar: NetworkScalar>(
        _ dataset: Dataset<Scalar>, _ checkpoints: CheckpointDirectory
    ) throws -> Trainer<Scalar> {
        guard let path = try checkpoints.latest()?.path.string ?? resume else {
            let trainer = try settings.newRun(dataset, loadOptions)
            try tell("started")
            return trainer
        }
        let checkpoint = try Checkpoint(contentsOf: path, options: loadOptions)
        let trainer = try settings.resume(checkpoint.decode(TrainingState.self), dataset)
        try tell("resumed epoch=\(trainer.epoch) path=\(path)")
        return trainer
    }

    private func tellSaved<Scalar>(
        _ trainer: Trainer<Scalar>, metric: Double, path: String
    ) throws {
        try tell("saved epoch=\(trainer.epoch) metric=\(metric) path=\(path)")
    }

    private var loadOptions: LoadOptions {
        LoadOptions(mapLocation: mapLocation.map { .device($0.device) } ?? .preserve)
    }

    private var saveOptions: SaveOptions {
        SaveOptions(mapLocation: deviceTag.map { .device($0.device) } ?? .preserve)
    }
}
