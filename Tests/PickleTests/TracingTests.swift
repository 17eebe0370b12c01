import ByteIO
import Testing

@testable import Pickle

/// A pickle and what a trace says of it.
private struct TracingCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let pickle: String
    let names: [String]
    let uses: [PickleTrace.Uses]
    var oddities: Set<PickleTrace.Oddity> = []

    init(
        _ name: String, _ pickle: String, _ names: [String], _ uses: [PickleTrace.Uses],
        _ oddities: Set<PickleTrace.Oddity> = []
    ) {
        (testDescription, self.pickle, self.names) = (name, pickle, names)
        (self.uses, self.oddities) = (uses, oddities)
    }

    static let all = [
        TracingCase("a name alone", "cos\nsystem\n.", ["os.system"], [[]]),
        TracingCase("REDUCE", "cos\nsystem\n(Vid\ntR.", ["os.system"], [.called]),
        TracingCase("INST", "(Vid\nios\nsystem\n.", ["os.system"], [.called]),
        TracingCase("OBJ", "(cos\nsystem\nVid\no.", ["os.system"], [.called]),
        TracingCase("NEWOBJ", "cm\nA\n)\u{81}.", ["m.A"], [.called]),
        TracingCase("NEWOBJ_EX", "cm\nA\n)}\u{92}.", ["m.A"], [.called]),
        TracingCase("BUILD", "cm\nA\n)\u{81}}b.", ["m.A"], [[.called, .built]]),
        TracingCase("BUILD of a class itself", "cm\nA\n}b.", ["m.A"], [.built]),
        TracingCase(
            "STACK_GLOBAL", "\u{8C}\u{2}os\u{8C}\u{6}system\u{93}.", ["os.system"], [[]]),
        TracingCase(
            "names out of the memo",
            "\u{8C}\u{2}os\u{94}0\u{8C}\u{6}systemh\u{0}\u{8C}\u{1}x\u{93}.",
            ["os.x"], [[]]),
        TracingCase("an escaped name", "V\\u006fs\nVx\n\u{93}.", ["os.x"], [[]]),
        TracingCase("a quoted name", "S'\\x6fs' \nS\"x\"\n\u{93}.", ["os.x"], [[]]),
        TracingCase(
            "a slot that Python's int takes", "cm\nf\np 1_0 \n0g+10\n)R.", ["m.f"], [.called]),
        TracingCase(
            "a name that is the result of a call", "cm\nf\n)RVx\n\u{93}.", ["m.f"], [.called],
            [.computedName]),
        TracingCase("a call of a result", "cm\nf\n)R)R.", ["m.f"], [.called], [.computedCall]),
        TracingCase(
            "a number of the registry", "\u{82}\u{1})R.", [], [], [.extensionCode, .computedCall]),
        TracingCase("a call whose result is dropped", "Ncm\nf\n)R0.", ["m.f"], [.called]),
        TracingCase(
            "a class of a persistent id", "(Vmodule\ncm\nA\nVa\nVb\ntQ)\u{81}.", ["m.A"], [.called]),
        TracingCase("a slot that is empty", "h\u{5}0cm\nf\n)R.", ["m.f"], [.called], [.fault]),
        TracingCase("nothing on the stack", "0cm\nf\n)R.", ["m.f"], [.called], [.fault]),
        TracingCase("objects are left at STOP", "NNcm\nf\n.", ["m.f"], [[]]),
        TracingCase(
            "getattr of a class", "cbuiltins\ngetattr\n(cm\nA\nVB\ntR.",
            ["builtins.getattr", "m.A", "m.A.B"], [.called, [], []]),
        TracingCase(
            "getattr of what getattr gave is called",
            "cbuiltins\ngetattr\n(cbuiltins\ngetattr\n(cm\nA\nVos\ntRVsystem\ntR)R.",
            ["builtins.getattr", "m.A", "m.A.os", "m.A.os.system"], [.called, [], [], .called]),
        TracingCase(
            "an instruction crosses a frame",
            "\u{95}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}K\u{1}0cm\nf\n.",
            ["m.f"], [[]], [.frameCrossing]),
        TracingCase(
            "a name crosses a frame", "\u{95}\u{3}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}cm\nf\n.",
            ["m.f"], [[]], [.frameCrossing, .computedName]),
    ]
}

@Suite struct TracingTests {
    @Test(arguments: TracingCase.all)
    private func `a trace says what Python would do with each name`(_ row: TracingCase) throws {
        let trace = PickleTrace(of: try ByteRegion(copying: bytes(row.pickle)))
        #expect(trace.error == nil)
        #expect(trace.end == bytes(row.pickle).count)
        #expect(trace.mentions.map(\.name.description) == row.names)
        #expect(trace.mentions.map(\.uses) == row.uses)
        #expect(Set(trace.oddities.keys) == row.oddities)
    }

