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

extension DecodableEntries where Key: EntryKey, Value: Decodable {
    init(decoding decoder: ValueDecoder) throws {
        self.init()
        try decoder.decodeEntries { key, value in updateValue(value, forKey: key) == nil }
    }
}

extension Dictionary: DecodableEntries where Key: EntryKey, Value: Decodable {}

extension OrderedDictionary: DecodableEntries where Key: EntryKey, Value: Decodable {}

/// A dictionary that is written as one.
protocol EncodableEntries {
    /// The entries in the order in which they are written; nil for a key that files do not have.
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] { get }
}

// Hashing is seeded anew in every process; files do not depend on it.
extension Dictionary: EncodableEntries where Key: EntryKey, Value: Encodable {
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] {
        sorted { $0.key.precedes($1.key) }.map { ($0.key.checkpointKey, $0.value) }
    }
}

extension OrderedDictionary: EncodableEntries where Key: EntryKey, Value: Encodable {
    var encodableEntries: [(key: CheckpointKey?, value: any Encodable)] {
        map { ($0.key.checkpointKey, $0.value) }
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
    fileprivate func decodeEntries<Key: EntryKey, Value: Decodable>(
        _ add: (Key, Value) throws -> Bool
    ) throws {
        let entries = try entries()
        try session.spend(entries.count, on: value)
        for (key, entry) in entries {
            let decoder = try ValueDecoder(entry, at: key, of: self)
            guard let swiftKey = Key(key) else {
                throw located(
                    CheckpointError(
                        .typeMismatch, "the key \(key.pythonRepr) is no \(Key.self)",
                        offset: value.graph.offset(of: value.id),
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
