import ByteIO

/// The names of an archive that is being written: each fit to be read, and unlike the others.
///
/// A table of hashes over the names, which lie one behind the other, so that no name takes memory of
/// its own.
struct RecordNames {
    // All names in lower case.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    // The upper half of a name's hash, and below it the number of the name plus one; 0 is a free
    // place. A name is at the place that its half of the hash says, or behind it.
    private var places = [UInt64](repeating: 0, count: 16)

    /// Takes in the next name.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateRecord`` or
    ///   ``CheckpointError/Code/unwritableRecord``.
    /// - Complexity: O(*n*) in the length of the name, on average.
    mutating func insert(_ name: String) throws(CheckpointError) {
        let start = bytes.count
        bytes += name.utf8
        guard 1...Int(UInt16.max) ~= bytes.count - start, foldCase(from: start) else {
            throw CheckpointError(
                .unwritableRecord, "the name of a record has 1 to 65535 bytes, none of them 0",
                advice: "Choose another name"
            ).inRecord(String(name.prefix(64)))
        }
        ends.append(bytes.count)
        guard insertLast() else {
            throw CheckpointError(
                .duplicateRecord,
                "is written twice, or under names that differ in the case of letters only",
                advice: "torch's reader would find only one of them; choose another name"
            ).inRecord(name)
        }
    }

    /// Puts the bytes from `start` on into lower case; false when there is a 0 among them.
    private mutating func foldCase(from start: Int) -> Bool {
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte == 0 { return false }
            bytes[index] = byte.lowerCased
        }
        return true
    }

    /// Enters the last name; false when there is one like it.
    private mutating func insertLast() -> Bool {
        if 2 * ends.count > places.count { grow() }
        let number = ends.count - 1
        let hash = hash(of: number)
        var place = Int(hash >> 32) & (places.count - 1)
        while places[place] != 0 {
            if isSame(places[place], number, hash) { return false }
            place = (place + 1) & (places.count - 1)
        }
        places[place] = hash & ~0xFFFF_FFFF | UInt64(ends.count)
        return true
    }

    private func isSame(_ entry: UInt64, _ number: Int, _ hash: UInt64) -> Bool {
        guard (entry ^ hash) >> 32 == 0 else { return false }
        let other = Int(entry & 0xFFFF_FFFF) - 1
        return unsafe bytes.span.bytes.extracting(range(of: other))
            .hasSameBytes(as: bytes.span.bytes.extracting(range(of: number)))
    }

    private mutating func grow() {
        let entries = places
        places = Array(repeating: 0, count: 2 * entries.count)
        for entry in entries where entry != 0 {
            var place = Int(entry >> 32) & (places.count - 1)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = entry
        }
    }

    private func range(of number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    private func hash(of number: Int) -> UInt64 {
        unsafe bytes.span.bytes.extracting(range(of: number)).seededHash
    }
}
