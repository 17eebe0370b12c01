import Foundation
import TestSupport

/// The command line of the example, as it was built with the tests.
enum TrainTool {
    static let executable: String = {
        let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appendingPathComponent("train-mlp").path
    }()

    static func run(_ arguments: [String]) throws -> Outcome {
        try TestSupport.run(executable, arguments)
    }

    /// Kills the program without warning once it has written a line.
    ///
    /// - Returns: The lines that it wrote until then.
    static func kill(
        afterLine isLast: (String) -> Bool, _ arguments: [String]
    ) throws -> [String] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        defer {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        var (lines, line): ([String], [UInt8]) = ([], [])
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            lines.append(String(decoding: line, as: UTF8.self))
            line = []
            if isLast(lines[lines.count - 1]) { break }
        }
        return lines
    }
}
