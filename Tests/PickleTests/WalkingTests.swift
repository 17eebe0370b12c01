import Testing

@testable import Pickle

@Suite struct WalkingTests {
    @Test func `objects come in the order of writing, each once`() throws {
        // {a: f(b) with an item, an entry and a state, c: the object outside that is d}, and a again
        let graph = try graph(
            "}(Va\np0\ncm\nf\n(Vb\ntRVi\naVk\nVv\nsVs\nbVc\nVd\nQg0\ng0\nu.")
        let texts = graph.reachable().compactMap(graph.string)
        #expect(texts == ["a", "b", "i", "k", "v", "s", "c", "d"])
        #expect(graph.kind(of: graph.reachable()[0]) == .dictionary)
    }

    @Test func `what was dropped is not reached`() throws {
        let graph = try graph("Va\n0Vb\n.")
        #expect(graph.reachable() == [graph.root])
    }

    @Test func `a walk can begin anywhere`() throws {
        let graph = try graph("(Va\nVb\n\u{85}l.")
        let pair = try #require(graph.items(graph.root)?.last)
        #expect(graph.reachable(from: pair).compactMap(graph.string) == ["b"])
        #expect(!graph.reachable(from: pair).contains(graph.root))
    }

    @Test func `what is left of a tuple that leads back to itself comes where it is met again`()
        throws
    {
        // ([t, 'late'], 'early'), where t is the tuple itself: Python finishes t inside the list.
        let graph = try graph("]p0\nVearly\n\u{86}p1\n0g0\n(g1\nVlate\ne0g1\n.")
        #expect(graph.reachable().compactMap(graph.string) == ["early", "late"])
    }

    @Test func `a walk from several objects adds what each of them reaches`() throws {
        let graph = try graph("(Va\np0\nVb\ng0\n\u{86}Vc\ng0\n\u{86}l.")
        let items = Array(try #require(graph.items(graph.root)))
        let texts = graph.reachable(from: [items[2], items[1]]).compactMap(graph.string)
        #expect(texts == ["c", "a", "b"])
        #expect(graph.reachable(from: []).isEmpty)
    }

    // From elsewhere than the root, the walk begins with a dictionary and turns to an array.
    @Test func `a walk finds the same however much of the graph it reaches`() throws {
        let count = 2000
        let pairs = (0..<count).map { "Vt\($0)\np\($0)\ng\(($0 / 2))\n\u{86}" }.joined()
        let graph = try graph("((\(pairs)l(\(pairs)ll.")
        let lists = Array(try #require(graph.items(graph.root)))
        var order = [graph.root]
        var known = Set(order)
        for id in lists.flatMap({ graph.reachable(from: $0) }) where known.insert(id).inserted {
            order.append(id)
        }
        #expect(graph.reachable() == order)
        #expect(graph.reachable(from: graph.root) == order)
        #expect(graph.reachable(from: lists[0]).count == 1 + 2 * count)
    }
}
