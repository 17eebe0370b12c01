import ByteIO
import Testing

@testable import Pickle

/// What is written in an unusual way, and what can't be written.
@Suite struct EmissionRefusalTests {
    private func emitted(_ pickle: String) throws -> String {
        let bytes = try graph(pickle).pickled().dropFirst(2)
        return String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
    }

    private func failure(_ pickle: String) throws -> CheckpointError? {
        let graph = try graph(pickle)
        let error = #expect(throws: CheckpointError.self) { try graph.pickled() }
        #expect(error?.advice != nil)
        return error
    }

    @Test func `old instances are made as Python 3 makes them`() throws {
        // Without arguments it calls `__new__` only, with arguments the class.
        #expect(try emitted("(im\nC\n}b.") == "cm\nC\nq\u{0})\u{81}q\u{1}}q\u{2}b.")
        #expect(try emitted("(cm\nC\no.") == "cm\nC\nq\u{0})\u{81}q\u{1}.")
        #expect(try emitted("(Nim\nC\n.") == "cm\nC\nq\u{0}N\u{85}q\u{1}Rq\u{2}.")
        #expect(try emitted("(cm\nC\nNo.") == "cm\nC\nq\u{0}N\u{85}q\u{1}Rq\u{2}.")
    }

    @Test func `strings of Python 2 stay strings of Python 2`() throws {
        #expect(try emitted("S'a'\n.") == "U\u{1}aq\u{0}.")
        let long = String(repeating: "a", count: 256)
        #expect(try emitted("S'\(long)'\n.") == "T\u{0}\u{1}\u{0}\u{0}\(long)q\u{0}.")
    }

    @Test func `a persistent id that is a line of text becomes a text`() throws {
        #expect(try emitted("Pa\n.") == "X\u{1}\u{0}\u{0}\u{0}aq\u{0}Q.")
    }

    @Test func `an object outside the pickle is asked for again wherever it is mentioned`() throws {
        #expect(try emitted("(K\u{1}Q2l.") == "]q\u{0}(K\u{1}QK\u{1}Qe.")
    }

    @Test func `numbers of the extension registry have no slots`() throws {
        #expect(try emitted("(\u{82}\u{1}2l.") == "]q\u{0}(\u{82}\u{1}\u{82}\u{1}e.")
        #expect(try emitted("\u{84}\u{0}\u{1}\u{0}\u{0}.") == "\u{83}\u{0}\u{1}.")
        #expect(
            try emitted("\u{84}\u{0}\u{0}\u{1}\u{0}.") == "\u{84}\u{0}\u{0}\u{1}\u{0}.")
    }

    @Test func `states given twice and a callable that is an object are written in order`() throws {
        #expect(
            try emitted("cm\nf\n)R)R}b]b.")
                == "cm\nf\nq\u{0})Rq\u{1})Rq\u{2}}q\u{3}b]q\u{4}b.")
        #expect(try emitted("K\u{1}Q)R.") == "K\u{1}Q)Rq\u{0}.")
    }

    @Test func `items come before entries and entries before states`() throws {
        #expect(
            try emitted("cm\nf\n)R}bNNsNa.") == "cm\nf\nq\u{0})Rq\u{1}NaNNs}q\u{2}b.")
    }

    @Test func `a redundant sign of an integer is left out`() throws {
        let digits = "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{80}"
        #expect(try emitted("\u{8A}\u{B}\(digits)\u{0}\u{0}\u{0}.") == "\u{8A}\u{9}\(digits)\u{0}.")
    }

    @Test func `names of a pickle of protocol 2 and older are kept`() throws {
        #expect(try emitted("\u{80}\u{2}cbuiltins\nset\n.") == "cbuiltins\nset\nq\u{0}.")
        #expect(try emitted("\u{80}\u{2}cm\na.b\n.") == "cm\na.b\nq\u{0}.")
        #expect(try emitted("\u{80}\u{3}cbuiltins\nset\n.") == "c__builtin__\nset\nq\u{0}.")
        #expect(try emitted("\u{80}\u{3}cm\na.b\n.") == "cm\na.b\nq\u{0}.")
    }

    @Test func `a name that the graph has and one that is added share a slot`() throws {
        let names = try graph("\u{80}\u{4}\u{8C}\u{8}builtins\u{8C}\u{3}set\u{93}\u{8F}\u{86}.")
            .emitted().globalNames
        #expect(names == [GlobalName(module: "__builtin__", name: "set")])
    }

    @Test func `opcodes beyond weights_only are reported once, in file order`() throws {
        let long = String(repeating: "a", count: 256)
        let emitted = try graph("(\u{82}\u{1}\u{82}\u{2}T\u{0}\u{1}\u{0}\u{0}\(long)l.").emitted()
        #expect(emitted.beyondWeightsOnly == [.ext1, .binstring])
    }

    @Test func `objects that lead back to themselves are dropped and fetched`() throws {
        // ([t],) and ([t], 1, 2, 3), where t is the tuple itself.
        let short = try graph("]p0\n\u{85}p1\n0g0\ng1\na0g1\n.").emitted()
        #expect(short.beyondWeightsOnly == [.pop])
        let long = try graph("]p0\n0(g0\nNNNtp1\n0g0\ng1\na0g1\n.").emitted()
        #expect(long.beyondWeightsOnly == [.popMark])
    }

    @Test(arguments: ["a\u{A}b", "", "\u{A}"])
    func `a name that is no line of text can't be written`(_ name: String) throws {
        let count = UnicodeScalar(UInt8(name.utf8.count))
        let pickle = "\u{80}\u{4}\u{8C}\u{1}m\u{8C}\(count)\(name)\u{93}."
        #expect(try failure(pickle)?.code == .unexpectedObject)
    }

    @Test func `a name in another class may be any text`() throws {
        let pickle = "\u{80}\u{4}\u{8C}\u{1}m\u{8C}\u{4}a.\u{A}b\u{93}."
        #expect(try emitted(pickle).hasPrefix("c__builtin__\ngetattr\nq\u{0}cm\na\nq\u{1}X"))
    }

    @Test func `a persistent id that is a persistent object can't be written`() throws {
        #expect(try failure("NQQ.")?.code == .unexpectedObject)
    }

    @Test func `keyword arguments need a tuple of the others`() throws {
        #expect(try failure("\u{80}\u{4}cm\nC\ncm\nf\n)R}\u{92}.")?.code == .unexpectedObject)
    }

    @Test func `more bytes than a pickle can have are refused`() throws {
        let graph = try graph("(\(String(repeating: "N", count: 100))l.")
        for limit in [104, 107] {
            var emitter = GraphEmitter(graph, byteLimit: limit)
            let error = #expect(throws: CheckpointError.self) { try emitter.emit() }
            #expect(error?.code == .limitExceeded && error?.advice != nil)
        }
        var emitter = GraphEmitter(graph, byteLimit: 108)
        #expect(try emitter.emit().bytes.count == 108)
    }
}
