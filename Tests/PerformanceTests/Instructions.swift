import Foundation
import TestSupport
import Testing

/// Counts the instructions of programs that were built with the tests.
///
/// Valgrind counts them: virtual machines have no counters, and stepping through a program with
/// `ptrace` takes 20 µs an instruction on them, where starting `pth` alone takes fifty million.
final class InstructionCounter {
    private let folder: TemporaryFolder
    private var programs: [String: String] = [:]

    init() throws { folder = try TemporaryFolder() }

    /// The instructions of a whole process, whose input is one line.
    func count(_ program: String, _ arguments: [String], input: String = "") throws -> Int {
        let valgrind = [
            "valgrind", "--tool=callgrind", "--vgdb=no",
            "--callgrind-out-file=\(folder.path("callgrind"))",
        ]
        // Hashes with a random seed would not make the same number twice.
        let line = #"echo "$INPUT" | SWIFT_DETERMINISTIC_HASHING=1 "$@""#
        let outcome = try TestSupport.run(
            "/usr/bin/env",
            ["INPUT=\(input)", "/bin/sh", "-c", line, "sh"] + valgrind + [stripped(program)]
                + arguments)
        try #require(outcome.status == 0, "valgrind is needed: \(outcome.error)")
        let report = try #require(outcome.error.firstMatch(of: /Collected : (\d+)/))
        return try #require(Int(report.1))
    }

    /// The path of a copy without what is there for debuggers, which many versions of Valgrind can't
    /// read.
    private func stripped(_ program: String) throws -> String {
        if let known = programs[program] { return known }
        let built = URL(fileURLWithPath: PTHTool.executable).deletingLastPathComponent()
        let copy = folder.path(program)
        let outcome = try TestSupport.run(
            "/usr/bin/env",
            ["strip", "--strip-debug", "-o", copy, built.appendingPathComponent(program).path])
        try #require(outcome.status == 0, "\(outcome.error)")
        programs[program] = copy
        return copy
    }
}

extension InstructionCounter {
    /// The instructions of a process of `checkpoint-bench` that runs an operation once.
    func count(operation: String...) throws -> Int {
        try count("checkpoint-bench", operation, input: "1")
    }

    /// The instructions of a further run of an operation, without what it needs before.
    func count(repeating operation: String...) throws -> Int {
        let counts = try ["1", "2"].map { try count("checkpoint-bench", operation, input: $0) }
        return counts[1] - counts[0]
    }
}

extension Trait where Self == ConditionTrait {
    /// Shows a test as skipped on systems that Valgrind does not know.
    static var whereInstructionsAreCounted: Self {
        #if os(Linux)
            .enabled("instructions are counted on Linux") { true }
        #else
            .disabled("instructions are counted on Linux")
        #endif
    }
}
