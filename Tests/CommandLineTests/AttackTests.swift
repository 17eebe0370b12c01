import TestSupport
import Testing

/// The corpus of attacks in `PythonFixtures/attacks`.
@Suite struct AttackTests {
    @Test func `every attack gets its verdict, and none does anything`() throws {
        let outcome = try TorchPython.runAlone(
            script: "attacks", ["check", "--pth", PTHTool.optimized()])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }

    @Test func `every attack is one: readers in Python do what it says`() throws {
        let outcome = try TorchPython.runAlone(script: "attacks", ["fires"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }
}
