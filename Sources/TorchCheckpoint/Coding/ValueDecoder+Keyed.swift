import OrderedCollections

/// Decodes the entries of a dictionary, or the fields of an object of a Python class.
struct KeyedValueDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: ValueDecoder
    private let entries: OrderedDictionary<CheckpointKey, CheckpointValue>

    init(_ decoder: ValueDecoder) throws {
        self.decoder = decoder
        entries = try decoder.entries(ofObjectWithFields: true)
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        entries.keys.compactMap { key in
            switch key {
            case .string(let text): Key(stringValue: text)
            case .integer(let number): Key(intValue: number)
            case .other: nil
            }
        }
    }

    func contains(_ key: Key) -> Bool { entry(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(at: key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(at: key).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder(at: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(at: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(at: CheckpointCodingKey.superKey) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(at: key) }

    /// The entry with the key: the integer one if the coding key has a number, else the string.
    private func entry(_ key: some CodingKey) -> (key: CheckpointKey, value: CheckpointValue)? {
        let keys = [key.checkpointKey, .string(key.stringValue)]
        return keys.lazy.compactMap { key in entries[key].map { (key, $0) } }.first
    }

    private func decoder(at key: some CodingKey) throws -> ValueDecoder {
        guard let entry = entry(key) else {
            throw decoder.missing(key.checkpointKey)
        }
        return try ValueDecoder(entry.value, at: entry.key, of: decoder)
    }
}
