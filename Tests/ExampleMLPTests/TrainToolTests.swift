import ExampleMLP
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// `train-mlp` as a process.
struct TrainToolTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = try Reference.path("adam_float32/data.pth")
    }

    private func train(_ directory: String, epochs: Int, _ options: String...) throws -> [String] {
        let outcome = try TrainTool.run(
            [
                "train", "--data", data, "--directory", folder.path(directory),
                "--epochs", "\(epochs)", "--hidden", "8", "--dropout", "0.25",
            ] + options)
        #expect(outcome.status == 0, "\(outcome.error)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test func `a run says how far it is, and goes on by itself where it ended`() throws {
        let first = try train("a", epochs: 2)
        #expect(first.map(\.firstWord) == ["started", "epoch=1", "saved", "epoch=2", "saved"])
        let second = try train("a", epochs: 3)
        #expect(second.map(\.firstWord) == ["resumed", "epoch=3", "saved"])
        let saved = try #require(first.last).split(separator: " ", maxSplits: 3)
        let resumed = try #require(second.first).split(separator: " ", maxSplits: 2)
        #expect(saved.count == 4 && saved[1] == "epoch=2" && resumed[1] == "epoch=2")
        #expect(saved.last == resumed.last)
        #expect(try saved[2] == "metric=\(#require(first[3].split(separator: "=").last))")
    }

    @Test func `checkpoints are saved as often as asked, when the best, and at the end`() throws {
        let lines = try train("e", epochs: 7, "--every", "3", "--lr", "0", "--dropout", "0")
        // Batch norm's running statistics do not change the loss of training, so epoch 1 is the best.
        let saved = lines.filter { $0.hasPrefix("saved ") }.map { $0.split(separator: " ")[1] }
        #expect(saved == ["epoch=1", "epoch=3", "epoch=6", "epoch=7"])
    }

    @Test func `with samples to judge by, the best checkpoint has the least loss of these`() throws
    {
        let validation = try Reference.path("adam_float32/data.pth")
        let lines = try train("v", epochs: 4, "--validation", validation, "--every", "9")
        let losses = lines.filter { $0.hasPrefix("epoch=") }
            .compactMap { $0.split(separator: "=").last.flatMap { Double($0) } }
        #expect(losses.count == 4)
        let runs = try CheckpointDirectory(folder.path("v"), metric: .minimizing("val_loss"))
        let best = try #require(try runs.best())
        #expect(best.metric == losses.min())
        let state = try best.open().decode(TrainingState.self)
        let dataset = try Dataset<Float>(Checkpoint(contentsOf: validation))
        #expect(try Double(MLP<Float>(state.model).loss(on: dataset)) == best.metric)
    }

    @Test func `an interruption changes nothing, not even what dropout draws`() throws {
        _ = try train("whole", epochs: 4, "--save", folder.path("whole.pth"))
        _ = try train("parts", epochs: 2)
        _ = try train("parts", epochs: 4, "--save", folder.path("parts.pth"))
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path("whole")) {
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path("whole/\(file)")))
            let parts = try Data(contentsOf: URL(fileURLWithPath: folder.path("parts/\(file)")))
            #expect(whole == parts, "\(file)")
        }
        let whole = try Checkpoint(contentsOf: folder.path("whole.pth"))
        let parts = try Checkpoint(contentsOf: folder.path("parts.pth"))
        #expect(try whole.decode(TrainingState.self).losses.count == 4)
        #expect(
            try whole.decode(TrainingState.self).losses
                == parts.decode(TrainingState.self).losses)
    }

    @Test func `a killed run goes on with what it announced as saved`() throws {
        let announced = try TrainTool.kill(
            afterLine: { $0.hasPrefix("saved epoch=3 ") },
            ["train", "--data", data, "--directory", folder.path("k"), "--epochs", "100000"])
        #expect(announced.contains { $0.hasPrefix("saved epoch=3 ") })
        let lines = try train("k", epochs: 0)
        let words = try #require(lines.first).split(separator: " ")
        #expect(words[0] == "resumed")
        #expect(try #require(Int(words[1].dropFirst("epoch=".count))) >= 3)
    }

    @Test func `it starts with the weights of torch, and what it saves is tagged as asked`() throws
    {
        let initial = try Reference.path("adam_float32/initial.pth")
        let saved = folder.path("saved.pth")
        _ = try train(
            "i", epochs: 1, "--initial", initial, "--optimizer", "sgd", "--device-tag", "cuda:0",
            "--step-size", "1", "--save", saved)
        let checkpoint = try Checkpoint(contentsOf: saved)
        let tensors = try checkpoint.tensors()
        #expect(tensors.count == 22 && tensors.allSatisfy { $0.tensor.device == .cuda(0) })
        #expect(checkpoint["scheduler_state_dict"]?["last_epoch"]?.int == 1)
        let group = checkpoint["optimizer_state_dict"]?["param_groups"]?[0]
        #expect(group?["lr"]?.double == 0.001 * 0.1)
        // Once the directory has checkpoints, the same command goes on with these.
        for (epochs, from) in [(2, saved), (3, folder.path("j"))] {
            let resumed = try train(
                "j", epochs: epochs, "--optimizer", "sgd", "--resume", saved, "--map-location",
                "cpu")
            #expect(resumed.first?.hasPrefix("resumed epoch=\(epochs - 1) path=\(from)") == true)
        }
    }

    @Test(arguments: ["model_several_float32.pth", "model_several_float64.pth"])
    func `predict writes what the model says`(name: String) throws {
        let path = try Reference.path(name)
        let out = folder.path("out.pth")
        let outcome = try TrainTool.run([
            "predict", "--checkpoint", path, "--data", path, "--out", out,
        ])
        #expect(outcome.status == 0, "\(outcome.error)")
        let (predicted, right) = try (Checkpoint(contentsOf: out), Checkpoint(contentsOf: path))
        let outputs = try predicted.root.at("outputs").tensor().array(converting: Double.self)
        let expected = try right.root.at("outputs").tensor().array(converting: Double.self)
        #expect(difference(outputs, expected) < InferenceTests.tolerance)
        let classes: [Int64] = try predicted.root.at("classes").tensor().array()
        #expect(classes.count * 3 == outputs.count && Set(classes).isSubset(of: [0, 1, 2]))
    }

    @Test func `what can't be done is one line, and wrong usage has a status of its own`() throws {
        let run = ["train", "--data", data, "--directory", folder.path("x"), "--epochs", "1"]
        func status(_ options: [String]) throws -> Int32 {
            let outcome = try TrainTool.run(run + options)
            #expect(!outcome.wasKilled)
            #expect(outcome.status == 64 || outcome.error.split(separator: "\n").count == 1)
            return outcome.status
        }
        for options in [
            ["--lr", "nan"], ["--batch-size", "0"], ["--resume", "/nowhere.pth"],
            ["--initial", data], ["--hidden", "0"], ["--dropout", "2"],
            ["--save", folder.path("nowhere/a.pth")], ["--save", folder.path("")],
        ] {
            #expect(try status(options) == 1, "\(options)")
        }
        for options in [
            ["--hidden", "8,x"], ["--optimizer", "magic"], ["--device-tag", "!"],
            ["--every", "0"], ["--epochs", "-1"],
        ] {
            #expect(try status(options) == 64, "\(options)")
        }
        // Nothing was trained that could not have been saved.
        let left = try? FileManager.default.contentsOfDirectory(atPath: folder.path("x"))
        #expect((left ?? []).isEmpty)
    }
}

extension String {
    fileprivate var firstWord: String { split(separator: " ").first.map(String.init) ?? "" }
}
