import ByteIO
import Testing

@testable import Pickle

/// What writing costs, whatever the graph is like.
@Suite struct EmissionCostTests {
    static let depth = 200_000

    static let deep: [String: [UInt8]] = [
        "lists": nested("]", "a"),
        "tuples": bytes("N") + repeated("\u{85}"),
        "long tuples": repeated("(") + bytes("N") + repeated("NNNt"),
        "dictionaries": nested("}N", "s"),
        "sets": nested("\u{8F}(", "\u{90}"),
        "frozensets": repeated("(") + bytes("N") + repeated("\u{91}"),
        "arguments": repeated("cm\nf\n") + bytes(")") + repeated("R\u{85}"),
        "callables": bytes("cm\nf\n") + repeated(")R"),
        "states": nested("cm\nf\n)R", "b"),
        "keyword arguments": repeated("cm\nf\n)}N") + bytes("N") + repeated("s\u{92}"),
        "persistent ids": bytes("N") + repeated("\u{85}Q"),
    ]

    private static func repeated(_ text: String) -> [UInt8] {
        Array(repeatElement(bytes(text), count: depth).joined())
    }

    private static func nested(_ opening: String, _ closing: String) -> [UInt8] {
        repeated(opening) + bytes("N") + repeated(closing)
    }

    @Test(arguments: deep.keys.sorted())
    func `depth has no limit`(_ name: String) throws {
        let body = try #require(Self.deep[name])
        let graph = try PickleGraph(parsing: body + bytes("."))
        #expect(try PickleGraph(parsing: graph.pickled()).count > Self.depth)
        #expect(graph.reachable().count >= Self.depth)
    }

    // Each doubles what it stands for 100 times.
    @Test(arguments: ["2\u{86}", "22\u{87}", "2]q\u{0}0h\u{0}\u{87}"])
    func `objects that are shared are written once`(_ step: String) throws {
        try expectLinear("N" + String(repeating: step, count: 100) + ".")
    }

    @Test func `shared sets, bytes and arguments are written once`() throws {
        let steps = [
            "q\u{0}0(h\u{0}h\u{0}\u{91}", "q\u{0}0\u{8F}(h\u{0}h\u{0}\u{90}",
            "q\u{0}0cm\nf\nh\u{0}h\u{0}\u{86}R", "q\u{0}0cm\nf\nh\u{0}h\u{0}\u{86}\u{81}",
            "q\u{0}0cm\nf\n)}(h\u{0}h\u{0}u\u{92}",
        ]
        for step in steps {
            try expectLinear("\u{80}\u{4}N" + String(repeating: step, count: 1000) + ".")
        }
        try expectLinear(
            "\u{80}\u{4}C\u{80}" + String(repeating: "x", count: 128)
                + String(repeating: "2", count: 1000) + String(repeating: "\u{86}", count: 1000)
                + ".")
    }

    @Test func `a long integer that is mentioned often is written once`() throws {
        let digits = String(repeating: "\u{7F}", count: 255)
        let pickle = "(\u{8A}\u{FF}\(digits)" + String(repeating: "2", count: 10_000) + "l."
        let emitted = try graph(pickle).pickled()
        #expect(emitted.count < 3 * pickle.unicodeScalars.count)
        #expect(try PickleGraph(parsing: emitted).pickled() == emitted)
        let ids = "(\u{8A}\u{FF}\(digits)Q" + String(repeating: "2", count: 10_000) + "l."
        #expect(try graph(ids).pickled().count < 4 * ids.unicodeScalars.count)
    }

    // A tuple of a tuple of lists that each hold the outer tuple: Python begins it anew in each list.
    @Test func `tuples in themselves cost no more than what is allowed for them`() throws {
        func pickle(_ count: Int) -> [UInt8] {
            var program = bytes("(")
            for slot in 0..<count { program += bytes("]r") + little(UInt32(slot)) }
            program += bytes("t\u{85}r") + little(UInt32(count)) + bytes("0")
            for slot in 0..<count {
                program += bytes("j") + little(UInt32(slot))
                program += bytes("j") + little(UInt32(count)) + bytes("a0")
            }
            return program + bytes("j") + little(UInt32(count)) + bytes(".")
        }
        let few = try PickleGraph(parsing: pickle(50)).pickled()
        #expect(try PickleGraph(parsing: few).pickled() == few)
        try expectRefused(pickle(1000))
    }

    @Test func `a set in a tuple in itself can't be written`() throws {
        try expectRefused(bytes("\u{80}\u{4}\u{8F}q\u{0}(h\u{0}\u{85}\u{90}."))
    }

    @Test func `arguments that objects share are not repeated without end`() throws {
        let arguments = "(" + String(repeating: "N", count: 200) + "tq\u{0}0cm\nC\nq\u{1}0}q\u{2}0"
        let objects = "(" + String(repeating: "h\u{1}h\u{0}h\u{2}\u{92}", count: 200) + "l."
        try expectRefused(bytes("\u{80}\u{4}" + arguments + objects))
    }

    @Test func `long names are not repeated without end`() throws {
        var program = bytes("\u{80}\u{4}X") + little(UInt32(1000))
        program += bytes(String(repeating: "a.", count: 500) + "q\u{0}0(")
        for module in 1000..<1100 {
            program += bytes("X") + little(UInt32(4)) + bytes("\(module)h\u{0}\u{93}")
        }
        try expectRefused(program + bytes("l."))
    }

    private func expectLinear(_ pickle: String) throws {
        let pickle = bytes(pickle)
        let graph = try PickleGraph(parsing: pickle)
        #expect(try graph.pickled().count < 200 + 16 * pickle.count)
        #expect(graph.reachable().count <= graph.count)
    }

    private func expectRefused(_ pickle: [UInt8]) throws {
        let graph = try PickleGraph(parsing: pickle)
        var walker = GraphWalker(graph, reachesMost: true, repetitions: 10_000)
        #expect(walker.walk(from: [graph.root]).count <= graph.count)
        var emitter = GraphEmitter(graph, repetitions: 10_000)
        #expect(throws: CheckpointError(.limitExceeded, "")) { try emitter.emit() }
    }
}
