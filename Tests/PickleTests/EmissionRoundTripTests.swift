import ByteIO
import TestSupport
import Testing

@testable import Pickle

/// What is written and read again is the same graph.
@Suite struct EmissionRoundTripTests {
    @Test(arguments: 0..<150)
    func `random graphs come back as they are`(_ seed: Int) throws {
        let generator = SeededGenerator(seed: UInt64(seed))
        let program = RandomPickle(80, protocol: 2, using: generator).bytes
        let emitted = try PickleGraph(parsing: program).pickled()
        #expect(try PickleGraph(parsing: emitted).pickled() == emitted, "seed \(seed)")
    }

    // Where an object with keyword arguments leads back to itself, its class is called in another way.
    @Test(arguments: 0..<150)
    func `graphs of later protocols do so when they are of protocol 2`(_ seed: Int) throws {
        let generator = SeededGenerator(seed: UInt64(seed))
        let program = RandomPickle(80, protocol: 4, using: generator).bytes
        let emitted = try PickleGraph(parsing: program).pickled()
        let again = try PickleGraph(parsing: emitted).pickled()
        #expect(try PickleGraph(parsing: again).pickled() == again, "seed \(seed)")
    }

    @Test(arguments: 0..<150, [2, 4] as [UInt8])
    func `objects outside the pickle are walked in the order of writing`(
        _ seed: Int, _ version: UInt8
    ) throws {
        let generator = SeededGenerator(seed: UInt64(seed))
        let program = RandomPickle(80, protocol: version, using: generator).bytes
        let graph = try PickleGraph(parsing: program)
        let written = try PickleGraph(parsing: graph.pickled())
        #expect(names(written, written.persistentLoads) == walkedNames(graph), "seed \(seed)")
    }

    @Test(arguments: ["values", "objects"], [0, 1, 2, 3, 4, 5])
    func `whatever is left of a damaged pickle comes back as it is`(
        _ name: String, _ version: Int
    ) throws {
        let original = try fixture("pickles/\(name)_protocol_\(version).pkl")
        var generator = SeededGenerator(seed: UInt64(version))
        var count = 0
        for _ in 0..<400 {
            var damaged = original
            let place = Int.random(in: 0..<damaged.count, using: &generator)
            damaged[place] = UInt8.random(in: 0...255, using: &generator)
            guard let graph = try? PickleGraph(parsing: damaged),
                let emitted = try? graph.pickled()
            else { continue }
            count += 1
            let again = try PickleGraph(parsing: emitted).pickled()
            #expect(again == emitted, "byte \(place) is \(damaged[place])")
        }
        #expect(count > 20)
    }

    /// The ids of persistent objects as they are asked for, each once.
    private func names(_ graph: PickleGraph, _ objects: [NodeID]) -> [String] {
        var seen: Set<String> = []
        return objects.compactMap { object in
            guard let id = graph.persistentID(object) else { return nil }
            return graph.string(graph.items(id)?.first ?? id)
        }.filter { seen.insert($0).inserted }
    }

    private func walkedNames(_ graph: PickleGraph) -> [String] {
        names(graph, graph.reachable().filter { graph.kind(of: $0) == .persistent })
    }
}
