@testable import Pickle

/// A pickle of random objects that hold each other, cycles included.
struct RandomPickle<Generator: RandomNumberGenerator> {
    /// A memo slot and what kind of object is in it.
    private struct Slot {
        let number: Int
        let kind: PickleKind
    }

    private var generator: Generator
    private var slots: [Slot] = []
    private let version: UInt8
    private(set) var bytes: [UInt8]

    /// A pickle of `count` steps, of protocol 2 or 4.
    init(_ count: Int, protocol version: UInt8, using generator: Generator) {
        self.generator = generator
        self.version = version
        bytes = [Opcode.proto.rawValue, version]
        make(.text, "X\u{1}\u{0}\u{0}\u{0}a")
        for _ in 0..<count { step() }
        write("(")
        for slot in slots.shuffled(using: &self.generator) { get(slot) }
        write(Bool.random(using: &self.generator) ? "t." : "l.")
    }

    private mutating func step() {
        switch Int.random(in: version > 2 ? 0..<24 : 0..<17, using: &generator) {
        case 0: make(.list, "]")
        case 1: make(.dictionary, "}")
        case 2: make(.text, "X\u{2}\u{0}\u{0}\u{0}ab")
        case 3: make(.bigInteger, "\u{8A}\u{9}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{1}")
        case 4: make(.global, "cm\nA.B\n")
        case 5: makeWithItems(.tuple, "t")
        case 6: makeWithItems(.tuple, "t")
        case 7: makeCall("R")
        case 8: makeCall("\u{81}")
        case 9: makePersistent()
        case 10, 11: add(to: .list, "e")
        case 12: add(to: .dictionary, "u")
        case 13: add(to: .object, "e")
        case 14: add(to: .object, "u")
        case 15: build()
        case 16: add(to: .list, "e", of: [.tuple, .object])
        case 17: make(.bytes, "C\u{2}\u{80}b")
        case 18: make(.byteArray, "\u{96}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}c")
        case 19: make(.set, "\u{8F}")
        // A set that holds itself through tuples only can't be written, so sets hold other things.
        case 20: add(to: .set, "\u{90}", of: [.list, .text, .dictionary])
        case 21: makeWithItems(.frozenSet, "\u{91}")
        default: makeCallWithKeywords()
        }
    }

    private mutating func make(_ kind: PickleKind, _ program: String) {
        write(program)
        keep(kind)
    }

    private mutating func keep(_ kind: PickleKind) {
        write("r")
        bytes += little(UInt32(slots.count))
        write("0")
        slots.append(Slot(number: slots.count, kind: kind))
    }

    private mutating func makeWithItems(_ kind: PickleKind, _ closing: String) {
        write("(")
        getSome()
        write(closing)
        keep(kind)
    }

    private mutating func makeCall(_ opcode: String) {
        write("cm\nf\n(")
        getSome()
        write("t" + opcode)
        keep(.object)
    }

    private mutating func makeCallWithKeywords() {
        write("cm\nC\n(")
        getSome()
        write("t}")
        write("X\u{1}\u{0}\u{0}\u{0}k")
        getSome(1...1)
        write("s\u{92}")
        keep(.object)
    }

    private mutating func makePersistent() {
        let name = Array("p\(slots.count)".utf8)
        write("X")
        bytes += little(UInt32(name.count)) + name
        if Bool.random(using: &generator) { write("\u{85}") }
        write("Q")
        keep(.persistent)
    }

    private mutating func add(
        to kind: PickleKind, _ closing: String, of kinds: [PickleKind]? = nil
    ) {
        guard let target = slots.filter({ $0.kind == kind }).randomElement(using: &generator) else {
            return
        }
        get(target)
        write("(")
        getSome(2...2, of: kinds)
        write(closing + "0")
    }

    private mutating func build() {
        guard let target = slots.filter({ $0.kind == .object }).randomElement(using: &generator)
        else { return }
        get(target)
        getSome(1...1)
        write("b0")
    }

    private mutating func getSome(
        _ range: ClosedRange<Int> = 0...4, of kinds: [PickleKind]? = nil
    ) {
        let candidates = slots.filter { kinds?.contains($0.kind) ?? true }
        for _ in 0..<Int.random(in: range, using: &generator) {
            // What was made lately more often, so that graphs become deep.
            let recent = candidates.suffix(Bool.random(using: &generator) ? 4 : candidates.count)
            get(recent.randomElement(using: &generator) ?? slots[0])
        }
    }

    private mutating func get(_ slot: Slot) {
        write("j")
        bytes += little(UInt32(slot.number))
    }

    private mutating func write(_ program: String) {
        bytes += PickleTests.bytes(program)
    }
}
