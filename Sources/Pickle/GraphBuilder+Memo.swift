import ByteIO

extension GraphBuilder {
    mutating func pushMemo(_ slot: Int) throws(CheckpointError) {
        guard let id = slot < memo.count ? memo[slot] : sparseMemo[slot] else {
            throw CheckpointError(
                .unknownMemoSlot, "memo slot \(slot) is asked for before it is filled")
        }
        try push(id)
    }

    @inline(__always)
    mutating func storeMemo(
        _ slot: Int, _ instruction: Instruction
    ) throws(CheckpointError) {
        try remember(top(instruction), in: slot)
    }

    // CPython's MEMOIZE takes the number of filled slots as the slot.
    mutating func memoize(_ instruction: Instruction) throws(CheckpointError) {
        try remember(top(instruction), in: memoisedCount)
    }

    // Picklers fill slots in turn, so an array serves; a hostile slot number goes to a dictionary
    // and costs no more than its own entry.
    private mutating func remember(_ id: NodeID, in slot: Int) throws(CheckpointError) {
        if slot < memo.count {
            memo[slot] = id
        } else if slot == memo.count, slot < memoEnd {
            memo.append(id)
            memoisedCount += 1
        } else {
            try rememberOutOfTurn(id, in: slot)
        }
    }

    @inline(never)
    private mutating func rememberOutOfTurn(
        _ id: NodeID, in slot: Int
    ) throws(CheckpointError) {
        guard sparseMemo.updateValue(id, forKey: slot) == nil else { return }
        memoisedCount += 1
        guard memoisedCount <= limits.memoSlots else {
            throw PickleLimits.exceeded(
                "the memo would have \(memoisedCount) slots", "memoSlots", limits.memoSlots)
        }
        // The array ends before the first slot that is in the dictionary, and has no more slots
        // than those that are not.
        memoEnd = min(memoEnd - 1, slot)
    }

    /// The memo slot that the line of a `GET` or `PUT` says.
    func memoSlot(_ instruction: Instruction) throws(CheckpointError) -> Int {
        let text = line(instruction.text)
        guard text.isDecimal, let slot = Int(text), slot >= 0 else {
            throw CheckpointError(.malformedPickle, "\(text.excerpt) is not a memo slot")
        }
        return slot
    }
}
