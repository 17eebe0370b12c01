/// Decodes the elements of a list, tuple or set, one after the other.
struct UnkeyedValueDecoder: UnkeyedDecodingContainer {
    private let decoder: ValueDecoder
    private let elements: [CheckpointValue]
    private(set) var currentIndex = 0

    init(_ decoder: ValueDecoder) throws {
        self.decoder = decoder
        elements = try decoder.elements()
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try next().value.isNone else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try next().decode(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container = try next().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try next().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let element = try next()
        currentIndex += 1
        return element
    }

    private func next() throws -> ValueDecoder {
        guard !isAtEnd else {
            throw decoder.missing(.integer(currentIndex))
        }
        return try ValueDecoder(
            elements[currentIndex], at: .integer(currentIndex), of: decoder)
    }
}
