import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, or `kill`, during work that writes a file: the work ends at its next report of progress,
/// and what was begun is removed.
///
/// A second one ends the program at once.
struct Interruption: Error {
    private let number: Int32

    /// The status that shells expect of a program that a signal ended: 130 for Ctrl-C.
    var exitStatus: Int32 { 128 + number }

    /// Has Ctrl-C and `kill` ask for the end instead of being it, and a file that grows too large
    /// be an error like any other.
    static func handleSignals() {
        // The first use makes the value, which a signal handler must not.
        requestedSignal.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            _ = signal(number, requestInterruption)
        }
        _ = signal(SIGXFSZ, SIG_IGN)
    }

    /// - Throws: ``Interruption`` when the end was asked for.
    static func check() throws {
        let number = requestedSignal.load(ordering: .relaxed)
        if number != 0 { throw Interruption(number: number) }
    }
}

private let requestedSignal = Atomic<Int32>(0)

private func requestInterruption(_ number: Int32) {
    guard requestedSignal.exchange(number, ordering: .relaxed) != 0 else { return }
    // Blocked while its handler runs, so it comes when this returns.
    _ = signal(number, SIG_DFL)
    _ = raise(number)
}
