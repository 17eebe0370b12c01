import ByteIO

/// Finds entries by name without regard to ASCII case, which torch's reader disregards too.
///
/// A table of numbers only: the names stay in the directory, so that an entry takes 16 bytes here
/// and no memory of its own.
struct NameIndex: Sendable {
    // Each slot has the upper half of a name's hash above the number of the entry plus one, so that
    // hardly any name is compared that is not the same; 0 is an empty slot.
    private var slots: [UInt64]

    /// A table for up to `capacity` names.
    init(capacity: Int) {
        var count = 4
        while count < 2 * capacity { count *= 2 }
        slots = [UInt64](repeating: 0, count: count)
    }

    /// Notes the name of the entry `index`, and returns the entry that has it already, if any.
    mutating func insert(_ index: Int, of table: EntryTable) -> Int? {
        table.withName(of: index) { name in
            let hash = Self.hash(name)
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 {
                if let found = match(slots[slot], name, hash, table) { return found }
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = Self.tag(hash) | UInt64(index + 1)
            return nil
        }
    }

    /// The entry with a name, or nil.
    func find(_ name: RawSpan, in table: EntryTable) -> Int? {
        let hash = Self.hash(name)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if let found = match(slots[slot], name, hash, table) { return found }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func match(
        _ slot: UInt64, _ name: RawSpan, _ hash: UInt64, _ table: EntryTable
    ) -> Int? {
        guard (slot ^ hash) >> 32 == 0 else { return nil }
        let index = Int(slot & 0xFFFF_FFFF) - 1
        return table.withName(of: index) { $0.isSameName(as: name) } ? index : nil
    }

    private static func tag(_ hash: UInt64) -> UInt64 { hash & ~0xFFFF_FFFF }

    // Swift's hasher begins with a number that nobody knows, so no archive can be made whose names
    // all meet in one slot.
    private static func hash(_ name: RawSpan) -> UInt64 {
        var hasher = Hasher()
        if name.hasUpperCase {
            let folded = (0..<name.byteCount).map { name.byte(at: $0).lowerCased }
            unsafe folded.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        } else {
            unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
        return UInt64(truncatingIfNeeded: Int64(hasher.finalize()))
    }
}

extension RawSpan {
    /// Whether a byte is an upper-case letter.
    fileprivate var hasUpperCase: Bool {
        let letters = unionOfWords { word in
            // Adding sets the highest bit of each byte that is at least an A, or is beyond a Z.
            let low = word & 0x7F7F_7F7F_7F7F_7F7F
            return (low &+ 0x3F3F_3F3F_3F3F_3F3F) & ~(low &+ 0x2525_2525_2525_2525) & ~word
        }
        return letters & 0x8080_8080_8080_8080 != 0
    }

    fileprivate func isSameName(as other: RawSpan) -> Bool {
        if hasSameBytes(as: other) { return true }
        guard byteCount == other.byteCount else { return false }
        for index in 0..<byteCount
        where byte(at: index).lowerCased != other.byte(at: index).lowerCased {
            return false
        }
        return true
    }
}

extension UInt8 {
    /// The byte, as a lower-case letter if it is an ASCII letter.
    fileprivate var lowerCased: UInt8 { 0x41...0x5A ~= self ? self | 0x20 : self }
}
