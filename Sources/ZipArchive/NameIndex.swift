import ByteIO

/// Finds entries by name without regard to ASCII case, which torch's reader disregards too.
///
/// A table of numbers only: the names stay in the directory, so that an entry takes a few bytes here
/// and no memory of its own.
struct NameIndex: Sendable {
    // The number of an entry plus one, or 0. There are at least twice as many slots as entries.
    private var slots: [UInt32]
    private let capacity: Int

    /// A table for up to `capacity` names, which must be less than 2³².
    init(capacity: Int) {
        self.capacity = capacity
        var count = 4
        while count < 2 * capacity { count *= 2 }
        slots = [UInt32](repeating: 0, count: count)
    }

    /// Notes the name of the entry `index`, and returns the entry that has it already, if any.
    mutating func insert(_ index: Int, of table: EntryTable) -> Int? {
        table.withName(of: index) { name in
            let (slot, found) = find(name, among: table)
            if found == nil { slots[slot] = UInt32(index + 1) }
            return found
        }
    }

    /// The entry with a name, or nil.
    func find(_ name: RawSpan, in table: EntryTable) -> Int? {
        find(name, among: table).entry
    }

    /// The entry with a name, or the slot where it would be.
    ///
    /// A name that ends in a number belongs into the slot of that number: torch numbers its records,
    /// and neighbours in the archive are neighbours here. Where another entry has that slot, and for
    /// names without a number, the hash says in which order to look at the slots.
    private func find(_ name: RawSpan, among table: EntryTable) -> (slot: Int, entry: Int?) {
        if let number = name.lastNumber, number < capacity {
            guard slots[number] != 0 else { return (number, nil) }
            if let entry = entry(in: number, named: name, table) { return (number, entry) }
        }
        let hash = Self.hash(name)
        let step = Int(truncatingIfNeeded: hash >> 32) | 1
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if let entry = entry(in: slot, named: name, table) { return (slot, entry) }
            slot = (slot &+ step) & (slots.count - 1)
        }
        return (slot, nil)
    }

    /// The entry in a slot that has one, if its name is the given one.
    private func entry(in slot: Int, named name: RawSpan, _ table: EntryTable) -> Int? {
        let index = Int(slots[slot]) - 1
        return table.withName(of: index) { $0.isSameName(as: name) } ? index : nil
    }

    private static func hash(_ name: RawSpan) -> UInt64 {
        guard name.hasUpperCase else { return name.seededHash }
        let folded = (0..<name.byteCount).map { name.byte(at: $0).lowerCased }
        return unsafe folded.span.bytes.seededHash
    }
}

extension RawSpan {
    /// The number that the digits at the end are; nil when there are none, or more than 9.
    fileprivate var lastNumber: Int? {
        var (number, factor, index) = (0, 1, byteCount)
        while index > 0, 0x30...0x39 ~= byte(at: index - 1) {
            guard factor < 1_000_000_000 else { return nil }
            index -= 1
            number += factor * Int(byte(at: index) - 0x30)
            factor *= 10
        }
        return index < byteCount ? number : nil
    }

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
