import ExampleMLP
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The code of the article on training runs, as it is printed there: it compiles, it runs, and both
/// languages get the same.
@Suite(.serialized) struct ArticleTests {
    // MARK: The Swift code, line by line.

    struct TrainingState: Codable {
        var epoch: Int
        var model: StateDict
        var optimizer: OptimizerState
        var scheduler: LRSchedulerState
        var loss: Double

        enum CodingKeys: String, CodingKey {
            case epoch
            case model = "model_state_dict"
            case optimizer = "optimizer_state_dict"
            case scheduler = "scheduler_state_dict"
            case loss
        }
    }

    @Test func `the Swift code of the article does what the Python code does`() throws {
        let folder = try Self.folderOfPython()
        let (runsFolder, gpuFile, cudaFile) = (
            folder.path("swift-runs"), folder.path("gpu.pth"), folder.path("cuda.pth")
        )
        let dataset = try Dataset<Float>(Checkpoint(contentsOf: folder.path("data.pth")))
        let inputs = dataset.inputs
        var model = try MLP<Float>(Checkpoint(contentsOf: folder.path("initial.pth")))
        var optimizer = try Optimizer(.adam, for: model, learningRate: 0.01)
        var scheduler = try StepLR(&optimizer, stepSize: 4)
        let (trainOneEpoch, validate) = (Self.trainOneEpoch(dataset), Self.validate(dataset))
        var start = 1
        var outputs: Matrix<Float>?

        let runs = try CheckpointDirectory(runsFolder, metric: .minimizing("val_loss"), every: 5)
        for epoch in 1...10 {
            let loss = try trainOneEpoch(&model, &optimizer)
            scheduler.step(&optimizer)
            let state = try TrainingState(
                epoch: epoch, model: model.stateDict(), optimizer: optimizer.state(),
                scheduler: scheduler.state(), loss: loss)
            try runs.saveIfDue(encoding: state, epoch: epoch, metric: validate(model))
        }

        if let latest = try runs.latest() {
            let checkpoint = try latest.open(options: LoadOptions(mapLocation: .cpu))
            let state = try checkpoint.decode(TrainingState.self)
            try model.load(state.model)
            try optimizer.load(state.optimizer)
            scheduler = try StepLR(state.scheduler)
            start = state.epoch + 1
        }
        #expect(start == 11)
        // What Python's loop saved is found by its name, and resumed from.
        let theirs = try CheckpointDirectory(
            folder.path("runs"), metric: .minimizing("val_loss"))
        let latest = try #require(try theirs.latest())
        let state = try latest.open().decode(TrainingState.self)
        #expect(latest.epoch == 10 && state.epoch == 10 && state.scheduler.lastEpoch == 10)

        if let best = try runs.best() {
            try model.load(best.open().stateDict("model_state_dict"))
            outputs = try model(inputs)
        }
        try Self.compare(#require(outputs), with: folder.path("outputs.pth"))

        let gpu = try Checkpoint(contentsOf: gpuFile, options: LoadOptions(mapLocation: .cpu))
        let weights = try gpu.stateDict("state_dict")
            .strippingPrefix("module.")
            .subset { !$0.hasPrefix("head.") }
        let keys = try model.load(weights, strict: false)
        #expect(keys == IncompatibleKeys(missingKeys: ["head.weight", "head.bias"]))

        let saved = try Checkpoint(model.stateDict())
        try saved.write(to: cudaFile, options: SaveOptions(mapLocation: .device(.cuda(0))))
        #expect(
            try Checkpoint(contentsOf: cudaFile).stateDict().allSatisfy { $1.device == .cuda(0) })
    }

    @Test func `the Swift code of the README does it, too`() throws {
        let folder = try Self.folderOfPython()
        let (runsFolder, bestFile) = (folder.path("swift-runs"), folder.path("best.pth"))
        let dataset = try Dataset<Float>(Checkpoint(contentsOf: folder.path("data.pth")))
        let inputs = dataset.inputs
        let (epoch, valLoss) = (5, 0.25)
        var model = try MLP<Float>(Checkpoint(contentsOf: folder.path("initial.pth")))
        var optimizer = try Optimizer(.adam, for: model, learningRate: 0.01)
        var scheduler = try StepLR(&optimizer, stepSize: 4)
        let state = try TrainingState(
            epoch: epoch, model: model.stateDict(), optimizer: optimizer.state(),
            scheduler: scheduler.state(), loss: 0.5)

        let runs = try CheckpointDirectory(
            runsFolder, metric: .minimizing("val_loss"),
            keepingLast: nil, every: 5)
        try runs.saveIfDue(
            encoding: state, epoch: epoch, metric: valLoss)

        let options = LoadOptions(mapLocation: .cpu)
        if let latest = try runs.latest() {
            let state = try latest.open(options: options)
                .decode(TrainingState.self)
            try model.load(state.model)
            try optimizer.load(state.optimizer)
            scheduler = try StepLR(state.scheduler)
        }

        let best = try Checkpoint(contentsOf: bestFile)
        try model.load(best.stateDict("model_state_dict"))
        let outputs = try model(inputs)
        try Self.compare(outputs, with: folder.path("outputs.pth"))

        let weights = try Checkpoint(contentsOf: folder.path("gpu.pth")).stateDict("state_dict")
        let part = try weights.strippingPrefix("module.")
        let keys = try model.load(part, strict: false)
        #expect(keys.isEmpty)
    }

