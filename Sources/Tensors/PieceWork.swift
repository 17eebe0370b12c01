import ByteIO
import Synchronization

#if canImport(Darwin)
    import Dispatch
#endif

/// Work on many bytes, cut into pieces that the processor's cores share.
enum PieceWork {
    /// The size of a piece in bytes: small enough for cores to end together, large enough for handing
    /// them out to cost nothing, and that of a large page, which two cores should not both clear.
    static var pieceSize: Int { 1 << 21 }

    /// The size in bytes from which several threads take less time than one.
    static var threshold: Int { 4 << 20 }

    /// Calls `body` with the number of each piece, several at a time.
    ///
    /// What `body` writes for one piece, it must not touch for another: no compiler checks that.
    ///
    /// - Throws: What the piece with the lowest number threw, so that the error does not depend on
    ///   which thread was first. Pieces behind it may have been left out.
    static func perform(
        count: Int, _ body: (Int) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        guard count > 1 else {
            if count == 1 { try body(0) }
            return
        }
        let failure = FirstFailure()
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            performAtOnce(count) { index in
                guard !failure.isBefore(index) else { return }
                do throws(CheckpointError) {
                    try unsafe body(index)
                } catch {
                    failure.note(error, at: index)
                }
            }
        }
        try failure.throwIfAny()
    }

    /// Calls `body` with each number, several at a time.
    private static func performAtOnce(_ count: Int, _ body: @Sendable (Int) -> Void) {
        #if canImport(Darwin)
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
        #else
            let next = Atomic(0)
            Helpers.perform(count: count) {
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < count else { return }
                    body(index)
                }
            }
        #endif
    }

    /// Calls `body` with ranges that make up `0..<count`, several at a time when they are large.
    ///
    /// - Parameters:
    ///   - count: The number of elements.
    ///   - size: The number of bytes that an element costs.
    ///   - granularity: Each range but the last is a multiple of this long.
    /// - Throws: as ``perform(count:_:)``.
    static func perform(
        on count: Int, ofSize size: Int, granularity: Int = 1,
        _ body: (Range<Int>) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        guard count >= threshold / size else {
            if count > 0 { try body(0..<count) }
            return
        }
        let step = max(pieceSize / size / granularity, 1) * granularity
        try perform(count: (count - 1) / step + 1) { (index) throws(CheckpointError) in
            let start = index * step
            try body(start..<min(count - start, step) + start)
        }
    }
}

/// The error of the piece with the lowest number of those that failed.
private final class FirstFailure: Sendable {
    private let first = Lock<(index: Int, error: CheckpointError)?>(nil)

    func isBefore(_ index: Int) -> Bool {
        first.withLock { first in first.map { $0.index < index } ?? false }
    }

    func note(_ error: CheckpointError, at index: Int) {
        first.withLock { first in
            if let known = first, known.index < index { return }
            first = (index, error)
        }
    }

    func throwIfAny() throws(CheckpointError) {
        if let error = first.withLock({ $0?.error }) { throw error }
    }
}
