import TestSupport
import Testing
import TorchCheckpoint

/// Edits that can't be done: what they say, and that they change nothing.
@Suite struct EditingErrorTests {
    static let original: Result<Checkpoint, any Error> = Result {
        try Checkpoint([
            "a": 1, "list": [1, 2], "tuple": .tuple([1, [2]]), "dict": ["x": 1, "y": 2],
            "set": .set([1]), "frozen": .frozenSet([.tuple([1])]), "size": .size([2, 3]),
        ])
    }

    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let code: CheckpointError.Code
        let path: CheckpointPath?
        let edit: @Sendable (inout Checkpoint) throws -> Void

        init(
            _ description: String, _ code: CheckpointError.Code, _ path: CheckpointPath?,
            _ edit: @escaping @Sendable (inout Checkpoint) throws -> Void
        ) {
            (self.description, self.code, self.path, self.edit) = (description, code, path, edit)
        }
    }

    static let cases = [
        Case("a path that leads nowhere", .keyNotFound, ["no", "x"]) {
            try $0.set(1, at: ["no", "x"])
        },
        Case("a place behind a list", .keyNotFound, ["list", 2]) {
            try $0.set(1, at: ["list", 2])
        },
        Case("a negative place", .keyNotFound, ["list", -1]) { try $0.set(1, at: ["list", -1]) },
        Case("a name in a list", .keyNotFound, ["list", "x"]) { try $0.set(1, at: ["list", "x"]) },
        Case("a place behind the end", .keyNotFound, ["list", 3]) {
            try $0.insert(1, at: ["list", 3])
        },
        Case("a place behind a tuple", .keyNotFound, ["tuple", 2]) {
            try $0.set(1, at: ["tuple", 2])
        },
        Case("inside a number", .typeMismatch, ["a", "x"]) { try $0.set(1, at: ["a", "x"]) },
        Case("inside a set", .typeMismatch, ["set", 0]) { try $0.set(1, at: ["set", 0]) },
        Case("a tuple in a frozenset", .typeMismatch, ["frozen", 0, 0]) {
            try $0.set(1, at: ["frozen", 0, 0])
        },
        Case("inside a size", .typeMismatch, ["size", 0]) { try $0.set(1, at: ["size", 0]) },
        Case("an entry that is there", .duplicateName, ["dict", "x"]) {
            try $0.insert(1, at: ["dict", "x"])
        },
        Case("a key that can't be made", .typeMismatch, ["dict", .other("(1, 2)")]) {
            try $0.set(1, at: ["dict", .other("(1, 2)")])
        },
        Case("inserting the root", .typeMismatch, nil) { try $0.insert(1, at: []) },
        Case("removing the root", .typeMismatch, nil) { try $0.remove(at: []) },
        Case("renaming the root", .typeMismatch, nil) { try $0.renameKey(at: [], to: "x") },
        Case("removing nothing", .keyNotFound, nil) { try $0.remove(at: ["dict", "z"]) },
        Case("removing out of a set", .typeMismatch, ["set", 0]) { try $0.remove(at: ["set", 0]) },
        Case("renaming nothing", .keyNotFound, nil) { try $0.renameKey(at: ["z"], to: "x") },
        Case("renaming an element", .typeMismatch, ["list", 0]) {
            try $0.renameKey(at: ["list", 0], to: "x")
        },
        Case("a name that is taken", .duplicateName, ["dict", "x"]) {
            try $0.renameKey(at: ["dict", "x"], to: "y")
        },
        Case("a name that can't be made", .typeMismatch, nil) {
            try $0.renameKey(at: ["dict", "x"], to: .other("None"))
        },
        Case("appending to a dictionary", .typeMismatch, ["dict"]) {
            try $0.append(1, to: ["dict"])
        },
        Case("appending to nothing", .keyNotFound, nil) { try $0.append(1, to: ["z"]) },
        Case("appending to a size", .typeMismatch, ["size", 2]) { try $0.append(1, to: ["size"]) },
        Case("extracting nothing", .keyNotFound, nil) { $0 = try $0.extracting(at: ["z"]) },
        Case("two entries of one name", .duplicateName, ["dict"]) {
            try $0.renameKeys { $0 == "x" || $0 == "y" ? "z" : "new.\($0)" }
        },
        Case("a dtype without fractions", .dtypeMismatch, nil) {
            try $0.castFloatingPoint(to: .int32)
        },
        Case("a dtype of two halves", .dtypeMismatch, nil) {
            try $0.castFloatingPoint(to: .float4E2M1FNx2)
        },
    ]

    @Test(arguments: cases)
    func `an edit that can't be done says why and changes nothing`(_ row: Case) throws {
        let original = try Self.original.get()
        var checkpoint = original
        let error = #expect(throws: CheckpointError.self) { try row.edit(&checkpoint) }
        #expect(error?.code == row.code, "\(error.map(String.init(describing:)) ?? "")")
        if let path = row.path { #expect(error?.keyPath == path.description) }
        #expect(error?.advice != nil)
        let options = SaveOptions(globals: .inert)
        #expect(
            try checkpoint.serialized(options: options) == original.serialized(options: options))
        #expect(checkpoint.root.pythonRepr() == original.root.pythonRepr())
    }

    @Test func `a failed edit of a file leaves it to be copied`() throws {
        let fixture = try Fixture.named("torch-2.13.0/container_deflated.pth")
        var checkpoint = try fixture.checkpoint()
        #expect(throws: CheckpointError.self) { try checkpoint.set(1, at: ["no", "x"]) }
        #expect(throws: CheckpointError.self) { try checkpoint.remove(at: ["no"]) }
        #expect(try checkpoint.serialized() == fixture.bytes())
    }

    @Test func `what a subscript could not set is said by every save, not before`() throws {
        var checkpoint = try Checkpoint(["a": 1])
        checkpoint[["a", "x"]] = 1
        checkpoint[5] = 7
        checkpoint["b"] = 2
        #expect(checkpoint["b"]?.int == 2)
        var copy = checkpoint
        copy["c"] = 3
        for failed in [checkpoint, copy, try copy.extracting(at: ["b"])] {
            let error = #expect(throws: CheckpointError.self) { try failed.serialized() }
            // The first that failed.
            #expect(error?.code == .typeMismatch)
            #expect(error?.keyPath == "['a']['x']")
        }
    }

    @Test func `a value that a subscript could not set is nothing in another checkpoint`() throws {
        var checkpoint = try Checkpoint(["a": 1])
        checkpoint[["a", "x"]] = 1
        #expect(throws: CheckpointError.typeMismatchCode) { try Checkpoint(checkpoint.root) }
    }

    /// An object of a class that is not known, made of (5, 6), with the field `name`.
    private static let object =
        "\u{80}\u{2}cmodule\nThing\nK\u{5}K\u{6}\u{86}\u{81}"
        + "}(X\u{4}\0\0\0nameK\u{1}ub."

    @Test(
        arguments: [["<args>", 0], ["<args>"], ["<state>"], [0], [.other("None")]]
            as [[CheckpointKey]])
    func `a step that is no field of an object adds none`(_ keys: [CheckpointKey]) throws {
        let original = try Checkpoint(bytes: Self.object.latin1)
        var checkpoint = original
        try? checkpoint.set(9, at: CheckpointPath(keys))
        let again = try Checkpoint(
            bytes: checkpoint.serialized(options: SaveOptions(globals: .inert)))
        #expect(again.root.fields.keys == ["name"])
        let text = again.root.pythonRepr()
        #expect(["module.Thing(5, 6, name=1)", "module.Thing(9, 6, name=1)"].contains(text))
        #expect(throws: CheckpointError.self) { try checkpoint.set(9, at: [0]) }
    }

    @Test func `what a predicate throws ends the edit, which has changed nothing`() throws {
        struct Stop: Error {}
        var checkpoint = try Self.original.get()
        let text = checkpoint.root.pythonRepr()
        var count = 0
        let stop = { () throws -> Bool in
            count += 1
            if count % 5 == 0 { throw Stop() }
            return true
        }
        #expect(throws: Stop.self) { try checkpoint.removeAll { _ in try stop() } }
        #expect(throws: Stop.self) { try checkpoint.renameKeys { try stop() ? "n\($0)" : nil } }
        #expect(checkpoint.root.pythonRepr() == text)
    }
}

extension CheckpointError {
    fileprivate static let typeMismatchCode = CheckpointError(.typeMismatch, "")
}
