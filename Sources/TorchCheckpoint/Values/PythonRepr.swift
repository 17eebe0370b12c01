import Pickle

/// Values as Python's `repr` shows them.
enum PythonRepr {
    /// Text in quotes, with what can't be printed escaped.
    static func quote(_ text: String) -> String {
        quote(PickleText(text))
    }

    /// Text in quotes, with what can't be printed escaped, lone surrogates included.
    static func quote(_ text: PickleText) -> String {
        guard let string = text.string else { return "'\(text)'" }
        let mark: Unicode.Scalar = string.contains("'") && !string.contains("\"") ? "\"" : "'"
        var result = String(mark)
        for scalar in string.unicodeScalars {
            switch scalar {
            case mark, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isPrintableInPython: result.unicodeScalars.append(scalar)
            default: result += escape(scalar)
            }
        }
        return result + String(mark)
    }

    /// Bytes as a literal: `b'\x00abc'`.
    static func quote(_ bytes: [UInt8]) -> String {
        var result = ""
        let mark: UInt8 =
            bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
        for byte in bytes {
            switch byte {
            case mark, 0x5C: result += "\\\(Character(UnicodeScalar(byte)))"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x20..<0x7F: result.unicodeScalars.append(UnicodeScalar(byte))
            default: result += "\\x" + hex(UInt32(byte), digits: 2)
            }
        }
        let quote = Character(UnicodeScalar(mark))
        return "b\(quote)\(result)\(quote)"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case ..<0x100: "\\x" + hex(scalar.value, digits: 2)
        case ..<0x10000: "\\u" + hex(scalar.value, digits: 4)
        default: "\\U" + hex(scalar.value, digits: 8)
        }
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension Unicode.Scalar {
    // str.isprintable: everything but control, format, private, unassigned and separator
    // characters, and the space is printable.
    fileprivate var isPrintableInPython: Bool {
        if isASCII { return 0x20..<0x7F ~= value }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }
}
