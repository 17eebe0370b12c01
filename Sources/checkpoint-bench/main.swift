import Foundation

// Times library calls inside one process, for PythonFixtures/benchmark to set against Python's.
//
//   checkpoint-bench OPERATION ARGUMENT…
//
// Makes what the operation needs, prints "ready", and answers each line of its input, a number of
// runs, with what these runs took, in JSON: [[seconds, seconds of them for dropping the result,
// bytes of private memory that the process had with the result], …].

let usage = """
    usage: checkpoint-bench list FILE | list-safetensors FILE | open FILE | own FILE | read FILE
           checkpoint-bench gather FILE | float FILE | save FILE DESTINATION
    """

do {
    guard let operation = try operation(Array(CommandLine.arguments.dropFirst())) else {
        fail(usage, status: 64)
    }
    try answer("ready")
    while let line = readLine() {
        let runs = try (0..<(Int(line) ?? 1)).map { _ in try operation() }
        try answer("[\(runs.map(\.description).joined(separator: ", "))]")
    }
} catch {
    fail("\(error)", status: 1)
}

/// Prints a line at once: `print` keeps it back when nobody is looking.
func answer(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
}

func fail(_ why: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(why)\n".utf8))
    exit(status)
}
