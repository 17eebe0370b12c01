import ByteIO

/// Reads JSON (RFC 8259) into the nodes of a ``JSONDocument``.
struct JSONParser {
    /// A container that is not closed yet.
    private struct Frame {
        var keys: [String]?
        var values: [Int] = []
        var known: Set<[UInt8]> = []
    }

    private let bytes: [UInt8]
    private var position = 0
    private var frames: [Frame] = []
    private var nodes: [JSONDocument.Node] = []

    /// The deepest that containers are nested.
    static let maximumDepth = 512

    init(_ text: ByteRegion) { bytes = text.copyBytes() }

    /// The values, each behind those that are inside it.
    mutating func parse() throws(CheckpointError) -> [JSONDocument.Node] {
        repeat {
            if frames.last != nil, try closesEmptyContainer() { continue }
            if frames.last?.keys != nil { try readKey() }
            try readValue()
        } while !frames.isEmpty
        skipSpace()
        guard position == bytes.count else { throw unexpected("something behind its end") }
        return nodes
    }

    // Only behind an opening bracket: a comma promises another value.
    private mutating func closesEmptyContainer() throws(CheckpointError) -> Bool {
        skipSpace()
        guard let frame = frames.last, frame.values.isEmpty, let byte = current,
            byte == (frame.keys == nil ? UInt8(ascii: "]") : UInt8(ascii: "}"))
        else { return false }
        try endValues()
        return true
    }

    private mutating func readValue() throws(CheckpointError) {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): try open(Frame(keys: []))
        case UInt8(ascii: "["): try open(Frame(keys: nil))
        case UInt8(ascii: "\""): try add(.string(readString()))
        case UInt8(ascii: "t"): try add(.bool(true), word: "true")
        case UInt8(ascii: "f"): try add(.bool(false), word: "false")
        case UInt8(ascii: "n"): try add(.null, word: "null")
        default: try add(.number(readNumber()))
        }
    }

    private mutating func open(_ frame: Frame) throws(CheckpointError) {
        guard frames.count < Self.maximumDepth else {
            throw CheckpointError(
                .limitExceeded, "JSON is nested more than \(Self.maximumDepth) deep",
                offset: position)
        }
        position += 1
        frames.append(frame)
    }

    private mutating func add(
        _ node: JSONDocument.Node, word: String
    ) throws(CheckpointError) {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("no value") }
        position += word.utf8.count
        try add(node)
    }

    private mutating func add(_ node: JSONDocument.Node) throws(CheckpointError) {
        nodes.append(node)
        guard let last = frames.indices.last else { return }
        frames[last].values.append(nodes.count - 1)
        try endValues()
    }

    /// Closes what ends here, and goes on to the next value of what does not.
    private mutating func endValues() throws(CheckpointError) {
        while let frame = frames.last {
            skipSpace()
            let end = frame.keys == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")
            if current == UInt8(ascii: ","), !frame.values.isEmpty {
                position += 1
                return
            }
            guard current == end else { throw unexpected("neither ',' nor the end of its values") }
            position += 1
            frames.removeLast()
            nodes.append(
                frame.keys.map { .object(keys: $0, values: frame.values) } ?? .array(frame.values))
            guard let outer = frames.indices.last else { return }
            frames[outer].values.append(nodes.count - 1)
        }
    }

    private mutating func readKey() throws(CheckpointError) {
        skipSpace()
        guard current == UInt8(ascii: "\"") else { throw unexpected("no key") }
        let key = try readString()
        guard let last = frames.indices.last, frames[last].known.insert(Array(key.utf8)).inserted
        else { throw unexpected("a key for the second time") }
        frames[last].keys?.append(key)
        skipSpace()
        guard current == UInt8(ascii: ":") else { throw unexpected("no ':'") }
        position += 1
    }
}

// Characters, texts and numbers.
extension JSONParser {
    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private func unexpected(_ what: String) -> CheckpointError {
        CheckpointError(.malformedJSON, "the JSON has \(what)", offset: position)
    }

    private mutating func readNumber() throws(CheckpointError) -> String {
        let start = position
        while let byte = current, Self.numberBytes.contains(byte) { position += 1 }
        guard position > start, position - start <= Self.maximumNumberByteCount else {
            throw unexpected("no value")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static let numberBytes = Set("0123456789+-.eEINafinty".utf8)
    private static let maximumNumberByteCount = 64

    private mutating func readString() throws(CheckpointError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw unexpected("a control character in a text") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                try text += readEscape()
            } else {
                text.append(byte)
            }
        }
        guard current != nil else { throw unexpected("no end of a text") }
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
            throw unexpected("a text that is no UTF-8")
        }
        return string
    }

    private mutating func readEscape() throws(CheckpointError) -> [UInt8] {
        guard let byte = current else { throw unexpected("no end of a text") }
        position += 1
        if let plain = Self.escapes[byte] { return [plain] }
        guard byte == UInt8(ascii: "u") else { throw unexpected("an unknown escape") }
        var units = [try readUnit()]
        if 0xD800...0xDBFF ~= units[0], current == UInt8(ascii: "\\") {
            position += 1
            guard current == UInt8(ascii: "u") else { throw unexpected("half a character") }
            position += 1
            units.append(try readUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw unexpected("half a character")
        }
        return Array(text.utf8)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func readUnit() throws(CheckpointError) -> UInt16 {
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw unexpected("an unknown escape") }
        position += 4
        return unit
    }
}
