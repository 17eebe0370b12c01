import ByteIO
import TestSupport
import Testing

@testable import Pickle

struct CostTests {
    @Test func `200,000 lists inside each other are read, copied and freed`() throws {
        let depth = 200_000
        let pickle =
            [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1)
        var copies: [PickleGraph] = []
        let graph = try PickleGraph(parsing: pickle + bytes("."))
        for _ in 0..<3 { copies.append(graph) }
        var id = graph.root
        var found = 1
        while let inner = graph.items(id)?.first {
            id = inner
            found += 1
        }
        #expect(found == depth)
        copies.removeAll()
    }

    @Test func `200,000 tuples and objects inside each other are read`() throws {
        let depth = 200_000
        let tuples = bytes("N") + [UInt8](repeating: 0x85, count: depth) + bytes(".")
        #expect(try PickleGraph(parsing: tuples).count == 260 + depth)
        let objects = bytes("cm\nf\n)R") + (0..<depth).flatMap { _ in bytes(")R") } + bytes(".")
        #expect(try PickleGraph(parsing: objects).count == 260 + 2 + depth)
    }

    @Test func `200,000 open marks are closed again`() throws {
        let depth = 200_000
        let pickle = [UInt8](repeating: 0x28, count: depth) + [UInt8](repeating: 0x6C, count: depth)
        #expect(try PickleGraph(parsing: pickle + bytes(".")).count == 260 + depth)
    }

    @Test func `a memo bomb costs as much as its bytes`() throws {
        // Each list holds the one before ten times: 10^60 paths.
        var pickle = bytes("]q\u{0}0")
        for level in 1...60 {
            pickle += bytes("](") + (0..<10).flatMap { _ in [0x68, UInt8(level - 1)] }
            pickle += bytes("eq") + [UInt8(level)] + bytes("0")
        }
        let graph = try PickleGraph(parsing: pickle + bytes("h\u{3C}."))
        #expect(graph.count == 260 + 61)
        #expect(graph.items(graph.root)?.count == 10)
    }

    @Test func `no pickle has more objects than bytes`() throws {
        for name in ["values_protocol_0.pkl", "values_protocol_5.pkl", "batches_protocol_2.pkl"] {
            let pickle = try fixture("pickles/\(name)")
            #expect(try PickleGraph(parsing: pickle).count < 260 + pickle.count / 2)
        }
    }

    @Test func `a long name serves any number of classes and is kept once`() throws {
        // 100,000 classes of one module: with a copy of its name each, this would need 100 MB.
        var pickle = bytes("X") + little(UInt32(1000)) + [UInt8](repeating: 0x6D, count: 1000)
        pickle += bytes("q\u{0}0")
        for number in 0..<100_000 {
            pickle += bytes("h\u{0}\u{8C}\u{5}") + Array(String(100_000 + number).utf8.dropFirst())
            pickle += bytes("\u{93}0")
        }
        let graph = try PickleGraph(parsing: pickle + bytes("N."))
        #expect(graph.globalNames.count == 100_000)
        #expect(Set(graph.globalNames.map(\.name)).count == 100_000)
    }

    @Test func `a name that is longer than the limit is refused`() {
        let name = String(repeating: "m", count: 1025)
        let text = bytes("X") + little(UInt32(1025)) + bytes(name)
        #expect(failure(bytes("c\(name.dropLast())\nf\n.")) == nil)
        #expect(failure(bytes("c\(name)\nf\n."))?.code == .limitExceeded)
        #expect(failure(bytes("cm\n\(name)\n."))?.code == .limitExceeded)
        #expect(failure(text + bytes("\u{8C}\u{1}f\u{93}."))?.code == .limitExceeded)
        #expect(failure(bytes("\u{8C}\u{1}m") + text + bytes("\u{93}."))?.code == .limitExceeded)
    }

    @Test func `the limit of bytes is enforced`() {
        let limits = PickleLimits(bytes: 2)
        #expect(failure(bytes("N."), limits: limits) == nil)
        #expect(failure(bytes("NN."), limits: limits)?.code == .limitExceeded)
        #expect(failure(bytes("N."), limits: PickleLimits(bytes: -1))?.code == .limitExceeded)
    }

    @Test func `the limit of objects is enforced`() {
        let limits = PickleLimits(nodes: 262)
        #expect(failure(bytes("]]\u{30}."), limits: limits) == nil)
        let error = failure(bytes("]]]00."), limits: limits)
        #expect(error?.code == .limitExceeded)
        #expect(error?.offset == 2)
        #expect(failure(bytes("]."), limits: PickleLimits(nodes: .min))?.code == .limitExceeded)
    }

    @Test func `limits beyond what a graph can number are taken as the largest`() {
        let limits = PickleLimits(bytes: .max, nodes: .max, integerDigits: .max, nameBytes: .max)
        #expect(failure(bytes("]."), limits: limits) == nil)
        #expect(limits.clamped.bytes == Int(UInt32.max))
        #expect(limits.clamped.nodes == 1 << 29)
    }

    // Each is quadratic if an instruction looks at more than it takes.
    @Test(arguments: ["]", "}", "\u{8F}", "cm\nf\n)R"])
    func `a container is filled in time proportional to its items`(_ container: String) throws {
        let count = 200_000
        let item = container == "}" ? "NNs" : container == "\u{8F}" ? "(N\u{90}" : "Na"
        let pickle = bytes(container) + (0..<count).flatMap { _ in bytes(item) } + bytes(".")
        var graph = PickleGraph()
        let seconds = try threadSeconds { graph = try PickleGraph(parsing: pickle) }
        #expect(seconds < 20)
        let items = graph.items(graph.root)?.count ?? graph.entries(graph.root)?.count
        #expect((items ?? graph.object(graph.root)?.items.count ?? 0) >= count)
    }
}
