import ByteIO
import Pickle

// bytes and bytearray, which protocol 2 has as calls.
extension WeightsOnlyMachine {
    /// `_codecs.encode(text, encoding)`.
    mutating func encode(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard case .text(let text) = argument(0, arguments) else {
            guard case .bytes = argument(0, arguments) else {
                throw .refusedByTorch("encode takes no \(argument(0, arguments).typeName)")
            }
            throw .notFollowed("encode of bytes")
        }
        try checkText(arguments, from: 1)
        try spend(text.range.count / 16)
        let bytes = pickle.bytes.extracting(text.range)
        let encoding = arguments.count > 1 ? string(argument(1, arguments)) : "utf-8"
        let isEncoded: Bool
        switch encoding?.lowercased() {
        case "latin1", "latin-1", "iso-8859-1", "iso8859-1", "l1": isEncoded = bytes.isLatin1
        case "utf-8", "utf8": isEncoded = String(validatingUTF8: bytes) != nil
        case "ascii", "us-ascii": isEncoded = bytes.isASCII
        default: throw .notFollowed("encode by another encoding than latin1")
        }
        guard isEncoded else { throw .refusedByTorch("a text has characters beyond its encoding") }
        return .bytes(text)
    }

    private func checkText(
        _ arguments: Arguments, from place: Int
    ) throws(CheckpointError) {
        for place in place..<max(place, arguments.count) {
            guard case .text = argument(place, arguments) else {
                throw .refusedByTorch(
                    "the name of an encoding is a \(argument(place, arguments).typeName)")
            }
        }
    }

    mutating func makeByteArray(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard arguments.count > 0 else { return .byteArray(isEmpty: true) }
        let source = argument(0, arguments)
        if case .text(let text) = source, arguments.count > 1 {
            _ = try encode(arguments)
            return .byteArray(isEmpty: text.isEmpty)
        }
        guard arguments.count == 1 else {
            throw .refusedByTorch("bytearray takes no encoding of a \(source.typeName)")
        }
        switch source {
        case .bytes, .byteArray: return try .byteArray(isEmpty: !truth(source))
        case .bool(let value): return .byteArray(isEmpty: !value)
        case .integer(let count): return try zeros(count)
        case .text: throw .refusedByTorch("bytearray takes no text without an encoding")
        case .set, .dictionary:
            if try !truth(source) { return .byteArray(isEmpty: true) }
            throw .notFollowed("bytearray of a \(source.typeName)")
        default: break
        }
        guard let elements = try elements(source) else { throw unfit(source, for: "bytearray") }
        for element in elements { try checkByte(element) }
        return .byteArray(isEmpty: elements.isEmpty)
    }

    private func checkByte(_ value: PythonValue) throws(CheckpointError) {
        switch value {
        case .bool: return
        case .integer(let number) where UInt8(exactly: number) != nil: return
        case .tensor, .made: throw .notFollowed("bytearray of a \(value.typeName)")
        default: throw .refusedByTorch("bytearray takes integers from 0 to 255 only")
        }
    }

    // Python makes as many bytes as are claimed.
    private func zeros(_ count: Int) throws(CheckpointError) -> PythonValue {
        guard count >= 0 else { throw .refusedByTorch("a bytearray has \(count) bytes") }
        guard count <= Self.maximumAllocation else {
            throw .notFollowed("a bytearray is to be made of \(count) bytes that are not there")
        }
        return .byteArray(isEmpty: count == 0)
    }

    /// The most bytes that torch is taken to have memory for where a file does not have them.
    static let maximumAllocation = 1 << 30
}

extension RawSpan {
    /// Whether UTF-8 has no character beyond U+00FF.
    fileprivate var isLatin1: Bool {
        isASCII || !(0..<byteCount).contains { byte(at: $0) > 0xC3 }
    }
}
