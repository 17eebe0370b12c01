import ByteIO
import Foundation
import TestSupport
import Testing
import ZipArchive

@testable import Pickle

/// Pickles by Python and torch that are small enough for every prefix and many mutants of them.
private enum Samples {
    static let names =
        [
            "pickles/objects_protocol_0.pkl", "pickles/objects_protocol_1.pkl",
            "pickles/objects_protocol_2.pkl", "pickles/objects_protocol_3.pkl",
            "pickles/objects_protocol_4.pkl", "pickles/objects_protocol_5.pkl",
            "pickles/tensor_inside_protocol_2.pkl", "pickles/tensor_inside_protocol_4.pkl",
            "pickles/values_protocol_0.pkl", "pickles/values_protocol_1.pkl",
            "pickles/values_protocol_2.pkl", "pickles/values_protocol_3.pkl",
            "pickles/values_protocol_4.pkl", "pickles/values_protocol_5.pkl",
        ] + archives
    static let archives = [
        "torch-2.13.0/values_strings.pth", "torch-2.13.0/view_several_views.pth",
        "torch-2.6.0/training_checkpoint_adam.pth", "torch-1.13.1/quantized_qint8.pth",
    ]

    static func bytes(_ name: String) throws -> [UInt8] {
        let file = try fixture(name)
        guard name.hasSuffix(".pth") else { return file }
        let archive = try ZipArchive(ByteRegion(copying: file))
        let entry = try #require(archive.entries.first { $0.name.hasSuffix("/data.pkl") })
        return try archive.bytes(of: entry)
    }
}

struct HostileTests {
    @Test(arguments: Samples.names)
    func `a pickle that is cut anywhere is refused`(_ name: String) throws {
        let region = try ByteRegion(copying: Samples.bytes(name))
        #expect(try PickleGraph(parsing: region).touchEverything() != 0)
        for count in 0..<region.count {
            let error = #expect(throws: CheckpointError.self) {
                _ = try PickleGraph(parsing: region.slice(at: 0, count: count))
            }
            #expect(error?.code == .truncated)
            #expect((error?.offset ?? .max) <= count)
        }
    }

    @Test(arguments: Samples.names)
    func `a pickle with a changed byte is refused or read whole`(_ name: String) throws {
        let seed: UInt64 = 0x7069_636B_6C65
        var generator = SeededGenerator(seed: seed)
        let original = try Samples.bytes(name)
        for index in stride(from: 0, to: original.count, by: max(1, original.count / 400)) {
            for value in [
                0x00, 0xFF, original[index] ^ 0x80, .random(in: 0...255, using: &generator),
            ] {
                var pickle = original
                pickle[index] = value
                let error = failure(pickle)
                let isKnown = error.map { Self.codes.contains($0.code) } ?? true
                #expect(
                    isKnown, "byte \(index) as \(value), seed \(seed): \(error.debugDescription)")
            }
        }
    }

    @Test(arguments: 0..<8)
    func `random instructions are refused or read whole`(_ run: UInt64) throws {
        var generator = SeededGenerator(seed: run)
        let opcodes = Opcode.allCases.map(\.rawValue)
        for _ in 0..<3000 {
            var pickle: [UInt8] = []
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                pickle.append(opcodes.randomElement(using: &generator) ?? 0)
                if Bool.random(using: &generator) {
                    pickle += bytes(
                        ["\u{1}", "\u{0}", "\n", "1\n", "\u{1}a"].randomElement(using: &generator)
                            ?? "")
                }
            }
            let error = failure(pickle + bytes("."))
            let isKnown = error.map { Self.codes.contains($0.code) } ?? true
            #expect(isKnown, "seed \(run): \(pickle)")
        }
    }

    // Mostly well-formed: random programs that keep the stack filled reach deep into the machine.
    @Test(arguments: 0..<8)
    func `random programs are refused or can be read in every part`(_ run: UInt64) throws {
        var generator = SeededGenerator(seed: run)
        var readable = 0
        for _ in 0..<2000 {
            var pickle = bytes("](N}cm\nf\n)R")
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                pickle += bytes(Self.snippets.randomElement(using: &generator) ?? "N")
            }
            guard let graph = try? PickleGraph(parsing: pickle + bytes("lq\u{0}0010h\u{0}.")) else {
                guard let graph = try? PickleGraph(parsing: pickle + bytes("e.")) else { continue }
                readable += graph.touchEverything() == 0 ? 0 : 1
                continue
            }
            readable += graph.touchEverything() == 0 ? 0 : 1
        }
        #expect(readable > 20, "seed \(run)")
    }

    private static let snippets = [
        "N", "\u{88}", "K\u{7}", "J\u{0}\u{0}\u{0}\u{80}", "I12\n", "L99999999999999999999L\n",
        "F1.5\n",
        "\u{8C}\u{1}a", "U\u{1}\u{FF}", "C\u{1}a", "Va\\u20ac\n", "S'a'\n", "]", "}", "\u{8F}", ")",
        "(", "t", "l",
        "\u{85}", "\u{86}", "cm\nf\n", ")R", ")\u{81}", "Nb", "Na", "NNs", "(NNe", "(NNu", "2", "0",
        "q\u{1}", "h\u{1}", "\u{94}", "Q", "P1\n", "\u{82}\u{5}", "(N\u{91}",
        "\u{8A}\u{9}123456789",
    ]

    private static let codes: Set<CheckpointError.Code> = [
        .truncated, .unknownOpcode, .unsupportedOpcode, .stackUnderflow, .missingMark,
        .unknownMemoSlot, .unexpectedObject, .malformedPickle, .limitExceeded,
    ]
}

