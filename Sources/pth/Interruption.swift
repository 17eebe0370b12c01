import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C during work that writes a file: the work ends at its next report of progress, and what was
/// begun is removed.
struct Interruption: Error {
    /// The status that shells expect of a program that Ctrl-C ended.
    static let exitStatus: Int32 = 130

    /// Has Ctrl-C and `kill` ask for the end instead of being it.
    static func handleSignals() {
        // The first use makes the value, which a signal handler must not.
        isInterruptionRequested.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            _ = signal(number, requestInterruption)
        }
    }

    /// - Throws: ``Interruption`` when the end was asked for.
    static func check() throws {
        if isInterruptionRequested.load(ordering: .relaxed) { throw Interruption() }
    }
}

private let isInterruptionRequested = Atomic(false)

private func requestInterruption(_ signal: Int32) {
    isInterruptionRequested.store(true, ordering: .relaxed)
}
