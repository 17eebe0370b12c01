import ByteIO

/// The escapes of protocol 0: text as `raw-unicode-escape` and Python 2 strings as `repr`.
enum PythonEscapes {
    /// Decodes `\uXXXX` and `\UXXXXXXXX`; every other byte is a Latin-1 character.
    ///
    /// The result is UTF-8 with surrogates passed through. The Python counterpart is
    /// `bytes.decode("raw-unicode-escape")`.
    static func decodeText(_ line: [UInt8]) throws(CheckpointError) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < line.count {
            let byte = line[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < line.count else {
                result.appendCodePoint(UInt32(byte))
                continue
            }
            let kind = line[index]
            index += 1
            switch kind {
            case UInt8(ascii: "u"): try result.appendCodePoint(hex(line, &index, digits: 4))
            case UInt8(ascii: "U"): try result.appendCodePoint(hex(line, &index, digits: 8))
            default:
                result.append(byte)
                result.appendCodePoint(UInt32(kind))
            }
        }
        return result
    }

    /// Decodes a quoted Python 2 string literal such as `'it\'s \x00'`.
    ///
    /// The Python counterpart is `codecs.escape_decode`.
    static func decodeQuoted(_ line: [UInt8]) throws(CheckpointError) -> [UInt8] {
        guard line.count >= 2, let quote = line.first, line.last == quote,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else {
            throw CheckpointError(.malformedPickle, "a string is not in quotes")
        }
        let body = Array(line.dropFirst().dropLast())
        var result: [UInt8] = []
        var index = 0
        while index < body.count {
            let byte = body[index]
            index += 1
            if byte == UInt8(ascii: "\\") {
                try decodeEscape(body, &index, into: &result)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func decodeEscape(
        _ body: [UInt8], _ index: inout Int, into result: inout [UInt8]
    ) throws(CheckpointError) {
        guard index < body.count else {
            throw CheckpointError(.malformedPickle, "a string ends inside an escape")
        }
        let kind = body[index]
        index += 1
        switch kind {
        case UInt8(ascii: "x"):
            result.append(UInt8(truncatingIfNeeded: try hex(body, &index, digits: 2)))
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            index -= 1
            result.append(octal(body, &index))
        case UInt8(ascii: "\n"): break
        default:
            if let plain = simpleEscapes[kind] {
                result.append(plain)
            } else {
                result += [UInt8(ascii: "\\"), kind]
            }
        }
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8,
        UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12,
        UInt8(ascii: "r"): 13,
    ]

    private static func hex(
        _ bytes: [UInt8], _ index: inout Int, digits: Int
    ) throws(CheckpointError) -> UInt32 {
        guard bytes.count - index >= digits else { throw malformedEscape() }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + digits)] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw malformedEscape()
            }
            value = value << 4 | UInt32(digit)
        }
        index += digits
        guard value <= 0x10FFFF else { throw malformedEscape() }
        return value
    }

    private static func octal(_ bytes: [UInt8], _ index: inout Int) -> UInt8 {
        var value = 0
        let end = min(index + 3, bytes.count)
        while index < end, 0x30...0x37 ~= bytes[index] {
            value = value * 8 + Int(bytes[index] - 0x30)
            index += 1
        }
        return UInt8(truncatingIfNeeded: value)
    }

    private static func malformedEscape() -> CheckpointError {
        CheckpointError(.malformedPickle, "an escape in a string is malformed")
    }
}

extension Array<UInt8> {
    /// Appends the UTF-8 form of a code point, surrogates included.
    fileprivate mutating func appendCodePoint(_ code: UInt32) {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (code >> shift) & 0x3F) }
        switch code {
        case ..<0x80: append(UInt8(code))
        case ..<0x800: self += [UInt8(0xC0 | code >> 6), tail(0)]
        case ..<0x10000: self += [UInt8(0xE0 | code >> 12), tail(6), tail(0)]
        default: self += [UInt8(0xF0 | code >> 18), tail(12), tail(6), tail(0)]
        }
    }
}
