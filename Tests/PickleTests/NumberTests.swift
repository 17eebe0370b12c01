import BigInt
import ByteIO
import Testing

@testable import Pickle

struct NumberTests {
    @Test(arguments: [
        ("K\u{0}", 0), ("K\u{FF}", 255), ("M\u{0}\u{0}", 0), ("M\u{FF}\u{0}", 255),
        ("M\u{0}\u{1}", 256), ("M\u{FF}\u{FF}", 65535), ("J\u{0}\u{0}\u{0}\u{0}", 0),
        ("J\u{FF}\u{FF}\u{FF}\u{7F}", 2_147_483_647), ("J\u{0}\u{0}\u{0}\u{80}", -2_147_483_648),
        ("J\u{FF}\u{FF}\u{FF}\u{FF}", -1),
    ])
    func `binary integers have their width and sign`(_ pickle: String, _ value: Int) throws {
        let graph = try graph(pickle + ".")
        #expect(graph.integer(graph.root) == value)
    }

    @Test(
        arguments: [
            ([], 0), ([0], 0), ([1], 1), ([0x7F], 127), ([0x80], -128), ([0xFF], -1),
            ([0xFF, 0], 255),
            ([0, 0x80], -32768), ([0xFF, 0xFF], -1),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], Int.max),
            ([0, 0, 0, 0, 0, 0, 0, 0x80], Int.min),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -1),
            ([0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF], Int.min),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0], Int.max),
            ([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 5),
            ([UInt8](repeating: 0xFF, count: 17), -1), ([UInt8](repeating: 0, count: 255), 0),
        ] as [([UInt8], Int)])
    func `long integers of 64 bits are plain integers`(_ digits: [UInt8], _ value: Int) throws {
        let short = bytes("\u{8A}") + [UInt8(digits.count)] + digits + bytes(".")
        let long = bytes("\u{8B}") + little(UInt32(digits.count)) + digits + bytes(".")
        for pickle in [short, long] {
            let graph = try PickleGraph(parsing: pickle)
            #expect(graph.kind(of: graph.root) == .integer)
            #expect(graph.integer(graph.root) == value)
            #expect(graph.bigInteger(graph.root) == BigInt(value))
        }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0, 0x80, 0], BigInt(1) << 63),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], (BigInt(1) << 64) - 1),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF], -(BigInt(1) << 63) - 1),
            ([0, 0, 0, 0, 0, 0, 0, 0, 1], BigInt(1) << 64),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0xFF], -(BigInt(1) << 64)),
            ([UInt8](repeating: 0, count: 15) + [0x80], -(BigInt(1) << 127)),
            ([UInt8](repeating: 0xFF, count: 15) + [0x7F], (BigInt(1) << 127) - 1),
            ([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], BigInt(1) << 64),
            ([UInt8](repeating: 0, count: 300) + [1], BigInt(1) << 2400),
        ] as [([UInt8], BigInt)])
    func `long integers beyond 64 bits are exact`(_ digits: [UInt8], _ value: BigInt) throws {
        let pickle = bytes("\u{8B}") + little(UInt32(digits.count)) + digits + bytes(".")
        let graph = try PickleGraph(parsing: pickle)
        #expect(graph.kind(of: graph.root) == .bigInteger)
        #expect(graph.integer(graph.root) == nil)
        #expect(graph.bigInteger(graph.root) == value)
    }

    @Test func `a length that the file can't have costs nothing and is refused`() {
        for length: UInt32 in [2, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
            let error = failure(bytes("N\u{8B}") + little(length) + [1])
            #expect(error?.code == .truncated)
            #expect(error?.offset == 6)
        }
        for length: UInt64 in [2, 1 << 62, 1 << 63, .max] {
            for opcode: UInt8 in [0x8D, 0x8E, 0x96] {
                let error = failure([opcode] + little(length) + [1])
                #expect(error?.code == .truncated)
                #expect(error?.offset == 9)
            }
        }
    }

    @Test(arguments: [
        ("0", 0), ("1", 1), ("-1", -1), ("255", 255), ("256", 256),
        ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min),
    ])
    func `integers as text are read`(_ text: String, _ value: Int) throws {
        for pickle in ["I\(text)\n.", "L\(text)L\n.", "L\(text)\n."] {
            let graph = try graph(pickle)
            #expect(graph.integer(graph.root) == value)
        }
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "-18446744073709551616", "340282366920938463463374607431768211456",
        "-170141183460469231731687303715884105728", "123456789012345678901234567890",
    ])
    func `integers as text beyond 64 bits are exact`(_ text: String) throws {
        for pickle in ["I\(text)\n.", "L\(text)L\n."] {
            let graph = try graph(pickle)
            #expect(graph.kind(of: graph.root) == .bigInteger)
            #expect(graph.bigInteger(graph.root) == BigInt(text))
        }
    }

    @Test func `integers as text keep the shortest two's complement form`() throws {
        for shift in 60...200 {
            for value in [BigInt(1) << shift, -(BigInt(1) << shift), (BigInt(1) << shift) - 1] {
                let graph = try graph("L\(value)L\n.")
                #expect(graph.bigInteger(graph.root) == value)
                guard graph.kind(of: graph.root) == .bigInteger else { continue }
                let count = graph.withBytes(of: graph.root) { $0.byteCount }
                let bits = value < 0 ? (-value - 1).bitWidth : value.bitWidth
                #expect(count == (bits + 7) / 8 || count == bits / 8 + 1)
            }
        }
    }

    // CPython's two unpicklers differ on most of these.
    @Test(arguments: [
        "", "-", "+1", " 1", "1 ", "010", "-01", "-0", "0x10", "1_0", "1.0", "a", "L", "--1", "000",
        "1\r",
        "١",
    ])
    func `integers that Python does not write are refused`(_ text: String) {
        for opcode in ["I", "L"] {
            let error = failure(bytes("N") + Array("\(opcode)\(text)\n.".utf8))
            #expect(error?.code == .malformedPickle, "\(opcode)\(text)")
            #expect(error?.offset == 1)
        }
    }

    @Test func `only INT has booleans, and only LONG an L`() throws {
        #expect(try graph("I00\n.").root == .false)
        #expect(try graph("I01\n.").root == .true)
        #expect(try graph("I1\n.").root != .true)
        for pickle in ["L00\n.", "L01L\n.", "I1L\n.", "L1LL\n.", "L1l\n."] {
            #expect(failure(bytes(pickle))?.code == .malformedPickle)
        }
    }

    @Test(arguments: [
        ("F1.5\n", 1.5), ("F-0.0\n", -0.0), ("F1e308\n", 1e308), ("F4.5e-307\n", 4.5e-307),
        ("F1.\n", 1),
        ("F.5\n", 0.5), ("F0.1\n", 0.1), ("Finf\n", .infinity), ("F-inf\n", -.infinity),
        ("F3\n", 3),
        ("F1E5\n", 1e5), ("F1e-400\n", 0), ("G\u{3F}\u{F8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", 1.5),
        ("G\u{80}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", -0.0),
        ("G\u{7F}\u{F0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", .infinity),
    ])
    func `floats are read to the bit`(_ pickle: String, _ value: Double) throws {
        let graph = try graph(pickle + ".")
        #expect(graph.float(graph.root)?.bitPattern == value.bitPattern)
    }

    @Test func `NaN keeps its payload in binary and is NaN as text`() throws {
        let binary = try graph("G\u{FF}\u{F8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{7}.")
        #expect(binary.float(binary.root)?.bitPattern == 0xFFF8_0000_0000_0007)
        let text = try graph("Fnan\n.")
        #expect(text.float(text.root)?.isNaN == true)
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "0x1p3", "nan(1)", "nanx", " 1.5", "1.5 ", "1,5", "1_0.0",
        "1e999",
        "-1e999", "infinit", "1.5.5",
    ])
    func `floats that Python does not write are refused`(_ text: String) {
        let error = failure(bytes("NF\(text)\n."))
        #expect(error?.code == .malformedPickle)
        #expect(error?.offset == 1)
    }

    @Test func `a long line is not repeated in the message`() {
        for opcode in ["I", "L", "F", "g"] {
            let error = failure(bytes(opcode + String(repeating: "x", count: 100_000) + "\n."))
            #expect(error?.code == .malformedPickle)
            #expect((error?.description.utf8.count ?? .max) < 300)
        }
    }

    @Test func `the limit counts digits`() {
        let limits = PickleLimits(integerDigits: 20)
        let digits = String(repeating: "9", count: 20)
        #expect(failure(bytes("L-\(digits)L\n."), limits: limits) == nil)
        #expect(failure(bytes("L\(digits)9L\n."), limits: limits)?.code == .limitExceeded)
        #expect(failure(bytes("I\(digits)9\n."), limits: limits)?.code == .limitExceeded)
        #expect(failure(bytes("L" + String(repeating: "9", count: 4300) + "L\n.")) == nil)
    }
}
