import BigInt

/// A type of dictionary keys that Python has, too.
protocol EntryKey {
    /// Nil when the key of the file is of another type.
    init?(_ key: CheckpointKey)
    /// Nil when there is no such key in files.
    var checkpointKey: CheckpointKey? { get }
}

extension String: EntryKey {
    init?(_ key: CheckpointKey) {
        guard case .string(let text) = key else { return nil }
        self = text
    }

    var checkpointKey: CheckpointKey? { .string(self) }
}

extension CheckpointKey: EntryKey {
    init?(_ key: CheckpointKey) { self = key }

    var checkpointKey: CheckpointKey? {
        if case .other = self { nil } else { self }
    }

    /// Whether this key is written before another one: numbers come before texts.
    func precedes(_ other: CheckpointKey) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.integer, _): true
        case (_, .integer): false
        default: description.utf8.lexicographicallyPrecedes(other.description.utf8)
        }
    }
}

extension EntryKey where Self: BinaryInteger {
    init?(_ key: CheckpointKey) {
        guard case .integer(let number) = key else { return nil }
        self.init(exactly: number)
    }

    var checkpointKey: CheckpointKey? { Int(exactly: self).map(CheckpointKey.integer) }
}

extension Int: EntryKey {}
extension Int8: EntryKey {}
extension Int16: EntryKey {}
extension Int32: EntryKey {}
extension Int64: EntryKey {}
extension Int128: EntryKey {}
extension UInt: EntryKey {}
extension UInt8: EntryKey {}
extension UInt16: EntryKey {}
extension UInt32: EntryKey {}
extension UInt64: EntryKey {}
extension UInt128: EntryKey {}
extension BigInt: EntryKey {}

extension CheckpointKey {
    /// The key that a value of any type is in a dictionary; nil when files have no such key.
    ///
    /// Enumerations with a raw value are that value, and other types what they are as coding keys.
    init?(ofAny value: Any) {
        switch value {
        case let key as any EntryKey: self.init(key.checkpointKey)
        case let value as any RawRepresentable where Self.hasEntryKey(value):
            self.init(rawValueOf: value)
        case let value as any CodingKeyRepresentable: self = .string(value.codingKey.stringValue)
        default: return nil
        }
    }

    private static func hasEntryKey(_ value: some RawRepresentable) -> Bool {
        value.rawValue is any EntryKey
    }

    private static func hasEntryKey<Key: RawRepresentable>(_ type: Key.Type) -> Bool {
        Key.RawValue.self is any EntryKey.Type
    }

    private init?(_ key: CheckpointKey?) {
        guard let key else { return nil }
        self = key
    }

    private init?(rawValueOf value: some RawRepresentable) {
        self.init((value.rawValue as? any EntryKey)?.checkpointKey)
    }

    /// The value of a type that this key is; nil when it is none.
    func value<Key>(of type: Key.Type) -> Key? {
        switch type {
        case let type as any EntryKey.Type: type.init(self) as? Key
        case let type as any RawRepresentable.Type where Self.hasEntryKey(type):
            rawValue(of: type) as? Key
        case let type as any CodingKeyRepresentable.Type:
            type.init(codingKey: CheckpointCodingKey(self)) as? Key
        default: nil
        }
    }

    private func rawValue<Key: RawRepresentable>(of type: Key.Type) -> Key? {
        guard let rawType = Key.RawValue.self as? any EntryKey.Type,
            let rawValue = rawType.init(self) as? Key.RawValue
        else { return nil }
        return Key(rawValue: rawValue)
    }
}
