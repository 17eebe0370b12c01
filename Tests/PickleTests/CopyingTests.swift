import ByteIO
import TestSupport
import Testing

@testable import Pickle

extension PickleGraph {
    /// Copies objects of a graph without persistent ones.
    fileprivate mutating func copy(_ ids: [NodeID], from other: PickleGraph) throws -> [NodeID] {
        try copy(ids, from: other) { (_, _) throws(CheckpointError) in
            throw CheckpointError(.unexpectedObject, "a persistent object")
        }
    }

    /// A graph of a protocol, whose root is the class of the given name.
    fileprivate init(_ name: GlobalName, protocol version: Int) {
        self.init()
        protocolVersion = version
        root = addGlobal(name)
    }
}

@Suite struct CopyingTests {
    @Test func `what several copied objects share is one object`() throws {
        // [[s], [s], s], where s is a text.
        let graph = try graph("(]Vs\np0\na]g0\nag0\nl.")
        let items = Array(try #require(graph.items(graph.root)))
        var target = PickleGraph()
        let copies = try target.copy([items[2], items[0], items[1], items[0]], from: graph)
        #expect(copies.count == 4)
        #expect(copies[1] == copies[3] && copies[1] != copies[2])
        #expect(target.items(copies[1])?.first == copies[0])
        #expect(target.items(copies[2])?.first == copies[0])
        #expect(target.string(copies[0]) == "s")
        #expect(target.count == PickleGraph().count + 3)
    }

    @Test func `what was copied before is not shared`() throws {
        let graph = try graph("Vs\n.")
        var target = PickleGraph()
        let first = try target.copy([graph.root], from: graph)
        #expect(try target.copy([graph.root], from: graph) != first)
    }

    @Test func `cycles, and nothing at all, are copied`() throws {
        let graph = try graph("]p0\n\u{85}p1\n0g0\ng1\na0g1\n.")
        var target = PickleGraph()
        #expect(try target.copy([], from: graph).isEmpty)
        let copy = try target.copy([graph.root], from: graph)[0]
        let list = try #require(target.items(copy)?.first)
        #expect(target.items(list).map(Array.init) == [copy])
    }

    @Test func `objects that every graph has are their own copies`() throws {
        let graph = try graph("(NI01\nK\u{7})cm\nf\n)Rl.")
        var target = PickleGraph()
        let items = Array(try #require(graph.items(graph.root)))
        let copies = try target.copy(items, from: graph)
        #expect(copies.prefix(4) == items.prefix(4))
        let object = try #require(target.object(copies[4]))
        #expect(target.global(object.callable) == GlobalName(module: "m", name: "f"))
        #expect(object.arguments == .emptyTuple)
    }

    @Test func `a persistent object is replaced by what stands for it`() throws {
        let graph = try graph("(K\u{1}Qp0\ng0\nVs\nl.")
        var target = PickleGraph()
        var loads: [NodeID] = []
        let copy = try target.copy([graph.root], from: graph) { (target, id) in
            loads.append(id)
            return target.addPersistent(target.addInteger(9))
        }[0]
        #expect(loads == graph.persistentLoads)
        let items = Array(try #require(target.items(copy)))
        #expect(items[0] == items[1])
        #expect(target.persistentID(items[0]).flatMap(target.integer) == 9)
    }

    @Test(
        arguments: [
            (2, 2, "Dialog", "Dialog"), (4, 4, "Dialog", "Dialog"), (3, 4, "Dialog", "Dialog"),
            (2, 0, "dbm", "dbm"), (5, 3, "dbm", "dbm"), (2, 2, "builtins", "builtins"),
            (4, 2, "builtins", "__builtin__"), (3, 2, "dbm", "anydbm"),
            (2, 4, "__builtin__", "builtins"), (1, 3, "Dialog", "tkinter.dialog"),
        ])
    func `a module is renamed only between the names of Python 2 and Python 3`(
        _ from: Int, _ to: Int, _ module: String, _ expected: String
    ) throws {
        let graph = PickleGraph(GlobalName(module: module, name: "C"), protocol: from)
        var target = PickleGraph()
        target.protocolVersion = to
        let copy = try target.copy([graph.root], from: graph)[0]
        #expect(target.global(copy) == GlobalName(module: expected, name: "C"))
    }

    @Test(arguments: [(2, "__builtin__"), (3, "builtins")])
    func `a class inside another one is asked for where names have no dots`(
        _ version: Int, _ module: String
    ) throws {
        let graph = PickleGraph(GlobalName(module: "m", name: "A.B"), protocol: 4)
        var target = PickleGraph()
        target.protocolVersion = version
        let copy = try target.copy([graph.root], from: graph)[0]
        let call = try #require(target.call(copy))
        #expect(target.global(call.callable) == GlobalName(module: module, name: "getattr"))
        let arguments = Array(try #require(target.items(call.arguments)))
        #expect(target.global(arguments[0]) == GlobalName(module: "m", name: "A"))
        #expect(target.string(arguments[1]) == "B")
        target.protocolVersion = 5
        let path = try target.copy([graph.root], from: graph)[0]
        #expect(target.global(path) == GlobalName(module: "m", name: "A.B"))
    }

    // With work in proportion to the graph for each of them, this takes minutes.
    @Test func `20,000 elements are copied one by one out of a graph of 1,000,000 objects`() throws
    {
        var graph = PickleGraph()
        let elements = (0..<500_000).map { graph.addList([graph.addFloat(Double($0))]) }
        graph.root = graph.addList(elements)
        #expect(graph.count > 1_000_000)
        var target = PickleGraph()
        let seconds = try threadSeconds {
            for element in elements.prefix(20_000) { _ = try target.copy([element], from: graph) }
        }
        #expect(seconds < 20)
        #expect(target.count == PickleGraph().count + 40_000)
    }
}
