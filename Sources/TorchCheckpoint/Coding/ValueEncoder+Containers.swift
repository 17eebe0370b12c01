/// Encodes the entries of a dictionary.
struct KeyedValueEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: ValueEncoder
    private let dictionary: EncodedDictionary

    init(_ encoder: ValueEncoder, _ dictionary: EncodedDictionary) {
        self.encoder = encoder
        self.dictionary = dictionary
    }

    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil(forKey key: Key) { set(.object(.none), key) }

    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        try set(encoder.encoder(at: key.checkpointKey).encodedOrEmpty(value), key)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        addEncoder(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        addEncoder(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { addEncoder(CheckpointCodingKey.superKey) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { addEncoder(key) }

    private func set(_ part: EncodedPart, _ key: some CodingKey) {
        dictionary.entries[key.checkpointKey] = part
    }

    /// Adds an entry that is encoded later.
    private func addEncoder(_ key: some CodingKey) -> ValueEncoder {
        // A class and the one that it inherits from may both add to one dictionary.
        if case .encoder(let known) = dictionary.entries[key.checkpointKey] { return known }
        return encoder.nested(at: key.checkpointKey) { set($0, key) }
    }
}

/// Encodes the elements of a list.
struct UnkeyedValueEncoder: UnkeyedEncodingContainer {
    private let encoder: ValueEncoder
    private let list: EncodedList

    init(_ encoder: ValueEncoder, _ list: EncodedList) {
        self.encoder = encoder
        self.list = list
    }

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { list.elements.count }

    mutating func encodeNil() { list.elements.append(.object(.none)) }

    mutating func encode(_ value: some Encodable) throws {
        try list.elements.append(encoder.encoder(at: .integer(count)).encodedOrEmpty(value))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        addEncoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        addEncoder().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { addEncoder() }

    /// Adds an element that is encoded later.
    private func addEncoder() -> ValueEncoder {
        encoder.nested(at: .integer(count)) { list.elements.append($0) }
    }
}
