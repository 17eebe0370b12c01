import Foundation

/// What a program printed and how it ended.
public struct Outcome: Sendable {
    public let status: Int32
    /// Whether a signal ended the program, as a trap does.
    public let wasKilled: Bool
    public let output: String
    public let error: String
}

/// Runs `program` to its end, with its output in files so that no pipe can fill up.
public func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let outputs = try ["out", "err"].map { name in
        _ = FileManager.default.createFile(atPath: folder.path(name), contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path(name)))
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = outputs[0]
    process.standardError = outputs[1]
    try process.run()
    process.waitUntilExit()
    return Outcome(
        status: process.terminationStatus,
        wasKilled: process.terminationReason == .uncaughtSignal,
        output: try String(contentsOfFile: folder.path("out"), encoding: .utf8),
        error: try String(contentsOfFile: folder.path("err"), encoding: .utf8))
}

/// The Python that has torch. `Scripts/test` makes it; without it tests fail rather than pass.
public enum TorchPython {
    public static var executable: String {
        ProcessInfo.processInfo.environment["TORCH_PYTHON"] ?? Repository.root + "/.venv/bin/python"
    }

    /// Runs a script of `PythonFixtures`.
    public static func run(script: String, _ arguments: [String]) throws -> Outcome {
        try TestSupport.run(
            executable, [Repository.root + "/PythonFixtures/" + script] + arguments)
    }

    /// Runs Python code.
    public static func run(code: String, _ arguments: [String] = []) throws -> Outcome {
        try TestSupport.run(executable, ["-c", code] + arguments)
    }
}

/// The command line tool, as it was built with the tests.
public enum PTHTool {
    public static let executable: String = {
        let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appendingPathComponent("pth").path
    }()

    /// Runs `pth`.
    public static func run(_ arguments: String...) throws -> Outcome {
        try TestSupport.run(executable, arguments)
    }
}

/// A folder that is removed when nobody uses it any more.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory
            .appendingPathComponent("pth-tests-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file into the folder and returns its path.
    public func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// The names and bytes of all files in the folder.
    public func contents() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            files[name] = try Array(Data(contentsOf: URL(fileURLWithPath: self.path(name))))
        }
        return files
    }
}
