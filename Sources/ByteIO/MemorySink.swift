/// Collects bytes in memory.
package struct MemorySink: ByteSink {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    /// A sink without bytes, with room for `capacity` of them.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Appends `bytes`.
    ///
    /// - Complexity: O(*n*) in the size of the piece, on average.
    package mutating func write(_ piece: RawSpan) {
        bytes.append(copying: piece)
    }
}
