import ByteIO
import Pickle

/// How much more of a graph may be looked at: a small file can share its objects so that looking at
/// all of them, at all their places, never ends.
struct Effort {
    private var budget: Int
    /// The graph whose elements are still to be counted, which takes a look at all containers.
    private var uncounted: PickleGraph?

    /// - Parameters:
    ///   - base: What is allowed beside 16 times the number of objects.
    ///   - countsElements: Whether four times the elements of containers are allowed, too: a list of
    ///     many elements may be one of few objects.
    init(for graph: PickleGraph, base: Int = 1 << 16, countsElements: Bool = false) {
        budget = base + 16 * graph.count
        uncounted = countsElements ? graph : nil
    }

    /// Counts work that has to be done on a value.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when there was too much before.
    mutating func spend(_ cost: Int, on value: CheckpointValue) throws(CheckpointError) {
        budget -= cost
        if budget < 0, let graph = uncounted {
            budget += 4 * graph.elementCount
            uncounted = nil
        }
        guard budget >= 0 else {
            throw CheckpointError(
                .limitExceeded, "the objects share so much that going through them would not end",
                offset: value.graph.offset(of: value.id),
                advice: "The file may have been made to exhaust memory")
        }
    }
}
