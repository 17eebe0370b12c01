package import ByteIO

/// A text or byte string of a pickle, still as it stands there.
package struct TracedText: Sendable {
    /// How the bytes stand for the text.
    enum Form {
        /// As they are: bytes.
        case bytes
        /// UTF-8, in which the characters up to U+00FF can stand for bytes.
        case utf8
        /// A line of protocol 0, with escapes.
        case escaped
        /// A quoted string of Python 2, with escapes.
        case quoted
    }

    // Narrow, because an empty text is two bytes of the file.
    private let start: UInt32
    private let count: UInt32
    let form: Form

    /// Where it is in the pickle.
    package var range: Range<Int> { Int(start)..<(Int(start) + Int(count)) }

    init?(_ instruction: Instruction) {
        start = UInt32(truncatingIfNeeded: instruction.text.lowerBound)
        count = UInt32(truncatingIfNeeded: instruction.text.count)
        switch instruction.opcode {
        case .binunicode, .shortBinunicode, .binunicode8: form = .utf8
        case .binstring, .shortBinstring, .binbytes, .shortBinbytes, .binbytes8, .bytearray8:
            form = .bytes
        case .unicode: form = .escaped
        case .string: form = .quoted
        default: return nil
        }
    }

    /// The bytes of a name, or nil when Python makes no text of it.
    func nameBytes(in pickle: RawSpan) -> [UInt8]? {
        let raw = Array(copying: pickle.extracting(range))
        return switch form {
        case .bytes, .utf8: raw
        case .escaped: try? PythonEscapes.decodeText(raw)
        case .quoted: try? PythonEscapes.decodeQuoted(Self.trimmed(raw))
        }
    }

    // CPython takes white space behind the quote.
    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        let end = line.lastIndex { !(9...13 ~= $0 || $0 == 0x20) } ?? -1
        return Array(line[...end])
    }

    /// The bytes that it is or, as a text, stands for; nil when characters above U+00FF are in it.
    package func contents(in pickle: ByteRegion) -> ByteRegion? {
        if form == .bytes { return try? pickle.slice(at: range.lowerBound, count: range.count) }
        guard let bytes = nameBytes(in: pickle.bytes) else { return nil }
        if form == .quoted { return try? ByteRegion(copying: bytes) }
        return unsafe bytes.span.bytes.latin1FromUTF8().flatMap { try? ByteRegion(copying: $0) }
    }

    /// Whether it begins with the protocol of a pickle or the signature of a zip entry.
    func beginsLikeFile(in pickle: RawSpan) -> Bool {
        guard range.count >= 4,
            Self.beginsFile(pickle.byte(at: range.lowerBound + (form == .quoted ? 1 : 0)))
        else { return false }
        let start = Array(copying: pickle.extracting(range).extracting(first: Self.longestStart))
        return switch form {
        case .bytes: Self.fileStarts.contains(where: start.starts)
        case .utf8: Self.textStarts.contains(where: start.starts)
        case .escaped: Self.lineStarts.contains(where: start.starts)
        case .quoted: Self.lineStarts.contains(where: start.dropFirst().starts)
        }
    }

    private static let longestStart = 8

    /// Whether any of the beginnings below has this byte first; nearly all texts have another one.
    private static func beginsFile(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x50, 0x5C, 0x80, 0xC2: true
        default: false
        }
    }

    private static let zipStart = [UInt8]("PK\u{3}\u{4}".utf8)
    private static let protocols: ClosedRange<UInt8> = 0...5
    private static let fileStarts = [zipStart] + protocols.map { [0x80, $0] }
    private static let textStarts = [zipStart] + protocols.map { [0xC2, 0x80, $0] }
    // As bytes, as escapes, or a mixture.
    private static let lineStarts =
        [zipStart, [0x80], Array("PK\\x03".utf8), Array("PK\\u0003".utf8)]
        + ["\\x80", "\\200", "\\u0080"].map { Array($0.utf8) }
}
