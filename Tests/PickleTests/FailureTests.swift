import ByteIO
import Testing

@testable import Pickle

/// A pickle that is refused, with what is said of it.
private let refused: [(String, CheckpointError.Code, Int)] = [
    ("", .truncated, 0), ("N", .truncated, 1), ("\u{80}", .truncated, 1),
    ("\u{80}\u{2}", .truncated, 2),
    ("NN.", .malformedPickle, 2), ("N(.", .malformedPickle, 2), (".", .stackUnderflow, 0),
    ("N..", .malformedPickle, 2), ("N.N", .malformedPickle, 2),
    ("\u{80}\u{6}N.", .unsupportedOpcode, 0), ("N\u{80}\u{FF}.", .unsupportedOpcode, 1),
    ("N\u{FF}.", .unknownOpcode, 1), ("NN\u{97}.", .unsupportedOpcode, 2),
    ("N\u{98}.", .unsupportedOpcode, 1), ("NK", .truncated, 2), ("NJ\u{1}\u{2}", .truncated, 2),
    ("NX\u{5}\u{0}\u{0}\u{0}abcd", .truncated, 6), ("NI12", .truncated, 2),
    ("cm\nf", .truncated, 3),
    ("]K\u{1}N\u{93}.", .unexpectedObject, 4), ("\u{8C}\u{1}mK\u{1}\u{93}.", .unexpectedObject, 5),
    ("\u{8C}\u{3}\u{ED}\u{A0}\u{80}\u{8C}\u{1}f\u{93}.", .unexpectedObject, 8),
    ("N0a.", .stackUnderflow, 2), ("Nt.", .missingMark, 1), ("N0h\u{0}.", .unknownMemoSlot, 2),
    ("N\u{82}\u{0}.", .malformedPickle, 1),
    ("N\u{84}\u{FF}\u{FF}\u{FF}\u{FF}.", .malformedPickle, 1),
    ("c\u{FF}\nf\n.", .malformedPickle, 0), ("(i\u{FF}\nf\n.", .malformedPickle, 1),
    ("P\u{FF}\n.", .malformedPickle, 0),
]

struct FailureTests {
    @Test(arguments: refused)
    func `a refusal has its code and the byte offset`(
        _ pickle: String, _ code: CheckpointError.Code, _ offset: Int
    ) throws {
        let error = try #require(failure(bytes(pickle)))
        #expect(error.code == code)
        #expect(error.offset == offset)
        #expect(!error.reason.isEmpty && !error.reason.hasSuffix("."))
    }

    @Test func `bytes behind STOP are refused unless they are asked for`() throws {
        let region = try ByteRegion(copying: bytes("K\u{7}.rest"))
        #expect(throws: CheckpointError(.malformedPickle, "")) {
            try PickleGraph(parsing: region)
        }
        let graph = try PickleGraph(parsing: region, allowsTrailingBytes: true)
        #expect(graph.byteCount == 3)
        #expect(graph.integer(graph.root) == 7)
    }

    @Test func `the protocol is the one that the pickle says last, or 0`() throws {
        #expect(try graph("N.").protocolVersion == 0)
        for version in 0...5 {
            let text = "\u{80}" + String(UnicodeScalar(UInt8(version))) + "N."
            #expect(try graph(text).protocolVersion == version)
        }
        #expect(try graph("\u{80}\u{2}\u{80}\u{4}N.").protocolVersion == 4)
    }

    @Test func `objects say where they were made`() throws {
        let graph = try graph("\u{80}\u{2}](K\u{1}M\u{0}\u{1}e.")
        #expect(graph.offset(of: graph.root) == 2)
        let items = try #require(graph.items(graph.root)).map { graph.offset(of: $0) }
        #expect(items == [0, 6])
    }
}

private func frame(_ count: UInt64, _ text: String) -> [UInt8] {
    [0x80, 4, 0x95] + little(count) + bytes(text)
}

struct FrameTests {
    @Test(arguments: [
        frame(2, "N."), frame(1, "N."), frame(0, "N."), frame(2, "K\u{1}."),
        frame(1, "N") + frame(2, "0N").dropFirst(2) + bytes("."),
        frame(0, "") + frame(2, "N.").dropFirst(2),
    ])
    func `frames that end between instructions are read`(_ pickle: [UInt8]) {
        #expect(failure(pickle) == nil)
    }

    @Test(arguments: [
        frame(1, "K\u{1}."), frame(3, "\u{8C}\u{5}abcde."),
        frame(10, "\u{95}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}N."),
        frame(2, "NI1\n0."),
    ])
    func `no instruction crosses the end of its frame`(_ pickle: [UInt8]) {
        let error = failure(pickle)
        #expect(error?.code == .malformedPickle)
        #expect(error?.reason.contains("frame") == true)
    }

    @Test(arguments: [3, 1 << 31, 1 << 62, 1 << 63, UInt64.max])
    func `a frame ends inside the pickle`(_ count: UInt64) {
        let error = failure(frame(count, "N."))
        #expect(error?.code == .truncated)
        #expect(error?.offset == 2)
    }
}
