import Foundation
import TestSupport
import Testing

/// Where output goes, and what is said when it can't go there.
@Suite struct OutputTests {
    private let checkpoint = Fixture.path("torch-2.13.0/training_state_dict.pth")
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a shell line, in which `"$@"` is `pth`, with a terminal as its output.
    private func runOnTerminal(_ line: String, _ arguments: [String]) throws -> Outcome {
        let code = """
            import os, pty, sys
            sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
            """
        return try TorchPython.run(
            code: code, ["/bin/sh", "-c", line, "sh", PTHTool.executable] + arguments)
    }

    @Test func `a terminal gets colours unless NO_COLOR is set`() throws {
        let arguments = ["inspect", checkpoint]
        let colored = try runOnTerminal("unset NO_COLOR; \"$@\"", arguments)
        #expect(colored.status == 0)
        #expect(colored.output.contains("\u{1B}[1m"))
        let plain = try runOnTerminal("NO_COLOR=1 \"$@\"", arguments)
        #expect(plain.status == 0)
        #expect(!plain.output.contains("\u{1B}"))
        let piped = try PTHTool.run(inShell: "unset NO_COLOR; \"$@\" | cat", arguments)
        #expect(!piped.output.contains("\u{1B}"))
        // Python's terminal ends its lines as terminals do.
        #expect(plain.output.replacing("\r\n", with: "\n") == piped.output)
    }

    #if os(Linux)
        @Test(arguments: [["inspect"], ["inspect", "--json"], ["show"]])
        func `output that can't be written is one line and status 1`(_ command: [String]) throws {
            let outcome = try PTHTool.run(
                inShell: "\"$@\" > /dev/full", command + [checkpoint])
            #expect(outcome.status == 1)
            #expect(outcome.error.hasPrefix("pth: standard output: "), "\(outcome.error)")
            #expect(outcome.error.isOneLine, "\(outcome.error)")
        }

        @Test func `convert says when its result can't be told`() throws {
            let outcome = try PTHTool.run(
                inShell: "\"$@\" > /dev/full",
                ["convert", checkpoint, folder.path("out.safetensors")])
            #expect(outcome.status == 1)
            #expect(outcome.error.isOneLine, "\(outcome.error)")
        }
    #endif

    @Test func `convert onto a missing folder names the file`() throws {
        let output = folder.path("missing/out.safetensors")
        try expectRefusal(of: PTHTool.run("convert", checkpoint, output), naming: output)
    }

    @Test func `convert onto a folder names it and leaves it`() throws {
        let output = folder.path("out.safetensors")
        try FileManager.default.createDirectory(
            atPath: output, withIntermediateDirectories: false)
        try expectRefusal(of: PTHTool.run("convert", checkpoint, output), naming: output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).isEmpty)
    }

    @Test func `convert into a folder that can't be written to names the file`() throws {
        let output = folder.path("out.safetensors")
        try setPermissions(0o555)
        defer { try? setPermissions(0o755) }
        let outcome = try PTHTool.run(heedingPermissions: "convert", checkpoint, output)
        expectRefusal(of: outcome, naming: output)
        #expect(try folder.contents().isEmpty)
    }

    private func setPermissions(_ permissions: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: folder.path)
    }

    private func expectRefusal(of outcome: Outcome, naming output: String) {
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("pth: \(output): "), "\(outcome.error)")
        #expect(outcome.error.isOneLine, "\(outcome.error)")
    }
}
