import ByteIO

/// The stack of the pickle machine.
///
/// Most instructions are a push or a pop, for which an array does more than the instruction itself.
@safe
struct ObjectStack: ~Copyable {
    private var memory: UnsafeMutableBufferPointer<NodeID>
    /// The most objects that there may be, which memory never has room for more than: so the limit
    /// is looked at when there is no room, and not with each object.
    private let maximumCount: Int
    /// The number of objects.
    private(set) var count = 0

    init(maximumCount: Int) {
        self.maximumCount = max(maximumCount, 0)
        unsafe memory = .allocate(capacity: min(256, self.maximumCount))
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The object at a height, which must be below ``count``.
    subscript(height: Int) -> NodeID {
        @inline(__always)
        get {
            precondition(height >= 0 && height < count, "an object of the stack")
            return unsafe memory[height]
        }
    }

    /// Puts an object on top.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    @inline(__always)
    mutating func push(_ id: NodeID) throws(CheckpointError) {
        if unsafe count == memory.count { try grow() }
        unsafe memory[count] = id
        count &+= 1
    }

    /// Takes the top object off; nil when there is none.
    @inline(__always)
    mutating func pop() -> NodeID? {
        guard count > 0 else { return nil }
        count &-= 1
        return unsafe memory[count]
    }

    /// Takes off all objects from a height up, which must not be above ``count``.
    mutating func drop(to height: Int) {
        precondition(height >= 0 && height <= count, "a height of the stack")
        count = height
    }

    /// Takes out the object at a height, which must be below ``count``.
    mutating func remove(at height: Int) -> NodeID {
        let removed = self[height]
        for place in (height + 1)..<count { unsafe memory[place - 1] = memory[place] }
        count -= 1
        return removed
    }

    /// Calls `body` with the objects from a height up, which must not be above ``count``.
    @inline(__always)
    func withObjects<Result>(from height: Int, _ body: (Span<NodeID>) -> Result) -> Result {
        precondition(height >= 0 && height <= count, "a height of the stack")
        let objects = unsafe UnsafeBufferPointer(rebasing: memory[height..<count])
        return unsafe body(Span(_unsafeElements: objects))
    }

    @inline(never)
    private mutating func grow() throws(CheckpointError) {
        guard count < maximumCount else {
            throw PickleLimits.exceeded(
                "the stack would have \(count + 1) objects", "stackObjects", maximumCount)
        }
        let larger = unsafe UnsafeMutableBufferPointer<NodeID>.allocate(
            capacity: min(2 * memory.count, maximumCount))
        _ = unsafe larger.initialize(from: memory)
        unsafe memory.deallocate()
        unsafe memory = larger
    }
}

extension [NodeID] {
    /// Appends objects of the stack.
    @inline(__always)
    mutating func append(copying objects: Span<NodeID>) {
        unsafe objects.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
