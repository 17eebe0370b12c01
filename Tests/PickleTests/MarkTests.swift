import ByteIO
import Testing

@testable import Pickle

struct MarkTests {
    // Instructions that take one object from the top, each after a mark that hides the object.
    @Test(arguments: [
        "]N(a.", "N(2.", "N(\u{85}.", "NN(\u{86}.", "N(N\u{86}.", "NNN(\u{87}.", "NN(N\u{87}.",
        "cm\nf\n)(R.", "cm\nf\n()R.", "cm\nf\n(\u{81}.", "cm\nf\n)R(Nb.", "N(Q.", "}NN(s.",
        "}N(Ns.",
        "}(NNs.", "](Na.", "cm\nf\n)(}\u{92}.", "\u{8C}\u{1}m\u{8C}\u{1}f(\u{93}.",
        "\u{8C}\u{1}m(\u{8C}\u{1}f\u{93}.", "N(.",
    ])
    func `nothing reaches below a mark`(_ pickle: String) {
        let code = failure(bytes(pickle))?.code
        #expect(code == .stackUnderflow || (pickle == "N(." && code == .malformedPickle))
    }

    @Test(arguments: ["t", "l", "d", "e", "u", "1", "\u{90}", "\u{91}", "o", "im\nf\n"])
    func `what goes back to a mark needs one`(_ instruction: String) {
        for before in ["", "]", "]N", "(0N"] {
            let error = failure(bytes(before + instruction + "."))
            #expect(error?.code == .missingMark)
            #expect(error?.offset == before.utf8.count)
        }
    }

    @Test(arguments: ["(Ne.", "(NNu.", "(N\u{90}.", "N((Ne.", "N((NNu.", "](((Nee."])
    func `a batch needs a container under its mark and above the next`(_ pickle: String) {
        #expect(failure(bytes(pickle))?.code == .stackUnderflow)
    }

    @Test func `marks nest`() throws {
        let graph = try graph("((K\u{1}t(K\u{2}K\u{3}lt.")
        let items = Array(try #require(graph.items(graph.root)))
        #expect(graph.items(items[0])?.map { graph.integer($0) } == [1])
        #expect(graph.items(items[1])?.map { graph.integer($0) } == [2, 3])
    }

    @Test func `POP takes a mark that nothing lies above`() throws {
        #expect(try graph("(0N.").root == .none)
        #expect(try graph("K\u{1}(0\u{85}.").count == 261)
        #expect(failure(bytes("(0t."))?.code == .missingMark)
    }

    @Test func `an empty batch changes nothing`() throws {
        let list = try graph("](e.")
        #expect(list.items(list.root)?.count == 0)
        let dictionary = try graph("}(u.")
        #expect(dictionary.entries(dictionary.root)?.count == 0)
        let set = try graph("\u{8F}(\u{90}.")
        #expect(set.items(set.root)?.count == 0)
    }

    @Test func `empty containers by mark are new objects, but for the tuple`() throws {
        #expect(try graph("(t.").root == .emptyTuple)
        for pickle in ["(l.", "(d.", "(\u{91}."] {
            let graph = try graph(pickle)
            #expect(graph.count == 261)
        }
    }

    @Test(arguments: ["(Nd.", "}(Nu.", "}(NNNu.", "cm\nf\n)R(Nu."])
    func `a key without a value is refused`(_ pickle: String) {
        #expect(failure(bytes(pickle))?.code == .malformedPickle)
    }

    // Instruction, then what it can be used on; everything else is refused.
    @Test(arguments: [
        ("Na", ["]", "cm\nf\n)R"]), ("(Ne", ["]", "cm\nf\n)R"]), ("NNs", ["}", "cm\nf\n)R"]),
        ("(NNu", ["}", "cm\nf\n)R"]), ("(N\u{90}", ["\u{8F}"]), ("Nb", ["cm\nf\n)R"]),
        (")R", ["cm\nf\n", "cm\nf\n)R", "\u{82}\u{1}", "NQ"]),
        (")\u{81}", ["cm\nf\n", "cm\nf\n)R", "\u{82}\u{1}", "NQ"]),
        (")}\u{92}", ["cm\nf\n", "cm\nf\n)R", "\u{82}\u{1}", "NQ"]),
    ])
    func `an instruction is used on its own kinds only`(
        _ instruction: String, _ accepted: [String]
    ) throws {
        let kinds = [
            "N", "\u{88}", "K\u{1}", "F1\n", "\u{8C}\u{1}a", "U\u{1}a", "C\u{1}a", ")", "N\u{85}",
            "]", "}",
            "\u{8F}", "(\u{91}", "cm\nf\n", "cm\nf\n)R", "\u{82}\u{1}", "NQ",
            "\u{96}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        ]
        for kind in kinds {
            let code = failure(bytes(kind + instruction + "."))?.code
            #expect(code == (accepted.contains(kind) ? nil : .unexpectedObject), "\(kind)")
        }
    }

    @Test(arguments: ["cm\nf\nNR.", "cm\nf\n]R.", "cm\nf\nK\u{1}\u{81}.", "cm\nf\n)N\u{92}."])
    func `arguments are a tuple, and keyword arguments a dictionary`(_ pickle: String) {
        #expect(failure(bytes(pickle))?.code == .unexpectedObject)
    }

    @Test func `an object can stand for arguments, as a named tuple does`() throws {
        let graph = try graph("cm\nf\ncm\ng\n)RR.")
        #expect(graph.call(graph.root).map { graph.kind(of: $0.arguments) } == .object)
    }
}
