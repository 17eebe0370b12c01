import BigInt

/// A type of dictionary keys that Python has, too.
protocol EntryKey: Hashable {
    /// Nil when the key of the file is of another type.
    init?(_ key: CheckpointKey)
    /// Nil when there is no such key in files.
    var checkpointKey: CheckpointKey? { get }
    /// Whether this key is written before another one.
    func precedes(_ other: Self) -> Bool
}

extension String: EntryKey {
    init?(_ key: CheckpointKey) {
        guard case .string(let text) = key else { return nil }
        self = text
    }

    var checkpointKey: CheckpointKey? { .string(self) }

    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension CheckpointKey: EntryKey {
    init?(_ key: CheckpointKey) { self = key }

    var checkpointKey: CheckpointKey? {
        if case .other = self { nil } else { self }
    }

    /// Numbers come before texts.
    func precedes(_ other: CheckpointKey) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.integer, _): true
        case (_, .integer): false
        default: description.precedes(other.description)
        }
    }
}

extension EntryKey where Self: BinaryInteger {
    init?(_ key: CheckpointKey) {
        guard case .integer(let number) = key else { return nil }
        self.init(exactly: number)
    }

    var checkpointKey: CheckpointKey? { Int(exactly: self).map(CheckpointKey.integer) }

    func precedes(_ other: Self) -> Bool { self < other }
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