    @Test func `the README's code for old files and whole models does what it says`() throws {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(code: Self.kinds, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error)")
        let (modelFile, pythonFile) = (folder.path("yolo.pt"), folder.path("python2.pth"))
        let (weightsFile, legacyFile) = (folder.path("weights.pth"), folder.path("old.pth"))
        let runFile = folder.path("run.pth")

        let model = try Checkpoint(contentsOf: modelFile)
        let weights = try model.stateDict()
        try model.extractingWeights().checkpoint.write(to: weightsFile)

        let old = try Checkpoint(contentsOf: pythonFile, options: LoadOptions(encoding: .latin1))
        try old.write(to: legacyFile, options: SaveOptions(layout: .legacy))

        let run = try Checkpoint(contentsOf: runFile)
        let layer = try run["quantized"]?.tensor().dequantized()
        let graph = try run["adjacency"]?.sparseTensor().dense()
        let scores = try run["scores"]?.numpyArray().tensor()
        let time = run["saved"]?.date

        #expect(weights.names == ["weight", "bias"])
        #expect(try Checkpoint(contentsOf: weightsFile).stateDict().names == weights.names)
        #expect(try Checkpoint(contentsOf: legacyFile).format == .legacy)
        #expect(try layer?.array(of: Float.self) == [0.5, 1])
        #expect(try graph?.array(of: Float.self) == [1, 0, 0, 1])
        #expect(try scores?.array(of: Double.self) == [1, 2])
        #expect(time?.timeIntervalSince1970 == 86400)
    }

    /// Writes the files that the code reads.
    private static let kinds = """
        import datetime, os, sys, numpy, torch
        os.chdir(sys.argv[1])
        torch.save(torch.nn.Linear(2, 1), "yolo.pt")
        torch.save({"weight": torch.ones(2)}, "python2.pth")
        torch.save({
            "quantized": torch.quantize_per_tensor(torch.tensor([0.5, 1]), 0.5, 0, torch.qint8),
            "adjacency": torch.eye(2).to_sparse(),
            "scores": numpy.array([1.0, 2.0]),
            "saved": datetime.datetime(1970, 1, 2),
        }, "run.pth")
        """

    // MARK: What the article leaves to its reader.

    private static func trainOneEpoch(
        _ dataset: Dataset<Float>
    ) -> (inout MLP<Float>, inout Optimizer<Float>) throws -> Double {
        { model, optimizer in
            var generator = SystemRandomNumberGenerator()
            let loss = try model.computeGradients(
                inputs: dataset.inputs, targets: dataset.targets, using: &generator)
            try optimizer.step(&model)
            return Double(loss)
        }
    }

    private static func validate(_ dataset: Dataset<Float>) -> (MLP<Float>) throws -> Double {
        { try Double($0.loss(on: dataset)) }
    }

    private static func compare(_ outputs: Matrix<Float>, with path: String) throws {
        let expected = try Checkpoint(contentsOf: path).root.tensor().array(of: Float.self)
        #expect(outputs.elements.count == expected.count && !expected.isEmpty)
        for (output, expected) in zip(outputs.elements, expected) {
            #expect(abs(output - expected) < 1e-5)
        }
    }

    /// Runs the article's Python code in a folder that has what the code reads.
    private static func folderOfPython() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(
            script: "run_article.py", [article, folder.path])
        try #require(outcome.status == 0, "\(outcome.error)")
        return folder
    }

    // MARK: That the code above is the article's.

    private static let article =
        Repository.root + "/Sources/TorchCheckpoint/TorchCheckpoint.docc/TrainingRuns.md"

    /// The lines of a text without those that are empty, indentation and comments.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map {
            $0.replacing(#/ +// .*/#, with: "").trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
    }

    private static let training = "## Carry a training run on"
    private static let everyKind = "## Every kind of checkpoint"

    /// Swift code in a Markdown file, or in a section of it.
    private static func swiftBlocks(of path: String, _ section: String?) throws -> [[String]] {
        var text = try String(contentsOfFile: path, encoding: .utf8)
        if let section {
            text = try String(#require(text.split(separator: section + "\n").last))
            text = try String(#require(text.split(separator: "\n## ").first))
        }
        let parts = text.split(separator: "```swift\n")
        return parts.dropFirst().compactMap { part in
            part.split(separator: "```", omittingEmptySubsequences: false).first.map {
                lines(String($0))
            }
        }
    }

    // The tests keep their files in a folder of their own.
    private static let paths = [
        "\"runs\"": "runsFolder", "\"best.pth\"": "bestFile", "\"gpu.pth\"": "gpuFile",
        "\"cuda.pth\"": "cudaFile", "\"yolo.pt\"": "modelFile", "\"python2.pth\"": "pythonFile",
        "\"weights.pth\"": "weightsFile", "\"old.pth\"": "legacyFile", "\"run.pth\"": "runFile",
    ]

    private static let readme = Repository.root + "/README.md"

    @Test(arguments: [(article, nil, 6), (readme, training, 5), (readme, everyKind, 1)])
    func `every line of Swift that is printed is in this file, in its place`(
        path: String, section: String?, count: Int
    ) throws {
        let code = try Self.lines(String(contentsOfFile: #filePath, encoding: .utf8))
        let blocks = try Self.swiftBlocks(of: path, section)
        #expect(blocks.count == count)
        for block in blocks {
            let tested = block.map { line in
                Self.paths.reduce(line) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
            }
            let isThere = code.indices.contains { code[$0...].starts(with: tested) }
            #expect(isThere, "\(tested.joined(separator: "\n"))")
        }
    }
}
