/// The memo of an unpickler.
///
/// Picklers fill slots in turn, so an array serves; a hostile slot number goes to a dictionary and
/// costs no more than its own entry.
package struct Memo<Value> {
    @usableFromInline var dense: [Value] = []
    @usableFromInline var sparse: [UInt64: Value] = [:]

    @inlinable
    package init() {}

    /// The number of slots that are filled.
    @inlinable
    package var count: Int { dense.count + sparse.count }

    /// What is in a slot, or nil when nothing is.
    @inlinable
    package subscript(slot: UInt64) -> Value? {
        slot < dense.count ? dense[Int(slot)] : sparse[slot]
    }

    /// Puts a value into a slot.
    @inlinable
    package mutating func store(_ value: Value, in slot: UInt64) {
        if slot < dense.count {
            dense[Int(slot)] = value
        } else if slot == dense.count, sparse.isEmpty || sparse[slot] == nil {
            dense.append(value)
        } else {
            sparse[slot] = value
        }
    }
}

extension Memo: Sendable where Value: Sendable {}
