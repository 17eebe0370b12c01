import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Edits at places of every kind, without Python.
@Suite struct EditingTests {
    @Test func `entries are set where they are and added at the end`() throws {
        var checkpoint = try Checkpoint(["a": 1, "b": 2])
        try checkpoint.set("x", at: ["a"])
        try checkpoint.set(true, at: ["c"])
        try checkpoint.insert(1.5, at: ["d"])
        #expect(checkpoint.root.pythonRepr() == "{'a': 'x', 'b': 2, 'c': True, 'd': 1.5}")
    }

    @Test func `elements of lists are set, inserted, appended and removed`() throws {
        var checkpoint = try Checkpoint(["list": [1, 2, 3]])
        try checkpoint.set("x", at: ["list", 1])
        try checkpoint.insert("first", at: ["list", 0])
        try checkpoint.insert("last", at: ["list", 4])
        try checkpoint.append("end", to: ["list"])
        let removed = try checkpoint.remove(at: ["list", 1])
        #expect(removed.int == 1)
        #expect(checkpoint["list"]?.pythonRepr() == "['first', 'x', 3, 'last', 'end']")
    }

    @Test func `the root can be replaced`() throws {
        var checkpoint = try Checkpoint([1])
        try checkpoint.append(2, to: [])
        #expect(checkpoint.root.pythonRepr() == "[1, 2]")
        try checkpoint.set(["a": 1], at: [])
        checkpoint["b"] = 2
        checkpoint[["c"]] = 3
        #expect(checkpoint.root.pythonRepr() == "{'a': 1, 'b': 2, 'c': 3}")
    }

    @Test func `a tuple is replaced up the path and stays in other places`() throws {
        let inner = try CheckpointValue.tuple([1, 2])
        let outer = try CheckpointValue.tuple([inner, "x"])
        var checkpoint = try Checkpoint(["a": outer])
        checkpoint["b"] = checkpoint["a"]
        try checkpoint.set("new", at: ["a", 0, 1])
        try checkpoint.append(3, to: ["a", 0])
        try checkpoint.insert(0, at: ["a", 0, 0])
        try checkpoint.remove(at: ["a", 1])
        #expect(checkpoint["a"]?.pythonRepr() == "((0, 1, 'new', 3),)")
        #expect(checkpoint["b"]?.pythonRepr() == "((1, 2), 'x')")
    }

    @Test func `a list in a tuple is changed itself, and the tuple stays`() throws {
        var checkpoint = try Checkpoint(["a": .tuple([[1]])])
        let id = checkpoint["a"]?.id
        try checkpoint.set(2, at: ["a", 0, 0])
        #expect(checkpoint["a"]?.pythonRepr() == "([2],)")
        #expect(checkpoint["a"]?.id == id)
    }

    @Test func `a tuple can be the root`() throws {
        var checkpoint = try Checkpoint(.tuple([1, .tuple([2])]))
        checkpoint[0] = "x"
        try checkpoint.append(3, to: [1])
        #expect(checkpoint.root.pythonRepr() == "('x', (2, 3))")
    }

    @Test func `nil removes, and removing what is not there is nothing`() throws {
        var checkpoint = try Checkpoint(["a": 1, "b": [1, 2], "c": .tuple([1, 2])])
        checkpoint["a"] = nil
        checkpoint["missing"] = nil
        checkpoint[["missing", "too"]] = nil
        checkpoint[["b", 0]] = nil
        checkpoint[["c", 1]] = nil
        #expect(checkpoint.root.pythonRepr() == "{'b': [2], 'c': (1,)}")
        _ = try checkpoint.serialized()
        // None is a value, not nothing.
        checkpoint["b"] = CheckpointValue.pythonNone
        #expect(checkpoint["b"]?.isNone == true)
    }

    @Test func `a renamed entry keeps its place`() throws {
        var checkpoint = try Checkpoint(["a": 1, "b": 2, "c": ["x": 1, "y": 2]])
        try checkpoint.renameKey(at: ["a"], to: "first")
        try checkpoint.renameKey(at: ["c", "x"], to: 7)
        try checkpoint.renameKey(at: ["b"], to: "b")
        #expect(checkpoint.root.pythonRepr() == "{'first': 1, 'b': 2, 'c': {7: 1, 'y': 2}}")
    }