    @Test func `getattr is resolved if every use has a literal name`() throws {
        let literal = bytes("cbuiltins\ngetattr\n(cm\nA\nVB\ntR.")
        #expect(try PickleTrace(of: ByteRegion(copying: literal)).mentions[0].isResolved)
        let passedOn = bytes("cbuiltins\ngetattr\nq\u{0}(cm\nA\nVB\ntRh\u{0}\u{86}.")
        #expect(try !PickleTrace(of: ByteRegion(copying: passedOn)).mentions[0].isResolved)
        let computed = bytes("cbuiltins\ngetattr\n(cm\nA\ncm\nf\n)RtR.")
        #expect(try !PickleTrace(of: ByteRegion(copying: computed)).mentions[0].isResolved)
    }

    @Test(arguments: ["\u{FF}", "X\u{FF}\u{FF}\u{FF}\u{FF}", ""])
    func `what stands before a mistake is told`(_ end: String) throws {
        let pickle = bytes("cm\nf\n)R" + end)
        let trace = PickleTrace(of: try ByteRegion(copying: pickle))
        #expect(trace.error != nil)
        #expect(trace.mentions.map(\.uses) == [.called])
        #expect(trace.hasCalls)
    }

    @Test func `what stands behind STOP is left to the caller`() throws {
        let trace = PickleTrace(of: try ByteRegion(copying: bytes("N.cm\nf\n)R.")))
        #expect(trace.end == 2)
        #expect(trace.mentions.isEmpty)
    }

    @Test func `texts that begin like a file are told, whatever their form`() throws {
        let inner = "\u{80}\u{2}N."
        let forms = [
            "B\u{4}\u{0}\u{0}\u{0}\(inner).", "C\u{4}\(inner).",
            "X\u{5}\u{0}\u{0}\u{0}\u{C2}\(inner).", "V\\u0080\u{2}N.\n.", "S'\\x80\\x02N.'\n.",
        ]
        for form in forms {
            let pickle = try ByteRegion(copying: bytes(form))
            let trace = PickleTrace(of: pickle)
            try #require(trace.literals.count == 1, "\(form)")
            #expect(trace.literals[0].contents(in: pickle)?.copyBytes() == bytes(inner))
        }
        #expect(PickleTrace(of: try ByteRegion(copying: bytes("C\u{4}none."))).literals.isEmpty)
    }

    @Test func `a long chain of getattr does not make long names`() throws {
        var pickle = "cm\nA\nq\u{0}0"
        for _ in 0..<20_000 {
            pickle += "cbuiltins\ngetattr\nh\u{0}Vabcdefgh\n\u{86}Rq\u{0}0"
        }
        let trace = PickleTrace(of: try ByteRegion(copying: bytes(pickle + "N.")))
        #expect(trace.mentions.allSatisfy { $0.name.name.utf8.count <= 256 })
    }

    @Test(arguments: [
        ("NNNN.", "stackObjects"), ("((((.", "marks"), ("Nq\u{0}q\u{1}q\u{2}q\u{3}.", "memoSlots"),
        ("X\u{0}\u{0}\u{0}\u{0}0X\u{0}\u{0}\u{0}\u{0}0NN\u{86}0NN\u{86}0.", "nodes"),
    ])
    func `a trace ends at a limit`(_ pickle: String, _ limit: String) throws {
        let region = try ByteRegion(copying: bytes(pickle))
        #expect(PickleTrace(of: region).error == nil)
        let limits = PickleLimits(nodes: 3, memoSlots: 3, stackObjects: 3, marks: 3)
        let error = try #require(PickleTrace(of: region, limits: limits).error)
        #expect(error.code == .limitExceeded)
        #expect(error.advice?.contains("PickleLimits.\(limit)") == true, "\(error)")
        #expect(error.offset != nil)
    }

    @Test func `marks over a high stack cost no more than the marks`() throws {
        let pickle =
            String(repeating: "N", count: 300_000) + String(repeating: "(l0", count: 300_000)
        let trace = PickleTrace(of: try ByteRegion(copying: bytes(pickle + ".")))
        #expect(trace.error == nil && trace.oddities.isEmpty)
    }

    @Test func `the same texts make names for a while only`() throws {
        let texts = (0..<100).map {
            "X\u{E8}\u{3}\u{0}\u{0}" + String(repeating: "a", count: 997) + "\($0 + 100)q"
                + "\(Unicode.Scalar(UInt8($0)))0"
        }
        let pairs = (0..<10_000).map {
            "h\(Unicode.Scalar(UInt8($0 % 100)))h\(Unicode.Scalar(UInt8($0 / 100)))\u{93}0"
        }
        let pickle = try ByteRegion(copying: bytes((texts + pairs).joined() + "N."))
        let error = try #require(PickleTrace(of: pickle).error)
        #expect(error.code == .limitExceeded)
    }

    @Test func `a memo bomb takes no more than its bytes`() throws {
        var pickle = "]q\u{0}"
        for slot in 1..<200 {
            pickle += "(" + String(repeating: "h\(Unicode.Scalar(UInt8(slot - 1)))", count: 100)
            pickle += "tq\(Unicode.Scalar(UInt8(slot)))"
        }
        let trace = PickleTrace(of: try ByteRegion(copying: bytes(pickle + ".")))
        #expect(trace.error == nil)
        #expect(trace.mentions.isEmpty)
    }
}
