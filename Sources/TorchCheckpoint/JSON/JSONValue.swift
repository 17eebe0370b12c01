import ByteIO

/// A value of a ``JSONDocument``, with the fields that led to it.
///
/// Methods throw ``CheckpointError/Code/malformedJSON`` where the value is of another kind.
struct JSONValue {
    let document: JSONDocument
    let place: Int
    let path: [String]

    private var node: JSONDocument.Node { document.nodes[place] }

    /// Whether the value is `null`.
    var isNull: Bool { if case .null = node { true } else { false } }

    /// The value of a field, or nil when it is missing or null.
    func field(_ name: String) throws(CheckpointError) -> JSONValue? {
        guard case .object(let keys, let values) = node else { throw mismatch("an object") }
        guard let index = keys.firstIndex(of: name) else { return nil }
        let value = JSONValue(document: document, place: values[index], path: path + [name])
        return value.isNull ? nil : value
    }

    /// The value of a field that has to be there.
    func require(_ name: String) throws(CheckpointError) -> JSONValue {
        guard let value = try field(name) else { throw mismatch("an object with '\(name)'") }
        return value
    }

    /// The fields of an object, in the order of the text.
    func entries() throws(CheckpointError) -> [(key: String, value: JSONValue)] {
        guard case .object(let keys, let values) = node else { throw mismatch("an object") }
        return zip(keys, values).map {
            ($0, JSONValue(document: document, place: $1, path: path + [$0]))
        }
    }

    /// The elements of an array.
    func elements() throws(CheckpointError) -> [JSONValue] {
        guard case .array(let values) = node else { throw mismatch("an array") }
        return values.enumerated().map {
            JSONValue(document: document, place: $1, path: path + ["\($0)"])
        }
    }

    /// An integer: a number, or the text that protobuf writes for 64 bits.
    func integer() throws(CheckpointError) -> Int {
        let value: Int? =
            switch node {
            case .number(let text), .string(let text): Int(text)
            default: nil
            }
        guard let value else { throw mismatch("an integer of 64 bits") }
        return value
    }

    func string() throws(CheckpointError) -> String {
        guard case .string(let text) = node else { throw mismatch("a text") }
        return text
    }

    func bool() throws(CheckpointError) -> Bool {
        guard case .bool(let value) = node else { throw mismatch("true or false") }
        return value
    }

    /// The integers of an array.
    func integers() throws(CheckpointError) -> [Int] {
        var integers: [Int] = []
        for element in try elements() { try integers.append(element.integer()) }
        return integers
    }

    func mismatch(_ expected: String) -> CheckpointError {
        let place = path.isEmpty ? "the JSON" : "'\(path.suffix(6).joined(separator: "."))'"
        return CheckpointError(
            .malformedJSON, "\(place) is \(found), and \(expected) was expected",
            advice: CheckpointContents.adviceOnDamage)
    }

    private var found: String {
        switch node {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let text): text
        case .string(let text): "'\(text.prefix(32))'"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
