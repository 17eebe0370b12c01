import ByteIO
import Foundation

/// A record of JSON, which Foundation reads.
struct JSONRecord {
    private let text: [UInt8]

    /// The most bytes of a record of JSON: a tensor takes some hundred.
    static let maximumByteCount = 1 << 26

    /// - Throws: ``CheckpointError/Code/missingRecord``;
    ///   ``CheckpointError/Code/limitExceeded`` when it is longer than ``maximumByteCount``, before
    ///   anything of it is read; what inflating throws.
    init(_ name: String, of records: RecordArchive) throws(CheckpointError) {
        let entry = try records.requireEntry(name)
        guard entry.byteCount <= Self.maximumByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "has \(entry.byteCount) bytes of JSON, and at most \(Self.maximumByteCount) are read"
            ).inRecord(name)
        }
        text = try records.contents(of: entry).copyBytes()
    }

    /// Decodes the whole record.
    ///
    /// - Throws: ``CheckpointError/Code/malformedJSON`` that says where.
    /// - Complexity: O(*n*) in the number of bytes.
    func decode<Value: Decodable>(_ type: Value.Type) throws(CheckpointError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text))
        } catch {
            throw Self.malformed(error)
        }
    }

    /// The names in the object that a field of the outermost object is, in the order of the text,
    /// which Foundation does not keep.
    ///
    /// A record that could not be decoded has no names that mean anything.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    func names(in field: String) throws(CheckpointError) -> [String] {
        var names: [String] = []
        var (depth, position, isInField) = (0, 0, false)
        while position < text.count {
            let start = position
            position += 1
            switch text[start] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                position = end(ofStringAt: start)
                guard depth <= 2, isColon(behind: position) else { continue }
                let name = try string(start..<position)
                if depth == 1 { isInField = name == field } else if isInField { names.append(name) }
            default: continue
            }
        }
        return names
    }

    private func end(ofStringAt start: Int) -> Int {
        var position = start + 1
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, text.count)
    }

    private func isColon(behind position: Int) -> Bool {
        let space = text[position...].prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return space.endIndex < text.count && text[space.endIndex] == UInt8(ascii: ":")
    }

    private func string(_ place: Range<Int>) throws(CheckpointError) -> String {
        let literal = text[place]
        guard literal.contains(UInt8(ascii: "\\")) else {
            return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        do {
            return try JSONDecoder().decode(String.self, from: Data(literal))
        } catch {
            throw Self.malformed(error)
        }
    }
}

// What Foundation says of a text that it does not take.
extension JSONRecord {
    private static func malformed(_ error: any Error) -> CheckpointError {
        var reason = "is not the JSON that is expected"
        if let context = context(of: error) {
            let path = context.codingPath.suffix(6).map(\.stringValue).joined(separator: ".")
            reason += path.isEmpty ? "" : " at '\(path.suffix(shownCharacterCount))'"
            reason += ": \(context.debugDescription.prefix(shownCharacterCount))"
        }
        // A full stop would end the sentence that the advice goes on with.
        return CheckpointError(
            .malformedJSON, reason.hasSuffix(".") ? String(reason.dropLast()) : reason,
            advice: CheckpointContents.adviceOnDamage, underlying: error)
    }

    private static let shownCharacterCount = 256

    private static func context(of error: any Error) -> DecodingError.Context? {
        switch error as? DecodingError {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context
        default: nil
        }
    }
}
