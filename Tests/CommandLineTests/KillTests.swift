import Foundation
import TestSupport
import Testing

/// Saves that are cut short at any moment: by SIGKILL, which nothing can answer, and by Ctrl-C.
@Suite(.serialized) struct KillTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What `kill_saves.py` found.
    private struct Findings: Decodable {
        let rounds: Int
        let seconds: Double
        let old: Int
        let new: Int
        let broken: Int
        let missing: Int
        let finished: Int
        let litter: Int
    }

    /// A checkpoint of as many tensors of a size.
    private func checkpoint(_ count: Int, mebibytes: Int = 2) throws -> String {
        let code = """
            import sys, torch
            count, size = int(sys.argv[2]), int(sys.argv[3]) << 18
            torch.save({f"t{i}": torch.full((size,), i / 3) for i in range(count)}, sys.argv[1])
            """
        let path = folder.path("big.pth")
        let made = try TorchPython.run(code: code, [path, "\(count)", "\(mebibytes)"])
        try #require(made.status == 0, "\(made.error)")
        return path
    }

    @Test func `after a kill the old file is there or the new one, whole`() throws {
        let input = try checkpoint(48)
        let old = try folder.write("old.pth", Array("this was there before".utf8))
        let work = folder.path("work")
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: false)
        let outcome = try TorchPython.runAlone(
            script: "kill_saves.py",
            ["--rounds", "100", "--seed", "20261123", "--dir", work]
                + [old, PTHTool.executable, "convert", input, "{}", "--repack"])
        let findings = try JSONDecoder().decode(Findings.self, from: Data(outcome.output.utf8))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(findings.old + findings.new == findings.rounds, "\(findings)")
        // The kills are worth something: many came before the end, and left the old file.
        #expect(findings.finished <= 75, "\(findings)")
        #expect(findings.old >= 20, "\(findings)")
        // A file has no name until it is whole; only between its naming and its renaming can it be
        // seen, and where there are no nameless files.
        #if os(Linux)
            #expect(findings.litter <= 1, "\(findings)")
        #endif
    }

    /// Starts `pth convert`, sends a signal after a delay, and gives the status: negative for a
    /// signal that ended it.
    private func interrupt(
        _ arguments: [String], with signal: String, after seconds: Double
    ) throws -> (status: Int, error: String) {
        let code = """
            import signal, subprocess, sys, time
            name, delay, *command = sys.argv[1:]
            # Tests may run on threads that let no signal through, and children would inherit that.
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            time.sleep(float(delay))
            process.send_signal(getattr(signal, name))
            error = process.communicate()[1].decode()
            print(process.returncode, error, sep=" ", end="")
            """
        let outcome = try TorchPython.run(
            code: code, [signal, "\(seconds)", PTHTool.executable, "convert"] + arguments)
        let parts = outcome.output.split(separator: " ", maxSplits: 1).map(String.init)
        return try (#require(parts.first.flatMap { Int($0) }), parts.count > 1 ? parts[1] : "")
    }

    @Test(arguments: [
        ("SIGINT", 2, ".pth"), ("SIGTERM", 15, ".pth"), ("SIGINT", 2, ".safetensors"),
    ])
    func `Ctrl-C leaves the old file, no litter and the status that shells expect`(
        _ signal: String, _ number: Int, _ suffix: String
    ) throws {
        // A cast takes its time, so that the signal comes in the middle of it.
        let input = try checkpoint(48)
        let output = try folder.write("out" + suffix, Array("old".utf8))
        let names = try self.names()
        var statuses: [Int] = []
        for delay in [0.2, 0.4, 0.8, 1.6] where !statuses.contains(128 + number) {
            let outcome = try interrupt(
                [input, output, "--dtype", "bfloat16"], with: signal, after: delay)
            statuses.append(outcome.status)
            #expect(outcome.error.isEmpty)
            // Before the work begins, the signal itself ends the program.
            #expect([128 + number, -number].contains(outcome.status))
            #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("old".utf8))
            #expect(try self.names() == names)
        }
        #expect(statuses.contains(128 + number), "\(statuses)")
    }

    @Test(arguments: [("SIGINT", "SIGINT", 2), ("SIGINT", "SIGTERM", 15)])
    func `a second signal ends the program at once`(
        _ first: String, _ second: String, _ number: Int
    ) throws {
        // A single tensor: while it is cast, nobody looks at the first signal.
        let input = try checkpoint(1, mebibytes: 96)
        let output = try folder.write("out.pth", Array("old".utf8))
        let code = """
            import signal, subprocess, sys, time
            delay, first, second, *command = sys.argv[1:]
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            time.sleep(float(delay))
            process.send_signal(getattr(signal, first))
            time.sleep(0.1)
            was_running = process.poll() is None
            process.send_signal(getattr(signal, second))
            print(was_running, process.wait(), end="")
            """
        var outcomes: [String] = []
        for delay in [0.3, 0.6, 1.2, 2.4] where !outcomes.contains("True \(-number)") {
            let outcome = try TorchPython.run(
                code: code,
                ["\(delay)", first, second, PTHTool.executable, "convert", input, output]
                    + ["--dtype", "bfloat16"])
            outcomes.append(outcome.output)
            #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("old".utf8))
        }
        #expect(outcomes.contains("True \(-number)"), "\(outcomes)")
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test(arguments: [".pth", ".safetensors"])
    func `a terminal gets a progress bar, a pipe gets none`(_ suffix: String) throws {
        let input = try checkpoint(24)
        let arguments = ["convert", input, folder.path("out" + suffix), "--dtype", "bfloat16"]
        let piped = try PTHTool.run(arguments)
        #expect(piped.status == 0)
        #expect(piped.error.isEmpty)
        #expect(piped.output.isOneLine)
        let code = """
            import os, pty, sys
            sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
            """
        let shown = try TorchPython.run(code: code, [PTHTool.executable] + arguments)
        #expect(shown.status == 0)
        #expect(shown.output.contains("\rwriting █"), "\(shown.output)")
        // The bar is gone before the result is told.
        #expect(shown.output.hasSuffix("\r\u{1B}[K" + piped.output.replacing("\n", with: "\r\n")))
    }
}
