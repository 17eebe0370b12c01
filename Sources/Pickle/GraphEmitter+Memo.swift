import ByteIO

extension GraphEmitter {
    /// How often parts of objects may be written again, in all.
    ///
    /// Python writes the items of a tuple anew when they lead back to it. CPython's limit of
    /// recursion keeps that short; here it could go on with the square of the graph.
    static let repetitions = 1 << 20

    /// Gives an object of the graph the next slot.
    mutating func memoise(_ id: NodeID) {
        memo[id] = put()
    }

    /// Gives the object that was just written the next slot.
    @discardableResult mutating func put() -> Int32 {
        let slot = memo.next()
        writer.writePut(slot)
        return slot
    }

    /// Gives an object that is finished its slot; if it led back to itself and got it meanwhile,
    /// the new one is dropped.
    ///
    /// - Returns: Whether it is new.
    mutating func settle(_ id: NodeID) -> Bool {
        guard memo.has(id) else {
            memoise(id)
            return true
        }
        writer.writeUncommon(.pop)
        writer.writeGet(memo[id])
        return false
    }

    /// Begins an object that gets its slot when its parts are written.
    ///
    /// - Returns: Whether it had been begun before, so that it is a part of itself.
    @discardableResult mutating func begin(
        _ id: NodeID, parts: Int
    ) throws(CheckpointError) -> Bool {
        if memo.begin(id) { return false }
        try spend(parts + 1)
        return true
    }

    /// Takes from what may be written in addition to what the graph has.
    mutating func spend(_ count: Int) throws(CheckpointError) {
        allowance -= count
        guard allowance >= 0 else {
            throw CheckpointError(
                .limitExceeded,
                "objects that are part of themselves, or long names, would be written again and "
                    + "again, more than \(Self.repetitions) parts of them",
                advice: "Keep such objects out of tuples and arguments, and names short")
        }
    }
}
