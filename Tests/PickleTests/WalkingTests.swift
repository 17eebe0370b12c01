import Testing

@testable import Pickle

@Suite struct WalkingTests {
    @Test func `objects come in the order of writing, each once`() throws {
        // {a: f(b) with an item, an entry and a state, c: the object outside that is d}, and a again
        let graph = try graph(
            "}(Va\np0\ncm\nf\n(Vb\ntRVi\naVk\nVv\nsVs\nbVc\nVd\nQg0\ng0\nu.")
        let texts = graph.reachable().order.compactMap(graph.string)
        #expect(texts == ["a", "b", "i", "k", "v", "s", "c", "d"])
        #expect(graph.kind(of: graph.reachable().order[0]) == .dictionary)
    }

    @Test func `what was dropped is not reached`() throws {
        let graph = try graph("Va\n0Vb\n.")
        let reached = graph.reachable()
        #expect(reached.order == [graph.root])
        #expect(reached.contains(graph.root))
        #expect(!reached.contains(NodeID(index: graph.root.index - 1)))
    }

    @Test func `a walk can begin anywhere`() throws {
        let graph = try graph("(Va\nVb\n\u{85}l.")
        let pair = try #require(graph.items(graph.root)?.last)
        #expect(graph.reachable(from: pair).order.compactMap(graph.string) == ["b"])
        #expect(!graph.reachable(from: pair).contains(graph.root))
    }

    @Test func `what is left of a tuple that leads back to itself comes where it is met again`()
        throws
    {
        // ([t, 'late'], 'early'), where t is the tuple itself: Python finishes t inside the list.
        let graph = try graph("]p0\nVearly\n\u{86}p1\n0g0\n(g1\nVlate\ne0g1\n.")
        #expect(graph.reachable().order.compactMap(graph.string) == ["early", "late"])
    }
}
