import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The weights-only policy against `torch.load(weights_only=True)`, on the same bytes.
///
/// `WEIGHTS_ONLY_ROUNDS` is how many mutations are compared, `WEIGHTS_ONLY_SEED` what they are made
/// from, and `WEIGHTS_ONLY_FILES` a folder of other files that are compared. Each difference has to
/// be one of `Specs/weights-only.md`.
@Suite struct WeightsOnlyDifferentialTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let rounds = environment["WEIGHTS_ONLY_ROUNDS"] ?? "400"
    private static let seed = environment["WEIGHTS_ONLY_SEED"] ?? "20261130"

    private func compare(_ arguments: String...) throws -> [String: Int] {
        var verdicts = try TorchVerdicts(arguments)
        try verdicts.compare()
        if Self.environment.keys.contains(where: { $0.hasPrefix("WEIGHTS_ONLY_") }) {
            print(verdicts.figures)
        }
        return verdicts.counts
    }

    @Test func `the policy takes what torch takes of a file for each rule`() throws {
        let counts = try compare()
        #expect(counts["both accept", default: 0] > 1000)
        #expect(counts["both refuse", default: 0] > 5000)
    }

    @Test func `the policy takes what torch takes of mutations`() throws {
        let counts = try compare("--mutations", Self.rounds, Self.seed)
        #expect(counts["both accept", default: 0] > 50)
        #expect(counts["both refuse", default: 0] > 150)
    }

    @Test func `the policy takes what torch takes of the fixtures`() throws {
        let counts = try compare("--files", Repository.root + "/PythonFixtures/files")
        #expect(counts["both accept", default: 0] > 200)
        #expect(counts["both refuse", default: 0] > 100)
    }

    @Test(.enabled(if: environment["WEIGHTS_ONLY_FILES"] != nil))
    func `the policy takes what torch takes of a folder of files`() throws {
        _ = try compare("--files", #require(Self.environment["WEIGHTS_ONLY_FILES"]))
    }
}
