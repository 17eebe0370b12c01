import ByteIO
import Pickle
import Tensors

/// Encodes one value.
final class ValueEncoder: Encoder {
    let session: EncodingSession
    let codingPath: [any CodingKey]
    /// What was encoded; nil before.
    private(set) var part: EncodedPart?
    /// Whether it was encoded as a single value, to which nothing can be added.
    private var isComplete = false

    init(_ session: EncodingSession, codingPath: [any CodingKey]) {
        self.session = session
        self.codingPath = codingPath
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedValueEncoder<Key>(self, dictionary()))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedValueEncoder(self, list()) }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Encodes a value as what this encoder encodes; nil when the value encodes nothing.
    func encoded<Value: Encodable>(_ value: Value) throws -> EncodedPart? {
        try checkDepth()
        do {
            if let known = try object(value) { return known }
        } catch let error as CheckpointError {
            throw located(error)
        }
        switch value {
        case let dictionary as any EncodableEntries: try encodeEntries(of: dictionary)
        case let set as any EncodableSet: try encodeElements(of: set)
        default: try value.encode(to: self)
        }
        return part
    }

    /// An object that is not made of parts; nil for other values.
    private func object(_ value: some Encodable) throws -> EncodedPart? {
        switch value {
        case let scalar as any ScalarCodable:
            return try .object(scalar.add(to: &session.contents.graph))
        case let tensor as Tensor: return try .object(session.contents.add(tensor))
        case let stateDict as StateDict: return try .object(session.contents.add(stateDict))
        case let value as any CheckpointCodable:
            return try session.part(of: value.checkpointValue())
        default: return nil
        }
    }

    private func encodeEntries(of dictionary: any EncodableEntries) throws {
        let encoded = EncodedDictionary(hasNames: false)
        part = .dictionary(encoded)
        for (key, value) in dictionary.encodableEntries {
            guard let key else {
                throw located(
                    CheckpointError(
                        .typeMismatch, "a key is neither a text nor a number of 64 bits",
                        advice: "Use CheckpointValue.dictionary(pairs:) with a value as the key"))
            }
            guard encoded.entries[key] == nil else {
                throw located(
                    CheckpointError(
                        .duplicateName, "two keys of the dictionary are \(key.pythonRepr)",
                        advice: "Use keys that differ as texts or numbers"))
            }
            encoded.entries[key] = try encoder(at: key).encodedOrEmpty(value)
        }
    }

    private func encodeElements(of set: any EncodableSet) throws {
        let list = list()
        list.kind = .set
        for (place, element) in set.encodableElements.enumerated() {
            let part = try encoder(at: .integer(place)).encodedOrEmpty(element)
            guard session.isHashable(part) else {
                throw located(
                    CheckpointError(
                        .invalidValue, "\(type(of: element)) can't be in a Python set",
                        advice: "Use an array, or elements that are encoded as tuples"))
            }
            list.elements.append(part)
        }
    }
}

extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() { complete(.object(.none)) }

    func encode(_ value: some Encodable) throws {
        complete(try ValueEncoder(session, codingPath: codingPath).encodedOrEmpty(value))
    }

    private func complete(_ single: EncodedPart) {
        start(single)
        isComplete = true
    }

    /// Encodes what is to be a tuple.
    ///
    /// - Throws: ``CheckpointError/Code/invalidValue`` when it has no elements in order.
    func encodeTuple(_ value: some Encodable) throws {
        try encode(value)
        switch part {
        case .list(let list) where list.kind != .set: list.kind = .tuple
        case .object(.none): break
        default:
            throw located(
                CheckpointError(
                    .invalidValue, "\(type(of: value)) is not encoded as a list of elements",
                    advice: "Only what is can be a tuple"))
        }
    }
}

extension ValueEncoder {
    /// An encoder of something one step further in.
    func encoder(at key: CheckpointKey) -> ValueEncoder {
        ValueEncoder(session, codingPath: codingPath + [CheckpointCodingKey(key)])
    }

    /// Encodes a value, which is an empty dictionary when it encodes nothing.
    func encodedOrEmpty(_ value: some Encodable) throws -> EncodedPart {
        try encoded(value) ?? .dictionary(EncodedDictionary(hasNames: true))
    }

    /// The error with the place of this encoder before the place that it names.
    func located(_ error: CheckpointError) -> CheckpointError {
        error.insideKeyPath(CheckpointPath(codingPath).description)
    }

    private func checkDepth() throws(CheckpointError) {
        guard codingPath.count <= CodingLimits.maximumDepth else {
            throw located(CodingLimits.tooDeep())
        }
    }

    /// The dictionary that is encoded.
    private func dictionary() -> EncodedDictionary {
        if case .dictionary(let dictionary) = part, !isComplete { return dictionary }
        let dictionary = EncodedDictionary(hasNames: true)
        start(.dictionary(dictionary))
        return dictionary
    }

    /// The list that is encoded.
    private func list() -> EncodedList {
        if case .list(let list) = part, !isComplete { return list }
        let list = EncodedList()
        start(.list(list))
        return list
    }

    // Asking for a container can't throw.
    private func start(_ new: EncodedPart) {
        if part != nil {
            fail(
                CheckpointError(
                    .invalidValue, "a type encodes itself in two ways at once",
                    advice: "Encode either entries, elements or a single value"))
        }
        part = new
    }

    /// Notes an error where none can be thrown.
    private func fail(_ error: CheckpointError) {
        session.failure = session.failure ?? located(error)
    }

    /// An encoder of something one step further in that is encoded later.
    ///
    /// - Parameter add: Adds what it encodes; not called where that is nested too deep.
    func nested(at key: CheckpointKey, _ add: (EncodedPart) -> Void) -> ValueEncoder {
        let nested = encoder(at: key)
        if nested.codingPath.count <= CodingLimits.maximumDepth {
            add(.encoder(nested))
        } else {
            fail(CodingLimits.tooDeep())
        }
        return nested
    }
}
