import ByteIO
import Testing

@testable import Pickle

struct MemoTests {
    @Test func `slots can be filled in any order`() throws {
        let graph = try graph("K\u{2}q\u{2}K\u{0}q\u{0}K\u{1}q\u{1}000(h\u{0}h\u{1}h\u{2}t.")
        #expect(graph.items(graph.root)?.map { graph.integer($0) } == [0, 1, 2])
    }

    @Test func `a slot that is filled again holds the later object`() throws {
        for slot in ["\u{0}", "\u{9}"] {
            let graph = try graph("K\u{1}q\(slot)K\u{2}q\(slot)00h\(slot).")
            #expect(graph.integer(graph.root) == 2)
        }
    }

    @Test func `the largest slot costs no more than the smallest`() throws {
        let graph = try graph("K\u{7}r\u{FF}\u{FF}\u{FF}\u{FF}0j\u{FF}\u{FF}\u{FF}\u{FF}.")
        #expect(graph.integer(graph.root) == 7)
    }

    @Test func `slots as text are the slots of the binary opcodes`() throws {
        #expect(try graph("K\u{7}p3\n0h\u{3}.").count == 260)
        #expect(try graph("K\u{7}q\u{3}0g3\n.").count == 260)
        #expect(try graph("K\u{7}p9223372036854775807\n0g9223372036854775807\n.").count == 260)
    }

    @Test(arguments: ["", "-1", "x", "1x", " 1", "+1", "01", "9223372036854775808"])
    func `what is no slot number is refused`(_ text: String) {
        for opcode in ["p", "g"] {
            let error = failure(bytes("N\(opcode)\(text)\n."))
            #expect(error?.code == .malformedPickle)
            #expect(error?.offset == 1)
        }
    }

    @Test func `MEMOIZE counts filled slots, as in CPython`() throws {
        // Slots 0 and 5 are filled, so MEMOIZE takes slot 2, and 3 after it.
        let graph = try graph("K\u{A}\u{94}K\u{B}q\u{5}K\u{C}\u{94}K\u{D}\u{94}0000(h\u{2}h\u{3}t.")
        #expect(graph.items(graph.root)?.map { graph.integer($0) } == [12, 13])
    }

    @Test func `MEMOIZE counts a slot that is filled twice once`() throws {
        let graph = try graph("K\u{A}q\u{0}q\u{0}K\u{B}q\u{7}q\u{7}K\u{C}\u{94}000h\u{2}.")
        #expect(graph.integer(graph.root) == 12)
    }

    @Test func `MEMOIZE can meet a slot that PUT has filled, as in CPython`() throws {
        // Slot 1 is filled first; MEMOIZE then takes slot 1 again, and the count stays 1.
        let graph = try graph("K\u{A}q\u{1}K\u{B}\u{94}K\u{C}\u{94}000h\u{1}.")
        #expect(graph.integer(graph.root) == 12)
    }

    @Test(arguments: [
        "h\u{0}.", "Nq\u{0}h\u{1}.", "Nq\u{5}0h\u{0}.", "Nr\u{0}\u{0}\u{1}\u{0}h\u{0}.",
    ])
    func `an empty slot is refused`(_ pickle: String) {
        #expect(failure(bytes(pickle))?.code == .unknownMemoSlot)
    }

    @Test func `PUT needs an object above the mark`() {
        for pickle in ["q\u{0}.", "N(q\u{0}.", "(p0\n.", "N(\u{94}."] {
            #expect(failure(bytes(pickle))?.code == .stackUnderflow)
        }
    }
}
