import Foundation

/// What a program printed and how it ended.
package struct Outcome: Sendable {
    package let status: Int32
    /// Whether a signal ended the program, as a trap does.
    package let wasKilled: Bool
    package let output: String
    package let error: String
}

/// Runs `program` to its end, with its output in files so that no pipe can fill up.
package func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let outputs = try OutputFiles()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try outputs.open("out")
    process.standardError = try outputs.open("err")
    try process.run()
    process.waitUntilExit()
    return try outputs.outcome(
        status: process.terminationStatus,
        wasKilled: process.terminationReason == .uncaughtSignal)
}

/// The files that a program prints to.
private struct OutputFiles {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["out", "err"] { _ = try folder.write(name, []) }
    }

    func path(_ name: String) -> String { folder.path(name) }

    func open(_ name: String) throws -> FileHandle {
        try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    }

    func outcome(status: Int32, wasKilled: Bool) throws -> Outcome {
        Outcome(
            status: status, wasKilled: wasKilled,
            output: try String(contentsOfFile: path("out"), encoding: .utf8),
            error: try String(contentsOfFile: path("err"), encoding: .utf8))
    }
}

/// The Python that has torch, which `Scripts/test` makes; without it tests fail rather than pass.
package enum TorchPython {
    package static var executable: String {
        ProcessInfo.processInfo.environment["TORCH_PYTHON"]
            ?? Repository.root + "/.venv-tests/bin/python"
    }

    /// Runs a script of `PythonFixtures`.
    package static func run(script: String, _ arguments: [String]) throws -> Outcome {
        try run([path(script)] + arguments)
    }

    /// Runs Python code.
    package static func run(code: String, _ arguments: [String] = []) throws -> Outcome {
        try run(["-c", code] + arguments)
    }

    /// Runs a script of `PythonFixtures` in a Python of its own, as what measures memory needs.
    package static func runAlone(script: String, _ arguments: [String]) throws -> Outcome {
        try TestSupport.run(executable, [path(script)] + arguments)
    }

    private static func path(_ script: String) -> String {
        Repository.root + "/PythonFixtures/" + script
    }

    private static func run(_ arguments: [String]) throws -> Outcome {
        let server = try PythonServer.shared.get()
        let outputs = try OutputFiles()
        let status = try server.run(
            arguments, output: outputs.path("out"), error: outputs.path("err"))
        return try outputs.outcome(status: abs(status), wasKilled: status < 0)
    }
}

/// The command line tool, as it was built with the tests.
package enum PTHTool {
    package static let executable: String = {
        let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appendingPathComponent("pth").path
    }()

    /// The optimized tool, which `Scripts/test` builds: what is promised of time and memory is
    /// promised of that one.
    package static func optimized() throws -> String {
        let path = URL(fileURLWithPath: executable).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("release/pth").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw MissingTool() }
        return path
    }

    private struct MissingTool: Error, CustomStringConvertible {
        let description = "there is no optimized pth: swift build -c release --product pth"
    }

    /// Runs `pth`.
    package static func run(_ arguments: String...) throws -> Outcome {
        try run(arguments)
    }

    /// Runs `pth`.
    package static func run(_ arguments: [String]) throws -> Outcome {
        try TestSupport.run(executable, arguments)
    }

    /// Runs `pth` so that it may write only where permissions let it.
    ///
    /// Root may write anywhere until it gives up CAP_DAC_OVERRIDE (prctl 24, capability 1).
    package static func run(heedingPermissions arguments: String...) throws -> Outcome {
        let code = """
            import ctypes, os, sys
            if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) != 0:
                sys.exit("the capability can't be dropped")
            os.execv(sys.argv[1], sys.argv[1:])
            """
        return try TorchPython.run(code: code, [executable] + arguments)
    }

    /// Runs `pth` as a line of a shell in which `"$@"` is the command.
    package static func run(inShell line: String, _ arguments: [String]) throws -> Outcome {
        try TestSupport.run("/bin/sh", ["-c", line, "sh", executable] + arguments)
    }
}

/// A folder that is removed when nobody uses it any more.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("pth-tests-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder.
    package func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file into the folder and returns its path.
    package func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// The names and bytes of all files in the folder.
    package func contents() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            files[name] = try Array(Data(contentsOf: URL(fileURLWithPath: self.path(name))))
        }
        return files
    }
}
