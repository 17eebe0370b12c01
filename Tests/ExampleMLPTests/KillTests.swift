import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// A training run that dies again and again.
struct KillTests {
    /// What `kill_training.py` found.
    private struct Findings: Decodable {
        let rounds: Int
        /// How many kills came in the middle of a save.
        let saving: Int
        /// How many found a checkpoint that was saved and not yet announced.
        let unannounced: Int
        /// How many found old checkpoints that were still to be removed.
        let unpruned: Int
        /// How many files torch read.
        let loaded: Int
        let litter: Int
        /// How many runs were seen to go on from the newest checkpoint.
        let resumed: Int
        /// How many of the runs found a damaged one that is newer.
        let damaged: Int
        let failures: [JSONValue]
    }

    @Test func `after any of 200 kills the run goes on with the latest, and the best is there`()
        throws
    {
        let folder = try TemporaryFolder()
        // Many weights and few samples: half the time of an epoch goes into the checkpoint.
        let inputs = (0..<512).map { Float($0 % 17) / 8 - 1 }
        let data = try Checkpoint([
            "inputs": CheckpointValue(Tensor(inputs, shape: [2, 256])),
            "targets": CheckpointValue(Tensor([0, 1] as [Int64])),
        ])
        try data.write(to: folder.path("data.pth"))
        let outcome = try TorchPython.runAlone(
            script: "kill_training.py",
            ["--rounds", "200", "--seed", "20261123", "--damage", "5", "--dir", folder.path]
                + [TrainTool.executable]
                + ["train", "--data", folder.path("data.pth"), "--directory", "{}"]
                + ["--epochs", "1000000", "--hidden", "128", "--optimizer", "sgd"])
        let findings = try JSONDecoder().decode(Findings.self, from: Data(outcome.output.utf8))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(findings.rounds == 200 && findings.failures.isEmpty, "\(findings)")
        // The kills are worth something: many came between the first byte and the announcement.
        #expect(findings.saving + findings.unannounced + findings.unpruned >= 20, "\(findings)")
        #expect(findings.loaded >= 200, "\(findings)")
        #expect(findings.resumed >= 100 && findings.damaged >= 20, "\(findings)")
    }
}
