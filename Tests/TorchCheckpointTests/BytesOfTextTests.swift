import TestSupport
import Testing

@testable import TorchCheckpoint

/// Bytes as protocols before 3 have them: `_codecs.encode(text, "latin1")`.
@Suite struct BytesOfTextTests {
    private func text(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        var pickle: [UInt8] = [0x58]
        for byte in 0..<4 { pickle.append(UInt8(truncatingIfNeeded: bytes.count >> (8 * byte))) }
        return pickle + bytes
    }

    private func call(_ name: String, _ arguments: [UInt8]...) -> [UInt8] {
        Array("c\(name.replacing(".", with: "\n"))\n(".utf8) + arguments.joined() + Array("tR".utf8)
    }

    private func value(_ body: [UInt8]) throws -> CheckpointValue {
        try Checkpoint(bytes: [0x80, 2] + body + [0x2E]).root
    }

    @Test func `text of characters up to U+00FF is bytes, of any length`() throws {
        for count in [0, 1, 256, 257, 5000] {
            let characters = String(repeating: "\u{FF}", count: count)
            for (name, kind) in [
                ("_codecs.encode", CheckpointValue.Kind.bytes),
                ("__builtin__.bytearray", .byteArray),
            ] {
                let bytes = try value(call(name, text(characters), text("latin-1")))
                #expect(bytes.kind == kind)
                #expect(bytes.bytes == [UInt8](repeating: 0xFF, count: count))
            }
            let nested = try value(
                call(
                    "__builtin__.bytearray",
                    call("_codecs.encode", text(characters), text("latin1")))
            )
            #expect(nested.kind == .byteArray && nested.bytes?.count == count)
        }
    }

    @Test func `text with another character is none`() throws {
        for count in [0, 300] {
            let characters = String(repeating: "\u{FF}", count: count) + "\u{100}"
            for name in ["_codecs.encode", "__builtin__.bytearray"] {
                let object = try value(call(name, text(characters), text("latin1")))
                #expect(object.kind == .object)
                #expect(object.bytes == nil)
            }
        }
        #expect(try value(call("_codecs.encode", text("a"), text("utf-8"))).kind == .object)
        #expect(try value(call("__builtin__.bytearray", Array("K\u{3}".utf8))).kind == .object)
    }

    @Test func `calls without arguments are empty`() throws {
        #expect(try value(call("__builtin__.bytes")).bytes == [])
        #expect(try value(call("__builtin__.bytearray")).kind == .byteArray)
        #expect(try value(call("__builtin__.bytes", text("a"))).kind == .object)
    }

    @Test func `no more is decoded than is shown`() throws {
        let long = String(repeating: "\u{E9}", count: 1000)
        let bytes = try value(call("_codecs.encode", text(long), text("latin1")))
        #expect(bytes.pythonRepr() == "b'" + String(repeating: "\\xe9", count: 1000) + "'")
        #expect(
            bytes.pythonRepr(maximumCharacters: 3) == "b'" + String(repeating: "\\xe9", count: 3)
                + "'...")
        let array = try value(call("__builtin__.bytearray", text(long), text("latin-1")))
        #expect(array.pythonRepr(maximumCharacters: 2) == "bytearray(b'\\xe9\\xe9'...)")
    }

    @Test func `what kind of value such bytes are is looked up once for each text`() throws {
        // A text of 1 MB that is one by its last character only, and 20,000 calls with it.
        let long = String(repeating: "x", count: 1_000_000) + "\u{100}"
        var pickle: [UInt8] =
            [0x80, 2] + text(long) + Array("q\u{0}0c_codecs\nencode\nq\u{1}0".utf8)
        pickle += text("latin1") + Array("q\u{2}0](".utf8)
        for _ in 0..<20_000 { pickle += Array("h\u{1}h\u{0}h\u{2}".utf8) + [0x86, 0x52] }
        let checkpoint = try Checkpoint(bytes: pickle + Array("e.".utf8))
        var areObjects: Bool?
        let seconds = threadSeconds {
            areObjects = checkpoint.root.array?.allSatisfy { $0.kind == .object }
        }
        #expect(areObjects == true)
        #expect(seconds < 10)
    }
}
