import TestSupport
import Testing

/// What `train-mlp` says of its options.
struct RunSettingsTests {
    @Test(arguments: [
        "--initial", "--hidden", "--bias", "--lr", "--momentum", "--weight-decay", "--step-size",
        "--gamma",
    ])
    func `the help says which options mean nothing to a run that is resumed`(option: String) throws
    {
        let outcome = try TrainTool.run(["train", "--help"])
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n")
        let place = try #require(lines.firstIndex { $0.hasPrefix("  \(option) ") })
        let help = lines[place...].prefix(2).joined(separator: " ")
        #expect(help.contains(" For a new run"), "\(help)")
    }
}
