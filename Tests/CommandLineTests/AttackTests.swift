import TestSupport
import Testing

/// The corpus of attacks in `PythonFixtures/attacks`.
@Suite(.serialized) struct AttackTests {
    @Test func `every attack gets its verdict, and none does anything`() throws {
        // Five seconds are the bar of optimized code.
        let outcome = try run(
            "/usr/bin/env",
            [
                "ATTACK_SECONDS=30", TorchPython.executable,
                Repository.root + "/PythonFixtures/attacks", "check", "--pth", PTHTool.executable,
            ])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }

    @Test func `every attack is one: readers in Python do what it says`() throws {
        let outcome = try TorchPython.run(script: "attacks", ["fires"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }
}
