import ArgumentParser
import Foundation
import TorchCheckpoint

/// `pth inspect`: what is in a checkpoint.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in a checkpoint.",
        discussion: """
            Shows dictionaries, lists and objects as a tree, with the value of each scalar and \
            dtype, shape, size, device and sharing of each tensor. No tensor is read, so this is \
            quick for files of any size.

            With --json the tensors are listed for a program. A path there has dictionary keys \
            and list places from the root; what an object of an unknown class would be made of is \
            below "<args>".
            """)

    @OptionGroup var source: FileOptions

    @Option(help: "Show only so many levels of the tree.")
    var depth: Int?

    @Option(help: "Show so many plain values of each container.")
    var values = 20

    @Flag(help: "Print JSON: format, globals, every tensor, totals.")
    var json = false

    @Flag(help: "Read every tensor and add the SHA-256 of its elements to the JSON.")
    var digest = false

    func validate() throws {
        if digest && !json { throw ValidationError("--digest goes with --json.") }
        if values < 0 || (depth ?? 0) < 0 {
            throw ValidationError("--depth and --values take numbers from 0.")
        }
    }

    func run() throws {
        try reportingErrors(about: source.file) {
            let checkpoint = try source.open()
            if json {
                try printJSON(checkpoint)
            } else {
                let tree = try InspectTree(checkpoint, depth: depth, maximumValues: values)
                try StandardOutput.write(tree.text(named: source.file, style: .standardOutput))
            }
        }
    }

    private func printJSON(_ checkpoint: Checkpoint) throws {
        let report = try InspectReport(checkpoint, file: source.file, hasDigests: digest)
        try StandardOutput.write(report.json())
    }
}
