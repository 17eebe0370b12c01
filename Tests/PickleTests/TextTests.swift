import ByteIO
import Testing

@testable import Pickle

struct TextTests {
    private func text(_ contents: [UInt8]) -> [UInt8] {
        bytes("X") + little(UInt32(contents.count)) + contents + bytes(".")
    }

    @Test(arguments: [
        "", "a", "ASCII of more than eight bytes", "é", "€", "😀", "\u{0}", "日本語テキスト",
        "\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}", "aaaaaaa\u{80}", "aaaaaaaa\u{80}",
    ])
    func `UTF-8 is read as it is`(_ string: String) throws {
        let graph = try PickleGraph(parsing: text(Array(string.utf8)))
        #expect(graph.string(graph.root) == string)
        #expect(graph.text(graph.root) == PickleText(string))
        #expect(graph.text(graph.root)?.description == string)
    }

    @Test(
        arguments: [
            ([0xED, 0xA0, 0x80], "\\ud800"), ([0xED, 0xBF, 0xBF], "\\udfff"),
            ([0x61, 0xED, 0xB2, 0x80, 0x62], "a\\udc80b"),
            ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "\\ud83d\\ude00"),
            ([0xC3, 0xA9, 0xED, 0xA0, 0x80, 0xE2, 0x82, 0xAC], "é\\ud800€"),
        ] as [([UInt8], String)])
    func `lone surrogates are text, but no Swift string`(
        _ contents: [UInt8], _ description: String
    ) throws {
        let graph = try PickleGraph(parsing: text(contents))
        #expect(graph.kind(of: graph.root) == .text)
        #expect(graph.string(graph.root) == nil)
        #expect(graph.text(graph.root)?.utf8 == contents)
        #expect(graph.text(graph.root)?.description == description)
    }

    @Test(
        arguments: [
            [0x80], [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xED, 0xA0], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
            Array("aaaaaaaa".utf8) + [0x80], Array("aaaaaaa".utf8) + [0xC3],
        ] as [[UInt8]])
    func `what Python can't decode is refused`(_ contents: [UInt8]) {
        for pickle in [text(contents), bytes("\u{8C}") + [UInt8(contents.count)] + contents] {
            let error = failure(pickle)
            #expect(error?.code == .malformedPickle)
            #expect(error?.offset == 0)
        }
    }

    // The values are those of bytes.decode("raw-unicode-escape") in CPython 3.11.
    @Test(arguments: [
        (#"a\u0041b"#, "aAb"), (#"\\u0041"#, #"\\u0041"#), (#"\\\u0041"#, #"\\A"#),
        (#"x\"#, #"x\"#),
        (#"\"#, #"\"#), (#"\U0001f600"#, "😀"), (#"\U0010ffff"#, "\u{10FFFF}"),
        ("\u{E9}\u{FF}", "éÿ"), (#"\n\t\x41"#, #"\n\t\x41"#), (#"\u005cu0041"#, #"\u0041"#),
        ("", ""),
        ("\u{0}\u{1A}", "\u{0}\u{1A}"), (#"\uABCD\uabcd"#, "\u{ABCD}\u{ABCD}"),
    ])
    func `text of protocol 0 is decoded as by CPython`(_ line: String, _ expected: String) throws {
        let graph = try graph("V\(line)\n.")
        #expect(graph.string(graph.root) == expected)
    }

    @Test(
        arguments: [
            (#"\ud83d\ude00"#, [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
            (#"\udc80"#, [0xED, 0xB2, 0x80]),
            (#"\U0000d800"#, [0xED, 0xA0, 0x80]),
        ] as [(String, [UInt8])])
    func `surrogates of protocol 0 stay apart`(_ line: String, _ expected: [UInt8]) throws {
        let graph = try graph("V\(line)\n.")
        #expect(graph.text(graph.root)?.utf8 == expected)
    }

    @Test(arguments: [
        #"\U00110000"#, #"\UFFFFFFFF"#, #"\u12"#, #"\u00zz"#, #"\U0001f60"#, #"\uD8"#, #"\u"#,
        #"\u+041"#,
    ])
    func `escapes that CPython refuses are refused`(_ line: String) {
        let error = failure(bytes("NV\(line)\n."))
        #expect(error?.code == .malformedPickle)
        #expect(error?.offset == 1)
    }

    // The values are those of codecs.escape_decode in CPython 3.11.
    @Test(
        arguments: [
            (#"it\'s"#, Array("it's".utf8)), (#"\x00\xff"#, [0x00, 0xFF]),
            (#"\0\07\012\1234"#, [0x00, 0x07, 0x0A, 0x53, 0x34]), (#"\777"#, [0xFF]),
            (#"\400"#, [0x00]),
            (#"\a\b\t\n\v\f\r\\\""#, [7, 8, 9, 10, 11, 12, 13, 0x5C, 0x22]),
            (#"\q\u0041"#, Array(#"\q\u0041"#.utf8)), ("it's", Array("it's".utf8)),
            ("\u{E9}", [0xE9]),
            (#"\8"#, Array(#"\8"#.utf8)), (#"\18"#, [0x01, 0x38]), ("", []),
        ] as [(String, [UInt8])])
    func `Python 2 strings of protocol 0 are decoded as by CPython`(
        _ body: String, _ expected: [UInt8]
    ) throws {
        for quote in ["'", "\""] {
            let graph = try graph("S\(quote)\(body)\(quote)\n.")
            #expect(graph.bytes(graph.root) == expected)
        }
    }

    @Test(arguments: [
        #"'\x4'"#, #"'\xzz'"#, #"'end\'"#, "abc", "'abc", "abc'", "'abc\"", "'", "", " 'a'", "'a' ",
    ])
    func `Python 2 strings that CPython refuses are refused`(_ line: String) {
        let error = failure(bytes("S\(line)\n."))
        #expect(error?.code == .malformedPickle)
        #expect(error?.offset == 0)
    }

    @Test func `a Python 2 string is text when it is UTF-8, and bytes always`() throws {
        let valid = try PickleGraph(parsing: bytes("U\u{2}") + [0xC3, 0xA9] + bytes("."))
        #expect(valid.string(valid.root) == "é")
        #expect(valid.text(valid.root) == PickleText("é"))
        #expect(valid.bytes(valid.root) == [0xC3, 0xA9])
        let invalid = try PickleGraph(parsing: bytes("U\u{1}") + [0xE9] + bytes("."))
        #expect(invalid.string(invalid.root) == nil)
        #expect(invalid.text(invalid.root) == nil)
        #expect(invalid.bytes(invalid.root) == [0xE9])
    }

    @Test func `text is compared without making a string`() throws {
        let graph = try graph("\u{8C}\u{7}storage.")
        #expect(graph.isText(graph.root, "storage"))
        #expect(!graph.isText(graph.root, "storag"))
        #expect(!graph.isText(graph.root, "storagf"))
        #expect(!graph.isText(.none, ""))
    }

    @Test func `text that no pickle holds is described without trapping`() {
        for utf8: [UInt8] in [
            [0xED], [0xED, 0xA0], [0xFF, 0xED, 0xA0, 0x80], [0x80, 0x80], [0xE2],
        ] {
            #expect(!PickleText(utf8: utf8).description.isEmpty)
            #expect(PickleText(utf8: utf8).string == nil)
        }
    }
}
