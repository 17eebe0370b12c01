import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// What PyTorch's own tutorial saves: no scheduler, and of the losses the last alone, as a tensor.
struct TutorialTests {
    private static let keys = [
        "epoch", "model_state_dict", "optimizer_state_dict", "loss",
    ]

    @Test(arguments: OptimizerKind.allCases)
    func `a run that was saved like that goes on`(kind: OptimizerKind) throws {
        let run = RunCase(kind: kind, dtype: .float32)
        let checkpoint = try Reference.checkpoint("\(run)/tutorial_5.pth")
        #expect(checkpoint.root.dictionary?.keys.map(\.pythonRepr) == Self.keys.map { "'\($0)'" })
        #expect(try checkpoint.root.at("loss").isTensor)
        var trainer: Trainer<Float> = try run.trainer(resuming: "tutorial_5.pth")
        var whole: Trainer<Float> = try run.trainer(resuming: "torch_5.pth")
        let loss = try Double(Float(#require(whole.losses.last)))
        #expect(trainer.epoch == 5 && trainer.losses == [loss])
        #expect(try trainer.state().loss == loss)
        // The scheduler of the whole run comes into play after epoch 8.
        try trainer.train(untilEpoch: 8)
        try whole.train(untilEpoch: 8)
        #expect(trainer.losses.dropFirst() == whole.losses.dropFirst(5))
        let state = try whole.state().model
        for (name, tensor) in try trainer.state().model {
            let right = try state.tensor(name).array(converting: Double.self)
            #expect(try tensor.array(converting: Double.self) == right, "\(name)")
        }
    }

    @Test func `without a loss there are none`() throws {
        let run = RunCase(kind: .adam, dtype: .float32)
        var checkpoint = try Reference.checkpoint("\(run)/tutorial_5.pth")
        try checkpoint.set(CheckpointValue(Double.nan), at: ["loss"])
        #expect(try checkpoint.decode(TrainingState.self).losses == [])
        try checkpoint.insert(["no loss"], at: ["losses"])
        #expect(throws: CheckpointError(.typeMismatch, "")) {
            try checkpoint.decode(TrainingState.self)
        }
    }
}
