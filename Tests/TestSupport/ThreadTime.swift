import Foundation

/// Runs `body` and returns the seconds of processor time that this thread spent in it.
///
/// A clock on the wall also counts how long a test waited for its turn, which on a busy machine is
/// minutes; this counts only what the test itself has done.
package func threadSeconds(_ body: () throws -> Void) rethrows -> Double {
    let start = threadSecondsSoFar
    try body()
    return threadSecondsSoFar - start
}

private var threadSecondsSoFar: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
