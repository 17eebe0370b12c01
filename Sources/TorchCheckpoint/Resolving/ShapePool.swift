import Pickle

/// Shapes and strides as arrays, those that are equal as the same array where it is easily seen.
///
/// The tensors of a model have few shapes, and an array for each would be most of what a tensor
/// costs. Not thread-safe.
final class ShapePool {
    // By a sum of the integers: what is needed next takes the place of what was there.
    private var known = [[Int]](repeating: [], count: 64)

    /// The integers in a tuple, or nil when something else is in it.
    ///
    /// - Complexity: O(*n*) in the number of elements.
    func integers(of tuple: NodeID, in graph: PickleGraph) -> [Int]? {
        guard let count = graph.itemCount(of: tuple) else { return nil }
        var sum = UInt(bitPattern: count)
        for place in 0..<count {
            guard let value = graph.integer(at: place, of: tuple) else { return nil }
            sum = sum &* 31 &+ UInt(bitPattern: value)
        }
        let slot = Int((sum ^ sum >> 6) % UInt(known.count))
        if !isTuple(tuple, known[slot], in: graph) {
            var values: [Int] = []
            values.reserveCapacity(count)
            for place in 0..<count { values.append(graph.integer(at: place, of: tuple) ?? 0) }
            known[slot] = values
        }
        return known[slot]
    }

    private func isTuple(_ tuple: NodeID, _ values: [Int], in graph: PickleGraph) -> Bool {
        guard values.count == graph.itemCount(of: tuple) else { return false }
        for place in values.indices where values[place] != graph.integer(at: place, of: tuple) {
            return false
        }
        return true
    }
}

extension PickleGraph {
    // Not by `flatMap`: a closure would have a copy of the graph made for it each time.
    fileprivate func integer(at place: Int, of tuple: NodeID) -> Int? {
        guard let item = item(place, of: tuple) else { return nil }
        return integer(item)
    }
}
