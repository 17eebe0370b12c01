import ArgumentParser
import Foundation
import SystemPackage
import TorchCheckpoint

/// `pth verify`: whether a checkpoint is whole.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a checkpoint byte for byte.",
        discussion: """
            Reads the whole file: compares every checksum, holds every storage to its tensors, and \
            looks at alignment and records. Says whether torch.load would take the file with \
            weights_only=True and with mmap=True. That it would not is no fault of the file.

            EXIT STATUS
              0 nothing is wrong, 1 something is, or the file could not be read
            """)

    @OptionGroup var source: FileOptions

    @Flag(help: "Read every tensor and count elements that are NaN or infinite.")
    var numbers = false

    @Flag(help: "Print JSON: every check with its outcome.")
    var json = false

    func run() throws {
        try reportingErrors(about: source.file) {
            let verification = try CheckpointVerification(
                contentsOf: FilePath(source.file), countsNonFinite: numbers,
                options: source.loadOptions)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
                let report = VerifyReport(verification, file: source.file)
                try StandardOutput.write(encoder.encode(report) + Data("\n".utf8))
            } else {
                try StandardOutput.write(text(of: verification), terminator: "")
            }
            if !verification.isPassed { throw ExitCode(1) }
        }
    }

    private func text(of verification: CheckpointVerification) -> String {
        let style = TerminalStyle.standardOutput
        let width = verification.checks.map(\.name.count).max() ?? 0
        var lines = verification.checks.map { check in
            let outcome = check.outcome.rawValue.padded(to: 6)
            let shown = check.outcome == .passed ? outcome : style.warning(outcome)
            return "\(shown)  \(check.name.padded(to: width))  \(check.message.escapingControls)"
        }
        lines += verification.nonFinite.map {
            "        \($0.path): \($0.nanCount) NaN, \($0.infinityCount) infinite".escapingControls
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The JSON of `pth verify`: `Specs/command-line.md`.
private struct VerifyReport: Encodable {
    struct Check: Encodable {
        let name: String
        let outcome: String
        let message: String
    }

    struct NonFinite: Encodable {
        let path: [PathStep]
        let nan: Int
        let infinite: Int
    }

    let file: String
    let format: String?
    let passed: Bool
    let checks: [Check]
    let nonFinite: [NonFinite]

    init(_ verification: CheckpointVerification, file: String) {
        self.file = file
        format = verification.format?.rawValue
        passed = verification.isPassed
        checks = verification.checks.map {
            Check(name: $0.name, outcome: $0.outcome.rawValue, message: $0.message)
        }
        nonFinite = verification.nonFinite.map {
            NonFinite(
                path: $0.path.keys.map(PathStep.init), nan: $0.nanCount, infinite: $0.infinityCount)
        }
    }
}
