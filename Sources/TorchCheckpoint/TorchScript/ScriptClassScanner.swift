/// Finds the classes in a text of TorchScript's code, which torch prints in one way.
///
/// It is no parser of Python: a class begins with `class` at the beginning of a line, its
/// attributes are lines that are indented by two, and what is indented further is passed over. Texts
/// have no line feeds in them, because torch escapes those.
struct ScriptClassScanner {
    private(set) var classes: [String: ScriptClass] = [:]
    private var name: String?

    /// - Complexity: O(*n*) in the number of bytes.
    init(_ code: [UInt8]) {
        // One line after the other: of all, there can be more than there is memory for.
        var rest = code[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            if line.first == UInt8(ascii: " ") {
                readMember(line.dropFirst(2))
            } else {
                beginClass(line)
            }
        }
    }

    // class NAME(BASE):
    private mutating func beginClass(_ line: ArraySlice<UInt8>) {
        name = nil
        guard line.starts(with: "class ".utf8) else { return }
        let head = String(decoding: line.dropFirst(6), as: UTF8.self)
        let end = head.firstIndex { $0 == "(" || $0 == ":" } ?? head.endIndex
        name = String(head[..<end])
        classes[String(head[..<end])] = ScriptClass(isModule: head[end...].hasPrefix("(Module)"))
    }

    private mutating func readMember(_ line: ArraySlice<UInt8>) {
        guard let name, let first = line.first, first != UInt8(ascii: " ") else { return }
        if line.starts(with: "def ".utf8) {
            if line.starts(with: "def __getstate__(".utf8) { classes[name]?.hasOwnState = true }
        } else if line.starts(with: "__parameters__ = [".utf8) {
            classes[name]?.parameters = Set(Self.texts(in: line))
        } else if line.starts(with: "__buffers__ = [".utf8) {
            classes[name]?.buffers = Set(Self.texts(in: line))
        } else if line.starts(with: "__annotations__[".utf8) {
            // __annotations__["0"] = TYPE, for what is no identifier.
            guard let attribute = Self.texts(in: line).first,
                let sign = line.lastIndex(of: UInt8(ascii: "="))
            else { return }
            add(attribute, type: line[line.index(after: sign)...])
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let attribute = line[..<colon].filter { $0 != UInt8(ascii: " ") }
            add(String(decoding: attribute, as: UTF8.self), type: line[(colon + 1)...])
        }
    }

    private mutating func add(_ attribute: String, type: ArraySlice<UInt8>) {
        guard let name else { return }
        let type = type.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
        classes[name]?.types.append((attribute, String(decoding: type, as: UTF8.self)))
    }

    /// The quoted texts of a line.
    private static func texts(in line: ArraySlice<UInt8>) -> [String] {
        var texts: [String] = []
        var text: [UInt8]?
        var rest = line
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") {
                if let text { texts.append(String(decoding: text, as: UTF8.self)) }
                text = text == nil ? [] : nil
            } else if byte == UInt8(ascii: "\\"), text != nil {
                text?.append(unescaped(&rest))
            } else {
                text?.append(byte)
            }
        }
        return texts
    }

    // As torch escapes: letters, or three octal digits for bytes that are not printable ASCII.
    private static func unescaped(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
        let digits = rest.prefix(3)
        if digits.count == 3, digits.allSatisfy({ 0x30...0x37 ~= $0 }),
            let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
        {
            rest = rest.dropFirst(3)
            return byte
        }
        let byte = rest.popFirst() ?? UInt8(ascii: "\\")
        return letters[byte] ?? byte
    }

    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
        UInt8(ascii: "v"): 0x0B,
    ]
}
