import ByteIO
import OrderedCollections

// Left to itself, Swift writes dictionaries by coding keys, which can't tell "5" from 5, and those
// that keep an order as lists.

/// A dictionary that is made of the entries of one in a checkpoint.
protocol DecodableEntries {
    associatedtype Key
    associatedtype Value

    init()
    mutating func updateValue(_ value: Value, forKey key: Key) -> Value?
    init(decoding decoder: ValueDecoder) throws
}

extension DecodableEntries where Value: Decodable {
    init(decoding decoder: ValueDecoder) throws {
        self.init()
        try decoder.decodeEntries { key, value in updateValue(value, forKey: key) == nil }
    }
}

extension Dictionary: DecodableEntries where Value: Decodable {}

extension OrderedDictionary: DecodableEntries where Value: Decodable {}

/// A dictionary that is written as one.
protocol EncodableEntries {
    /// The entries in the order in which they are written; nil for a key that files do not have.
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] { get }
}

// Hashing is seeded anew in every process; files do not depend on it.
extension Dictionary: EncodableEntries where Value: Encodable {
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] {
        map { (CheckpointKey(ofAny: $0.key), $0.value) }.sorted { left, right in
            guard let left = left.key, let right = right.key else { return left.key == nil }
            return left.precedes(right)
        }
    }
}

extension OrderedDictionary: EncodableEntries where Value: Encodable {
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] {
        map { (CheckpointKey(ofAny: $0.key), $0.value) }
    }
}

/// A set, which is written as one.
protocol EncodableSet {
    var encodableElements: [any Encodable] { get }
}

/// A set whose elements have an order, in which they are written.
protocol SortableSet {
    var sortedElements: [any Encodable] { get }
}

extension Set: EncodableSet where Element: Encodable {
    var encodableElements: [any Encodable] {
        (self as? any SortableSet)?.sortedElements ?? Array(self)
    }
}

extension Set: SortableSet where Element: Encodable & Comparable {
    var sortedElements: [any Encodable] { sorted() }
}

extension ValueDecoder {
    /// Calls `add` with each key and value, which returns whether the key is new.
    fileprivate func decodeEntries<Key, Value: Decodable>(
        _ add: (Key, Value) throws -> Bool
    ) throws {
        for (key, entry) in try entries(ofObjectWithFields: false) {
            let decoder = try ValueDecoder(entry, at: key, of: self)
            guard let swiftKey = key.value(of: Key.self) else {
                throw located(
                    CheckpointError(
                        .typeMismatch, "the key \(key.pythonRepr) is no \(Key.self)",
                        offset: value.graph.place(of: value.id),
                        advice: "Decode a dictionary with CheckpointKey as its type of keys"))
            }
            // Swift takes two keys for equal that are one text in different Unicode forms.
            guard try add(swiftKey, decoder.decode(Value.self)) else {
                throw decoder.located(
                    CheckpointError(
                        .duplicateName, "two keys are the same \(Key.self)",
                        advice: "Decode a dictionary with CheckpointKey as its type of keys"))
            }
        }
    }
}
