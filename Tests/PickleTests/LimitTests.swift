import ByteIO
import TestSupport
import Testing

@testable import Pickle

/// The limits of `PickleLimits`: what is exactly at one is read, and one more is refused where it is.
struct LimitTests {
    /// Checks that a pickle is read, and that another one is refused with the place, both numbers and
    /// the name of the limit.
    private func check(
        _ name: String, _ accepted: [UInt8], _ refused: [UInt8], _ limits: PickleLimits,
        found: Int, limit: Int, offset: Int
    ) {
        #expect(failure(accepted, limits: limits) == nil)
        let error = failure(refused, limits: limits)
        #expect(error?.code == .limitExceeded)
        #expect(error?.offset == offset)
        let reason = error?.reason ?? ""
        #expect(reason.contains(" \(found) ") && reason.hasSuffix(" \(limit)"), "\(reason)")
        #expect(error?.advice?.contains("PickleLimits.\(name)") == true)
        // The same is read when the limit is raised.
        #expect(failure(refused)?.code != .limitExceeded)
    }

    @Test func `instructions`() {
        let limits = PickleLimits(instructions: 4)
        check(
            "instructions", bytes("NN0."), bytes("NN00."), limits, found: 5, limit: 4, offset: 4)
        #expect(failure(bytes("."), limits: PickleLimits(instructions: -1))?.offset == 0)
    }

    @Test(arguments: [1, 2, 3, 10, 100, 1000, 3000])
    func `instructions of any length are counted as they are`(_ count: Int) {
        let items: [[UInt8]] = [bytes("N"), bytes("J") + little(UInt32(7)), textOfTen]
        var pickle = bytes("(")
        for index in 0..<count { pickle += items[index % 3] }
        pickle += bytes("t.")
        #expect(failure(pickle, limits: PickleLimits(instructions: count + 3)) == nil)
        let error = failure(pickle, limits: PickleLimits(instructions: count + 2))
        #expect(error?.code == .limitExceeded)
        #expect(error?.offset == pickle.count - 1)
    }

    @Test func `instructions in frames are counted, too`() {
        var pickle = bytes("\u{80}\u{4}\u{95}") + little(UInt64(12))
        pickle += bytes("]))))))))))0")
        pickle += bytes("0000000000.")
        // PROTO, FRAME, 12 in the frame, 10 and STOP.
        #expect(failure(pickle, limits: PickleLimits(instructions: 25))?.code != .limitExceeded)
        #expect(failure(pickle, limits: PickleLimits(instructions: 24))?.code == .limitExceeded)
    }

    private var textOfTen: [UInt8] { bytes("X") + little(UInt32(10)) + bytes("0123456789") }

    @Test func `memo slots`() {
        let limits = PickleLimits(memoSlots: 2)
        check(
            "memoSlots", bytes("Nq\u{0}q\u{1}."), bytes("Nq\u{0}q\u{1}q\u{2}."), limits, found: 3,
            limit: 2, offset: 5)
        let slots = [7, 0xFFFF_FFFF, 9].map { bytes("r") + little(UInt32($0)) }
        check(
            "memoSlots", bytes("N") + slots[0] + slots[1] + bytes("."),
            bytes("N") + slots.joined() + bytes("."), limits, found: 3, limit: 2, offset: 11)
        #expect(failure(bytes("N\u{94}."), limits: PickleLimits(memoSlots: -1))?.offset == 1)
    }

    @Test func `slots that are filled again count once, in whichever order they come`() {
        let limits = PickleLimits(memoSlots: 3)
        for slots in [[0, 1, 2, 0, 1, 2], [2, 1, 0, 2, 1, 0], [0, 2, 1, 2, 0, 1], [1, 0, 2, 1]] {
            let puts = slots.flatMap { bytes("q") + [UInt8($0)] }
            #expect(failure(bytes("N") + puts + bytes("."), limits: limits) == nil, "\(slots)")
            let more = puts + bytes("q\u{3}")
            let error = failure(bytes("N") + more + bytes("."), limits: limits)
            #expect(error?.code == .limitExceeded, "\(slots)")
        }
    }

    @Test func `slots out of turn are found again`() throws {
        // 2, 0, 1 and 2 again: the array must not take over what the dictionary has.
        let graph = try graph(
            "Nq\u{2}0K\u{1}q\u{0}0K\u{2}q\u{1}0K\u{3}q\u{2}0h\u{2}h\u{1}h\u{0}\u{87}.")
        let items = try #require(graph.items(graph.root))
        #expect(items.map { graph.integer($0) } == [3, 2, 1])
    }

