import ByteIO

/// Which memo slots a pickle that is being written has filled, and with what.
///
/// Objects that can be shared get the next slot when they are written, whether they are mentioned
/// again or not.
struct EmitterMemo {
    /// What the emitter adds to a graph and Python has once, wherever it comes from.
    enum Shared: Hashable {
        /// A class or function, by its name in the graph.
        case global(GlobalName)
        /// A class inside a class, by the slot of the outer one.
        case nested(Int32, String)
        /// The `__new__` of a class.
        case constructor(NodeID)
        /// A text of one character.
        case character(UInt8)
        /// The text `latin1`.
        case latin1
    }

    private static let unwritten: Int32 = -1
    private static let begun: Int32 = -2

    private var slots: [Int32]
    private var sharedSlots: [Shared: Int32] = [:]
    private var slotCount: Int32 = 0

    init(count: Int) {
        slots = Array(repeating: Self.unwritten, count: count)
    }

    /// Whether an object of the graph has a slot.
    func has(_ id: NodeID) -> Bool { slots[id.index] >= 0 }

    /// The slot of an object of the graph.
    subscript(id: NodeID) -> Int32 {
        get { slots[id.index] }
        set { slots[id.index] = newValue }
    }

    /// The slot of an object that is shared by what it is, or nil.
    subscript(shared: Shared) -> Int32? {
        get { sharedSlots[shared] }
        set { sharedSlots[shared] = newValue }
    }

    /// Takes the next slot.
    mutating func next() -> Int32 {
        defer { slotCount += 1 }
        return slotCount
    }

    /// Notes that an object is begun that gets its slot when it is finished.
    ///
    /// - Returns: Whether it had not been begun yet.
    mutating func begin(_ id: NodeID) -> Bool {
        defer { slots[id.index] = Self.begun }
        return slots[id.index] == Self.unwritten
    }
}

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
                    + "again, more than \(Self.repetitions) parts of them")
        }
    }
}
