import ByteIO

/// The words, texts and signs of TorchScript's code, without what is between them.
struct ScriptTokens: ~Escapable {
    enum Token {
        case word(Range<Int>)
        case text(Range<Int>)
        case sign(UInt8)

        func isSign(_ character: Unicode.Scalar) -> Bool {
            if case .sign(let byte) = self { byte == UInt8(ascii: character) } else { false }
        }
    }

    private let code: RawSpan
    private var position = 0
    /// Whether there is a text that does not end where it has to: nobody knows what is code then.
    private(set) var hasOpenText = false

    @_lifetime(copy code)
    init(_ code: RawSpan) { self.code = code }

    mutating func next() -> Token? {
        while position < code.byteCount {
            let start = position
            let byte = code.byte(at: position)
            position += 1
            switch byte {
            // A backslash stands before the end of a line that goes on.
            case 0...0x20, UInt8(ascii: "\\"): continue
            case UInt8(ascii: "#"): skip { $0 != 0x0A }
            case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(text(byte))
            case _ where Self.isOfWord(byte):
                skip(while: Self.isOfWord)
                return .word(start..<position)
            default: return .sign(byte)
            }
        }
        return nil
    }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while position < code.byteCount, isSkipped(code.byte(at: position)) { position += 1 }
    }

    /// Goes on behind the quotes that end a text, one or three, and returns where what is between is.
    private mutating func text(_ quote: UInt8) -> Range<Int> {
        let isLong = isRun(of: quote, 2, at: position)
        let quotes = isLong ? 3 : 1
        if isLong { position += 2 }
        let start = position
        while position < code.byteCount, !isRun(of: quote, quotes, at: position) {
            if !isLong, code.byte(at: position) == 0x0A { break }
            position += code.byte(at: position) == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = min(position, code.byteCount)
        hasOpenText = hasOpenText || !isRun(of: quote, quotes, at: end)
        position = min(end + quotes, code.byteCount)
        return start..<end
    }

    private func isRun(of byte: UInt8, _ count: Int, at start: Int) -> Bool {
        guard start <= code.byteCount - count else { return false }
        for place in start..<(start + count) where code.byte(at: place) != byte { return false }
        return true
    }

    /// Whether a byte is one of a name or a number.
    static func isOfWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || 0x30...0x39 ~= byte || 0x41...0x5A ~= byte & 0xDF
            || byte >= 0x80
    }
}
