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
