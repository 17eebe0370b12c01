import Foundation
import TestSupport
import Testing

/// Checkpoints that `pth convert` wrote, and what torch is to find in each; all of them are read in
/// one process, because torch takes longer to start than to read.
struct WrittenCheckpoints {
    private let folder: TemporaryFolder
    private var tasks: [String] = []
    private var labels: [String] = []

    init(in folder: TemporaryFolder) { self.folder = folder }

    /// Converts a checkpoint.
    ///
    /// - Parameter edits: The same in Python: edits of `check_written.py`, in JSON.
    /// - Returns: The path of what was written.
    @discardableResult
    mutating func convert(
        _ input: String, _ options: [String], _ edits: [String], weightsOnly: Bool = true
    ) throws -> String {
        let output = folder.path("\(tasks.count).pth")
        let outcome = try PTHTool.run(["convert", input, output] + options)
        let label = "\(input) \(options.joined(separator: " "))"
        try #require(outcome.status == 0, "\(label): \(outcome.error)")
        add(label, edits, from: input, to: output, weightsOnly: weightsOnly)
        return output
    }

    /// Has torch compare a checkpoint with another one after edits.
    mutating func add(
        _ label: String, _ edits: [String] = [], from input: String, to output: String,
        weightsOnly: Bool = true
    ) {
        labels.append(label)
        tasks.append(
            """
            {"original": "\(input)", "written": "\(output)", "weightsOnly": \(weightsOnly), \
            "edits": [\(edits.joined(separator: ", "))]}
            """)
    }

    /// Holds all to what torch reads.
    func check() throws {
        let list = try folder.write("tasks.json", Array(tasks.joined(separator: "\n").utf8))
        let outcome = try TorchPython.run(script: "check_written.py", ["--batch", list])
        let answers = outcome.output.split(separator: "\n")
        #expect(answers.count == labels.count, "\(outcome.error)")
        for (label, answer) in zip(labels, answers) {
            #expect(answer == #"{"ok": true}"#, "\(label): \(answer)")
        }
    }
}

extension Fixture {
    /// The path of a fixture that torch 2.13 wrote.
    static func current(_ name: String) -> String { path("torch-2.13.0/" + name) }
}
