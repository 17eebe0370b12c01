/// What a ``GraphWalker`` knows of an object of the graph.
struct VisitState {
    var isReached = false
    var isOpen = false
    /// Where an open object is in the runs.
    var run: UInt32 = 0
    var height: UInt32 = 0
}

/// What a ``GraphWalker`` knows of each object of the graph.
///
/// A walk that may reach only a few of many objects costs as much as what it reaches: it begins with
/// a dictionary, and turns to an array when that is not much larger any more.
struct VisitStates {
    // One for each object, or none as long as the dictionary is used.
    private var all: [VisitState] = []
    private var reached: [NodeID: VisitState] = [:]
    private let objectCount: Int

    init(objectCount: Int, reachesMost: Bool) {
        self.objectCount = objectCount
        if reachesMost { useArray() }
    }

    subscript(id: NodeID) -> VisitState {
        @inline(__always)
        get { all.isEmpty ? reached[id] ?? VisitState() : all[id.index] }
        @inline(__always)
        set {
            guard all.isEmpty else { return all[id.index] = newValue }
            reached[id] = newValue
            if reached.count > objectCount / 16 { useArray() }
        }
    }

    private mutating func useArray() {
        all = Array(repeating: VisitState(), count: objectCount)
        for (id, state) in reached { all[id.index] = state }
        reached = [:]
    }
}
