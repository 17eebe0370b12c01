import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// What torch does with files under `weights_only=True`, as `weights_only.py` says, held to what this
/// library does with them.
struct TorchVerdicts {
    /// How often each pair of verdicts came, or each class of difference.
    private(set) var counts: [String: Int] = [:]
    private let rows: [JSONValue]
    private let folder: TemporaryFolder
    private let stricter: [[String]]

    init(_ arguments: [String] = []) throws {
        folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: "weights_only.py", [folder.path] + arguments)
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        let json = try Data(contentsOf: URL(fileURLWithPath: folder.path("cases.json")))
        rows = try JSONDecoder().decode([JSONValue].self, from: json)
        stricter = try SpecTable("weights-only.md", "Stricter than torch").rows
    }

    /// Compares all files.
    mutating func compare() throws {
        for row in rows {
            let path = try #require(row["file"]?.string)
            // What torch would make of it in the end is not known.
            if row["verdict"]?.string == "slow" {
                count("torch takes too long")
                continue
            }
            let isAccepted = row["verdict"]?.string == "accepted"
            let about = "\(row["about"]?.string ?? ""): \(path), \(row["error"]?.string ?? "")"
            let options = LoadOptions(
                mapLocation: row["map"] == nil ? .preserve : .cpu, globals: .weightsOnly)
            let error = thrown(CheckpointError.self) {
                _ = try Checkpoint(contentsOf: path, options: options)
            }
            switch (isAccepted, error) {
            case (true, nil): count("both accept")
            case (false, .some): count("both refuse")
            case (false, nil):
                count("torch refuses")
                Issue.record("torch refuses, and this library accepts: \(about)")
            case (true, let error?):
                guard let known = difference(error) else {
                    Issue.record("torch accepts: \(about): \(error)")
                    continue
                }
                count("stricter: \(known)")
            }
        }
    }

    private mutating func count(_ what: String) { counts[what, default: 0] += 1 }

    /// The class of a difference, by the table of `Specs/weights-only.md`.
    private func difference(_ error: CheckpointError) -> String? {
        stricter.first { $0[0] == error.code.rawValue && Self.fits($0[1], error) }
            .map { "\($0[0]) \($0[1])" }
    }

    private static func fits(_ words: String, _ error: CheckpointError) -> Bool {
        words.isEmpty || error.reason.contains(words)
    }

    /// The counts, a line for each.
    var figures: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)" }.joined(separator: "\n")
    }
}