    @Test(arguments: [1, 255, 256, 257, 1000])
    func `objects on the stack`(_ count: Int) {
        let none = [UInt8](repeating: 0x4E, count: count)
        let drops = [UInt8](repeating: 0x30, count: count - 1)
        check(
            "stackObjects", none + drops + bytes("."), none + bytes("N0") + drops + bytes("."),
            PickleLimits(stackObjects: count), found: count + 1, limit: count, offset: count)
    }

    @Test func `no object fits a stack for none`() {
        for limit in [0, -1] {
            let error = failure(bytes("N."), limits: PickleLimits(stackObjects: limit))
            #expect(error?.code == .limitExceeded && error?.offset == 0)
        }
    }

    @Test func `marks`() {
        check(
            "marks", bytes("((tt."), bytes("(((ttt."), PickleLimits(marks: 2), found: 3, limit: 2,
            offset: 2)
        // What is closed does not count.
        #expect(failure(bytes("(t0(t0(t."), limits: PickleLimits(marks: 1)) == nil)
    }

    @Test func `bytes of a text`() {
        let limits = PickleLimits(textBytes: 3)
        for opcode in ["\u{8C}", "C", "U"] {
            check(
                "textBytes", bytes(opcode + "\u{3}abc."), bytes(opcode + "\u{4}abcd."), limits,
                found: 4, limit: 3, offset: 0)
        }
        for opcode in ["X", "B", "T"] {
            let texts = ["abc", "abcd"].map {
                bytes(opcode) + little(UInt32($0.count)) + bytes($0 + ".")
            }
            check("textBytes", texts[0], texts[1], limits, found: 4, limit: 3, offset: 0)
        }
        for opcode in ["\u{8D}", "\u{8E}", "\u{96}"] {
            let texts = ["abc", "abcd"].map {
                bytes(opcode) + little(UInt64($0.count)) + bytes($0 + ".")
            }
            check("textBytes", texts[0], texts[1], limits, found: 4, limit: 3, offset: 0)
        }
        check(
            "textBytes", bytes("Vabc\n."), bytes("Vabcd\n."), limits, found: 4, limit: 3, offset: 0)
        check(
            "textBytes", bytes("S'a'\n."), bytes("S'ab'\n."), limits, found: 4, limit: 3, offset: 0)
        check(
            "textBytes", bytes("Pabc\n."), bytes("Pabcd\n."), limits, found: 4, limit: 3, offset: 0)
    }

    @Test func `bytes of a binary integer`() {
        let limits = PickleLimits(integerBytes: 9)
        let integers = [9, 10].map { [UInt8($0)] + [UInt8](repeating: 1, count: $0) + bytes(".") }
        check(
            "integerBytes", bytes("\u{8A}") + integers[0], bytes("\u{8A}") + integers[1], limits,
            found: 10, limit: 9, offset: 0)
        let long = [9, 10].map {
            bytes("\u{8B}") + little(UInt32($0)) + [UInt8](repeating: 1, count: $0) + bytes(".")
        }
        check("integerBytes", long[0], long[1], limits, found: 10, limit: 9, offset: 0)
    }

    @Test func `an integer of a mebibyte is read, and one more byte is refused`() {
        let integers = [1 << 20, 1 << 20 + 1].map {
            bytes("\u{8B}") + little(UInt32($0)) + [UInt8](repeating: 1, count: $0) + bytes(".")
        }
        #expect(failure(integers[0]) == nil)
        #expect(failure(integers[1])?.code == .limitExceeded)
    }

    @Test func `limits that are refused by name say which`() {
        let digits = failure(bytes("L12345L\n."), limits: PickleLimits(integerDigits: 4))
        #expect(digits?.advice?.contains("PickleLimits.integerDigits") == true)
        let name = failure(bytes("cabcde\nf\n."), limits: PickleLimits(nameBytes: 4))
        #expect(name?.advice?.contains("PickleLimits.nameBytes") == true)
        let nodes = failure(bytes("]."), limits: PickleLimits(nodes: 0))
        #expect(nodes?.advice?.contains("PickleLimits.nodes") == true)
        let pickle = failure(bytes("]."), limits: PickleLimits(bytes: 0))
        #expect(pickle?.advice?.contains("PickleLimits.bytes") == true)
    }
}
