import ByteIO
import Pickle

extension FuzzTarget {
    /// A pickle is refused, or all of its objects can be read and it is written and read again as
    /// the same graph.
    static let pickle = FuzzTarget("pickle") { bytes in
        guard let region = attempt({ try ByteRegion(copying: bytes) }) else { return }
        attempt { try PickleGraph(parsing: region, allowsTrailingBytes: true) }
        guard let graph = attempt({ try PickleGraph(parsing: region) }) else { return }
        graph.touchEverything()
        checkPickling(of: graph)
    }
}

/// Holds that a graph that can be pickled is read again as the same graph.
func checkPickling(of graph: PickleGraph) {
    guard let emitted = attempt({ try graph.pickled() }) else { return }
    guard let again = attempt({ try PickleGraph(parsing: emitted) }) else {
        broken("what is pickled can be read")
    }
    var comparison = GraphComparison(graph, again)
    if let difference = comparison.difference() {
        broken("what is pickled is read as the same graph, but \(difference)")
    }
    guard let second = attempt({ try again.pickled() }) else {
        broken("what was pickled can be pickled again")
    }
    // Where an object with keyword arguments leads back to itself, its class is called in another way.
    promise(second == emitted || graph.protocolVersion > 3, "a pickle is written as it was")
}

extension PickleGraph {
    /// Asks for everything that every object has.
    func touchEverything() {
        _ = globalNames.map(\.description)
        for id in reachable() {
            _ = (offset(of: id), integer(id), bigInteger(id), float(id), bytes(id))
            _ = (text(id)?.description, string(id), global(id), extensionCode(id), persistentID(id))
            _ = (items(id)?.count, entries(id)?.count, object(id)?.items.count)
        }
    }
}