struct FixtureTests {
    @Test(arguments: 0...5)
    func `the pickles that Python wrote are read`(_ version: Int) throws {
        for name in ["values", "objects", "batches"] {
            let graph = try PickleGraph(
                parsing: fixture("pickles/\(name)_protocol_\(version).pkl"))
            #expect(graph.protocolVersion == (version < 2 ? 0 : version))
            #expect(graph.kind(of: graph.root) == .dictionary)
            #expect(graph.touchEverything() != 0)
        }
    }

    @Test func `large texts lie outside frames and stay where they are`() throws {
        let graph = try PickleGraph(parsing: fixture("pickles/large_frame_protocol_4.pkl"))
        let entries = try #require(graph.entries(graph.root))
        let keys = stride(from: 0, to: entries.count, by: 2).map { graph.string(entries[$0]) }
        #expect(keys == ["text", "after", "bytes"])
        #expect(graph.withBytes(of: entries[1]) { $0.byteCount } == 70_000)
        #expect(graph.contents.appendix.isEmpty)
    }

    // The memo bomb leaves its lists on the stack, which torch lets pass.
    @Test(
        arguments: [
            ("pickle_after_stop", .malformedPickle), ("pickle_bad_utf8", .malformedPickle),
            ("pickle_empty", .truncated), ("pickle_length_beyond", .truncated),
            ("pickle_memo_bomb", .malformedPickle),
            ("pickle_memo_missing", .unknownMemoSlot), ("pickle_no_mark", .missingMark),
            ("pickle_no_stop", .truncated), ("pickle_not_a_pickle", nil), ("pickle_os_system", nil),
            ("pickle_protocol_9", .unsupportedOpcode), ("pickle_stack_underflow", .stackUnderflow),
            ("pickle_unknown_opcode", .unknownOpcode),
        ] as [(String, CheckpointError.Code?)])
    func `the damaged pickles are refused for what is wrong with them`(
        _ name: String, _ code: CheckpointError.Code?
    ) throws {
        let archive = try ZipArchive(ByteRegion(copying: fixture("not_checkpoints/\(name).pth")))
        let entry = try #require(archive.entries.first { $0.name.hasSuffix("/data.pkl") })
        let found = failure(try archive.bytes(of: entry))?.code
        if name == "pickle_not_a_pickle" {
            #expect(found != nil)
        } else {
            #expect(found == code)
        }
    }
}
