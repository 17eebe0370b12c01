/// A Python `str` as it is kept in a pickle: UTF-8 that may contain lone surrogates.
///
/// Python strings can hold surrogate code points (`'\udc80'`), which Swift strings can't. Such text
/// keeps its bytes here, so that it can be told apart and written back.
public struct PickleText: Hashable, Sendable {
    /// The bytes: UTF-8 with surrogates encoded like other code points ("surrogatepass").
    public let utf8: [UInt8]

    /// Creates text from bytes that are UTF-8 apart from surrogates.
    public init(utf8: [UInt8]) { self.utf8 = utf8 }

    /// Creates text from a Swift string.
    public init(_ string: String) { utf8 = Array(string.utf8) }

    /// The text as a Swift string, or nil when it contains lone surrogates.
    public var string: String? { String(validating: utf8, as: UTF8.self) }
}

extension PickleText: CustomStringConvertible {
    /// The text, lone surrogates written as `\udc80`.
    public var description: String {
        if let string { return string }
        var result = ""
        var index = 0
        while index < utf8.count {
            if let surrogate = surrogate(at: index) {
                result += "\\u" + String(surrogate, radix: 16)
                index += 3
                continue
            }
            let end = utf8[(index + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? utf8.count
            result += String(decoding: utf8[index..<end], as: UTF8.self)
            index = end
        }
        return result
    }

    private func surrogate(at index: Int) -> Int? {
        guard utf8[index] == 0xED, index + 2 < utf8.count, utf8[index + 1] >= 0xA0 else {
            return nil
        }
        return 0xD000 | Int(utf8[index + 1] & 0x3F) << 6 | Int(utf8[index + 2] & 0x3F)
    }
}
