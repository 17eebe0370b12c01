import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// Runs of ten epochs of which torch trains one half and Swift the other, beside one that torch
/// trained alone.
struct ResumeTests {
    /// The greatest difference that is accepted, also in relation to the greatest number of each tensor.
    static let tolerance = 1e-5

    // All of them are judged by one process.
    private static let verdicts = Result {
        for run in RunCase.all {
            switch run.dtype {
            case .float64: try train(run, Double.self)
            default: try train(run, Float.self)
            }
        }
        for kind in OptimizerKind.allCases { try trainOwn(kind) }
        return try Reference.run("judge", Reference.path(""))
    }

    private static func train<Scalar: NetworkScalar>(
        _ run: RunCase, _ type: Scalar.Type
    ) throws {
        for (start, end) in [("initial", 5), ("torch_5", 10)] {
            var trainer = try run.trainer(of: type, resuming: "\(start).pth")
            try trainer.train(untilEpoch: end)
            try Checkpoint(encoding: trainer.state())
                .write(to: Reference.path("\(run)/swift_\(end).pth"))
        }
    }

    // With the settings of the reference, but weights, groups and a scheduler that Swift makes.
    private static func trainOwn(_ kind: OptimizerKind) throws {
        let run = RunCase(kind: kind, dtype: .float32)
        let model = try MLP<Float>(features: 12, hidden: [16, 8], classes: 3, seed: 7)
        var optimizer = try Optimizer(
            kind, for: model, learningRate: kind == .sgd ? 0.05 : 0.01, momentum: 0.9,
            weightDecay: kind == .adam ? 0 : 0.01)
        let scheduler = try StepLR(&optimizer, stepSize: 4, gamma: 0.5)
        var trainer = try Trainer(
            model, optimizer, scheduler: scheduler,
            dataset: Dataset(Reference.checkpoint("\(run)/data.pth")), batchSize: 16)
        for end in [5, 10] {
            try trainer.train(untilEpoch: end)
            try Checkpoint(encoding: trainer.state())
                .write(to: Reference.path("\(run)/own_\(end).pth"))
        }
    }

    @Test(arguments: OptimizerKind.allCases)
    func `torch goes on with a run that began in Swift`(kind: OptimizerKind) throws {
        try check(RunCase(kind: kind, dtype: .float32), "own")
    }

    @Test(arguments: RunCase.all, ["started", "resumed", "continued"])
    func `halves of a run agree with the whole one`(run: RunCase, half: String) throws {
        try check(run, half)
    }

    private func check(_ run: RunCase, _ half: String) throws {
        let verdict = try #require(Self.verdicts.get()["\(run)"]?[half])
        #expect(verdict["unequal"]?.array?.compactMap(\.string) == [])
        for part in ["parameters", "buffers", "optimizer", "losses"] {
            let row = try #require(verdict[part])
            #expect(try #require(row["tensors"]?.double) > 0)
            #expect(try #require(row["absolute"]?.double) <= Self.tolerance)
            #expect(try #require(row["relative"]?.double) <= Self.tolerance)
        }
    }
}