    @Test func `keys of any kind can be named`() throws {
        let entries: [(CheckpointValue, CheckpointValue)] = try [
            (0, "int"), ("0", "text"), (.tuple([1, "a"]), "tuple"), (.pythonNone, "none"),
            (1.5, "float"), (true, "bool"), (-7, "negative"),
        ]
        var checkpoint = try Checkpoint(.dictionary(pairs: entries))
        try checkpoint.set(1, at: [0])
        try checkpoint.set(2, at: ["0"])
        try checkpoint.set(3, at: [.other("(1, 'a')")])
        try checkpoint.remove(at: [.other("None")])
        try checkpoint.renameKey(at: [.other("1.5")], to: "renamed")
        try checkpoint.set(4, at: [.other("True")])
        checkpoint[-7] = nil
        #expect(
            checkpoint.root.pythonRepr()
                == "{0: 1, '0': 2, (1, 'a'): 3, 'renamed': 'float', True: 4}")
    }

    @Test func `of equal keys all are meant`() throws {
        // {'a': 1, 'a': 2, 'b': 3} as no Python writes it.
        let pickle = "\u{80}\u{2}}(X\u{1}\0\0\0aK\u{1}X\u{1}\0\0\0aK\u{2}X\u{1}\0\0\0bK\u{3}u."
        let original = try Checkpoint(bytes: pickle.latin1)
        #expect(original["a"]?.int == 2)
        var checkpoint = original
        checkpoint["a"] = 5
        #expect(checkpoint["a"]?.int == 5)
        try checkpoint.renameKey(at: ["a"], to: "c")
        #expect(checkpoint["a"] == nil)
        #expect(checkpoint["c"]?.int == 5)
        checkpoint["c"] = nil
        #expect(checkpoint.root.pythonRepr() == "{'b': 3}")
    }

    @Test func `names in other Unicode forms are other names`() throws {
        var checkpoint = try Checkpoint(["\u{E9}": 1])
        checkpoint["e\u{301}"] = 2
        #expect(checkpoint.root.count == 2)
        try checkpoint.renameKey(at: ["\u{E9}"], to: "e")
        #expect(checkpoint["e\u{301}"]?.int == 2)
    }

    @Test func `entries that an old protocol gave to the constructor are edited, too`() throws {
        let pickle = "ccollections\nOrderedDict\n((l(lS'a'\naI1\naa(lS'b'\naI2\naatR."
        var checkpoint = try Checkpoint(bytes: pickle.latin1)
        #expect(checkpoint["b"]?.int == 2)
        checkpoint["a"] = nil
        checkpoint["c"] = 3
        try checkpoint.renameKey(at: ["b"], to: "z")
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(again.root.dictionary?.keys.map(\.description) == ["z", "c"])
        #expect(again["z"]?.int == 2)
        #expect("\(again.root.typeName)" == "collections.OrderedDict")
    }

    @Test func `fields of objects are set, added and removed`() throws {
        let state = "}(X\u{4}\0\0\0nameK\u{1}X\u{5}\0\0\0otherK\u{2}ub"
        var checkpoint = try Checkpoint(bytes: "\u{80}\u{2}cmodule\nThing\n)\u{81}\(state).".latin1)
        try checkpoint.set("x", at: ["name"])
        try checkpoint.insert([1], at: ["added"])
        try checkpoint.remove(at: ["other"])
        try checkpoint.append(2, to: ["added"])
        let bytes = try checkpoint.serialized(options: SaveOptions(globals: .inert))
        let fields = try Checkpoint(bytes: bytes).root.fields
        #expect(fields.mapValues { $0.pythonRepr() } == ["name": "'x'", "added": "[1, 2]"])
    }

    @Test func `metadata of a state dict stays`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/training_state_dict.pth").checkpoint()
        let metadata = checkpoint.root.fields["_metadata"]?.pythonRepr()
        #expect(metadata != nil)
        let name = try #require(checkpoint.stateDict().names.first)
        try checkpoint.renameKey(at: [.string(name)], to: "renamed")
        checkpoint["note"] = "resumed"
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(again.root.fields["_metadata"]?.pythonRepr() == metadata)
        #expect(again.root.dictionary?.keys.first == "renamed")
    }

    @Test func `Python's singletons are one object wherever they come from`() throws {
        var checkpoint = try Checkpoint(["a": .pythonNone, "b": true, "c": .tuple([]), "d": 7])
        checkpoint["e"] = [.pythonNone, true, false, 7, try .tuple([])]
        for (key, place) in [("a", 0), ("b", 1), ("d", 3), ("c", 4)] {
            #expect(checkpoint[key]?.id == checkpoint["e"]?[place]?.id, "\(key)")
        }
        #expect(checkpoint["e"]?[2]?.bool == false)
    }

    @Test func `ten thousand edits take no more for each than a few`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/training_checkpoint_adam.pth").checkpoint()
        var objects = checkpoint.graph.count
        let first = try threadSeconds { try edit(&checkpoint, 1000) }
        let growth = checkpoint.graph.count - objects
        objects = checkpoint.graph.count
        let rest = try threadSeconds { try edit(&checkpoint, 9000) }
        #expect(checkpoint.graph.count - objects <= 10 * growth + 2000)
        #expect(rest < first * 30 + 1)
        #expect(checkpoint["epoch"]?.int == 8999)
    }

    private func edit(_ checkpoint: inout Checkpoint, _ count: Int) throws {
        for number in 0..<count {
            checkpoint["epoch"] = CheckpointValue(number)
            try checkpoint.set(CheckpointValue("text \(number)"), at: ["note"])
        }
    }
}

extension String {
    /// The bytes of a text whose characters stand for one each.
    var latin1: [UInt8] { unicodeScalars.map { UInt8($0.value) } }
}
