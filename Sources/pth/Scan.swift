import ArgumentParser
import Foundation
import SystemPackage
import TorchCheckpoint

/// `pth scan`: what loading a file in Python would import and call.
struct Scan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out what loading a file in Python would run.",
        discussion: """
            Lists the classes and functions that the pickles in a file name, what torch.load would \
            do with them, and everything by which a file can mean one thing to this program and \
            another to others: hidden pickles, archives that contradict themselves, what can't be \
            read to the end. Nothing is run. Folders are searched with all that is in them; files \
            there that are no checkpoints, by their contents and names, are passed over.

            EXIT STATUS
              0 nothing found, 1 something found, 2 trouble: a file could not be read
            """)

    @Argument(help: "Files, and folders to search.", completion: .file())
    var files: [String]

    @OptionGroup var access: AccessOptions

    @Flag(help: "Print JSON: format, globals and findings of every file.")
    var json = false

    @Flag(help: "Show the names that weights_only accepts, and files without findings, too.")
    var all = false

    func run() throws {
        var summary = ScanSummary()
        var reports: [ScanFileReport] = []
        for item in ScanPaths(files) {
            do {
                guard let report = try report(on: item, &summary) else { continue }
                if json { reports.append(report) }
            } catch let error as CheckpointError {
                summary.troubles += 1
                StandardError.write("pth: \(error)".escapingControls)
            }
        }
        try finish(summary, reports)
    }

    /// Scans a file, and prints what was found unless that is to be JSON.
    ///
    /// - Returns: What was found; nil for a file that is no checkpoint.
    private func report(
        on item: ScanPaths.Item, _ summary: inout ScanSummary
    ) throws -> ScanFileReport? {
        let file = try item.file()
        let scan: CheckpointScan
        do {
            scan = try CheckpointScan(
                contentsOf: FilePath(file.path), fileAccess: access.fileAccess)
        } catch let error as CheckpointError {
            throw error.inFile(file.path)
        }
        guard file.isExpected || scan.isRecognized else {
            summary.skipped += 1
            return nil
        }
        let report = ScanFileReport(scan, file: file.path)
        summary.count(report.verdict)
        if !json, all || !scan.isClean || file.isNamed {
            try StandardOutput.write(
                report.text(style: .standardOutput, showsAll: all), terminator: "")
        }
        return report
    }

    private func finish(_ summary: ScanSummary, _ reports: [ScanFileReport]) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
            let report = ScanReport(files: reports, totals: summary)
            try StandardOutput.write(encoder.encode(report) + Data("\n".utf8))
        } else if summary.files + summary.skipped + summary.troubles > 1 {
            try StandardOutput.write(summary.text)
        }
        if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
    }
}

/// The JSON of `pth scan`: `Specs/command-line.md`.
private struct ScanReport: Encodable {
    let files: [ScanFileReport]
    let totals: ScanSummary
}
