import ByteIO
import Testing

@testable import Pickle

struct IdentityTests {
    @Test func `what is read from the memo is the same object`() throws {
        let graph = try graph("]q\u{0}h\u{0}\u{86}.")
        let items = try #require(graph.items(graph.root))
        #expect(Array(items) == [items[items.startIndex], items[items.startIndex]])
        #expect(graph.kind(of: items[items.startIndex]) == .list)
    }

    @Test func `what is added to an object shows at all its places`() throws {
        let graph = try graph("]q\u{0}h\u{0}K\u{1}a\u{86}.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(items[0] == items[1])
        #expect(graph.items(items[0]).map(Array.init)?.map { graph.integer($0) } == [1])
    }

    @Test func `equal lists made twice are two objects`() throws {
        let graph = try graph("]]\u{86}.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(items[0] != items[1])
    }

    @Test func `equal texts made twice are two objects`() throws {
        let graph = try graph("\u{8C}\u{1}a\u{8C}\u{1}a\u{86}.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(items[0] != items[1])
        #expect(graph.string(items[0]) == graph.string(items[1]))
    }

    @Test func `none, booleans, the empty tuple and small integers are shared`() throws {
        let graph = try graph("(NN\u{88}\u{88}\u{89}\u{89}))K\u{7}I7\nt.")
        let items = Array(try #require(graph.items(graph.root)))
        for index in stride(from: 0, to: items.count, by: 2) {
            #expect(items[index] == items[index + 1])
        }
        #expect(items[0] == .none)
        #expect(graph.count == 260 + 1)
    }

    @Test func `a class is one object however it is named`() throws {
        let graph = try graph("(cm\nf\ncm\nf\n\u{8C}\u{1}m\u{8C}\u{1}f\u{93}cm\ng\nt.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(items[0] == items[1])
        #expect(items[0] == items[2])
        #expect(items[0] != items[3])
        #expect(graph.globalNames.map(\.description) == ["m.f", "m.g"])
    }

    @Test func `a module and a name that join to the same text are different classes`() throws {
        let graph = try graph("ca.b\nc\nca\nb.c\n\u{86}.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(items[0] != items[1])
    }

    @Test func `a list can hold itself`() throws {
        let graph = try graph("]q\u{0}h\u{0}a.")
        #expect(graph.items(graph.root).map(Array.init) == [graph.root])
    }

    @Test func `a tuple can hold a list that holds the tuple`() throws {
        // What Python writes for t = ([],); t[0].append(t).
        let graph = try graph("]q\u{0}h\u{0}\u{85}q\u{1}a0h\u{1}.")
        let list = try #require(graph.items(graph.root)?.first)
        #expect(graph.items(list).map(Array.init) == [graph.root])
    }

    @Test func `an object can be its own state`() throws {
        let graph = try graph("cm\nf\n)Rq\u{0}h\u{0}b.")
        #expect(graph.object(graph.root)?.states == [graph.root])
    }

    @Test func `a dictionary keeps keys that come twice, in file order`() throws {
        let graph = try graph("}(K\u{1}K\u{2}K\u{1}K\u{3}u.")
        let entries = try #require(graph.entries(graph.root))
        #expect(entries.map { graph.integer($0) } == [1, 2, 1, 3])
    }

    @Test func `an object's items, entries and states are kept apart`() throws {
        let graph = try graph("cm\nf\n)RK\u{1}a(K\u{2}eK\u{3}K\u{4}sK\u{5}bK\u{6}b.")
        let object = try #require(graph.object(graph.root))
        #expect(object.items.map { graph.integer($0) } == [1, 2])
        #expect(object.entries.map { graph.integer($0) } == [3, 4])
        #expect(object.states.map { graph.integer($0) } == [5, 6])
        #expect(object.keywordArguments == nil)
    }

    @Test(arguments: [
        ("cm\nf\n)R.", ReducedObject.Construction.reduce), ("cm\nf\n)\u{81}.", .newObject),
        ("cm\nf\n)}\u{92}.", .newObjectEx), ("(im\nf\n.", .instance), ("(cm\nf\no.", .instance),
    ])
    func `an object says how it would be made`(
        _ pickle: String, _ construction: ReducedObject.Construction
    ) throws {
        let graph = try graph(pickle)
        let object = try #require(graph.object(graph.root))
        #expect(object.construction == construction)
        #expect(graph.global(object.callable) == GlobalName(module: "m", name: "f"))
        #expect(graph.items(object.arguments)?.count == 0)
        #expect((object.keywordArguments != nil) == (construction == .newObjectEx))
    }

    @Test func `persistent objects are numbered in the order of their loading`() throws {
        let graph = try graph("(K\u{1}QK\u{1}QP7\nt.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(graph.persistentLoads == items)
        #expect(items.map { graph.persistentOrdinal($0) } == [0, 1, 2])
        #expect(graph.persistentID(items[0]).flatMap { graph.integer($0) } == 1)
        #expect(graph.persistentID(items[2]).flatMap { graph.string($0) } == "7")
    }

    @Test func `accessors of another kind give nil`() throws {
        let graph = try graph("N.")
        let id = graph.root
        #expect(graph.bool(id) == nil && graph.integer(id) == nil && graph.bigInteger(id) == nil)
        #expect(graph.float(id) == nil && graph.text(id) == nil && graph.string(id) == nil)
        #expect(graph.bytes(id) == nil && graph.items(id) == nil && graph.entries(id) == nil)
        #expect(graph.global(id) == nil && graph.object(id) == nil && graph.call(id) == nil)
        #expect(graph.persistentID(id) == nil && graph.extensionCode(id) == nil)
        #expect(graph.globalIndex(id) == nil && graph.persistentOrdinal(id) == nil)
    }
}
