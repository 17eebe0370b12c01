/// Finds the objects of a graph in the order in which ``GraphEmitter`` first writes them.
///
/// That order is depth first, with one turn: a tuple, a set or an object that is made by a call gets
/// its memo slot only when its parts are written. If one of the parts leads back to it, it is begun
/// again there, and what was left of it is written there. Emitting does that by writing it twice;
/// here every part is visited once, so that walking is linear in the graph.
struct GraphWalker {
    /// What is left to do, the next last.
    private enum Task {
        /// The contents of an object that has its slot, from a place on.
        case contents(NodeID, from: UInt32)
        /// The parts of the open objects of a run, until the run has no more than `height` of them.
        case run(UInt32, downTo: UInt32)
        /// The end of the last run.
        case endRun
    }

    /// An object whose parts are being visited.
    private struct Open {
        let id: NodeID
        /// Whether it is a list or dictionary that the object above makes a copy of: what it holds
        /// is a part of that object.
        var isCopied = false
        var place = 0
    }

    private let graph: PickleGraph
    private var order: [NodeID] = []
    private var states: VisitStates
    private var tasks: [Task] = []
    // Open objects, each a part of the one before it: no object between them has a slot.
    private var runs: [[Open]] = []
    private var runCount = 0
    private var allowance: Int

    /// - Parameter reachesMost: Whether most objects of the graph are going to be reached.
    init(
        _ graph: PickleGraph, reachesMost: Bool, repetitions: Int = GraphEmitter.repetitions
    ) {
        self.graph = graph
        allowance = repetitions
        states = VisitStates(objectCount: graph.count, reachesMost: reachesMost)
        if reachesMost { order.reserveCapacity(graph.count) }
    }

    /// The objects that can be reached from any of `ids`, each once.
    mutating func walk(from ids: [NodeID]) -> [NodeID] {
        for id in ids {
            visit(id, in: nil)
            workOff()
        }
        return order
    }

    private mutating func workOff() {
        while let task = tasks.popLast() {
            switch task {
            case .contents(let id, let place): visitContent(of: id, Int(place))
            case .run(let run, let height): advance(Int(run), downTo: height)
            case .endRun: runCount -= 1
            }
        }
    }

    private mutating func visitContent(of id: NodeID, _ place: Int) {
        var place = place
        while let child = graph.content(place, of: id) {
            place += 1
            if reachLeaf(child) { continue }
            tasks.append(.contents(id, from: UInt32(place)))
            return visit(child, in: nil)
        }
    }

    /// Visits the next part of the innermost object of a run.
    private mutating func advance(_ run: Int, downTo height: UInt32) {
        guard runs[run].count > height, var open = runs[run].last else { return }
        tasks.append(.run(UInt32(run), downTo: height))
        if let rest = unfinishedPart(of: open, in: run) {
            tasks.append(rest)
        } else if let part = nextPart(of: &open) {
            runs[run][runs[run].count - 1].place = open.place
            visit(part, in: run)
        } else {
            runs[run].removeLast()
            states[open.id].isOpen = false
            tasks.append(.contents(open.id, from: 0))
        }
    }

    /// The next part that holds objects; what comes before it is reached.
    private mutating func nextPart(of open: inout Open) -> NodeID? {
        while let part = part(open.place, of: open) {
            open.place += 1
            if !reachLeaf(part) { return part }
        }
        return nil
    }

    /// What is left of the part of an object that was visited last, when it is in another run.
    ///
    /// It is when that part had been begun before the object was, and the object is now begun again.
    private mutating func unfinishedPart(of open: Open, in run: Int) -> Task? {
        guard open.place > 0, var part = part(open.place - 1, of: open) else { return nil }
        part = graph.persistentID(part) ?? part
        let state = states[part]
        // An object that is a part of itself would never end; the emitter gives up on it as well.
        guard state.isOpen, Int(state.run) != run, allowance > 0 else { return nil }
        allowance -= 1
        return .run(state.run, downTo: state.height)
    }

    /// Visits an object that is a part of the innermost object of `run`, or is in contents.
    private mutating func visit(_ id: NodeID, in run: Int?) {
        var id = id
        // What lies outside the pickle has no slot: each mention of it is one of its id.
        while let identifier = graph.persistentID(id) {
            guard reach(id) || graph.kind(of: identifier) != .persistent else { return }
            id = identifier
        }
        if reach(id) {
            begin(id, in: run)
        } else if case let state = states[id], state.isOpen {
            tasks.append(.run(state.run, downTo: state.height))
        }
    }

    /// Notes that an object is reached, and returns whether it is for the first time.
    @inline(__always)
    private mutating func reach(_ id: NodeID) -> Bool {
        guard !states[id].isReached else { return false }
        states[id].isReached = true
        order.append(id)
        return true
    }

    /// Notes that an object is reached if it holds no others, and returns whether that is so.
    @inline(__always)
    private mutating func reachLeaf(_ id: NodeID) -> Bool {
        guard !graph.contents.nodes[id.index].holdsObjects else { return false }
        _ = reach(id)
        return true
    }

    private mutating func begin(_ id: NodeID, in run: Int?) {
        let isCopied = run.map { self.isCopied(id, in: $0) } ?? false
        // With parts that hold no others, nothing can lead back before the object has its slot.
        if !isCopied, reachLeaves(of: id) { return tasks.append(.contents(id, from: 0)) }
        let place = run ?? startRun()
        // What is copied has a slot of its own, or none.
        states[id] = VisitState(
            isReached: true, isOpen: !isCopied, run: UInt32(place),
            height: UInt32(runs[place].count))
        runs[place].append(Open(id: id, isCopied: isCopied))
    }

    /// Reaches the parts of an object, of which there may be none, unless some hold others.
    private mutating func reachLeaves(of id: NodeID) -> Bool {
        var count = 0
        while let part = graph.part(count, of: id) {
            guard !graph.contents.nodes[part.index].holdsObjects else { return false }
            count += 1
        }
        for place in 0..<count {
            if let part = graph.part(place, of: id) { _ = reach(part) }
        }
        return true
    }

    private func part(_ place: Int, of open: Open) -> NodeID? {
        open.isCopied ? graph.content(place, of: open.id) : graph.part(place, of: open.id)
    }

    /// Whether this is the list of a set in the set's arguments, or the keyword arguments of an
    /// object, the innermost of a run.
    private func isCopied(_ id: NodeID, in run: Int) -> Bool {
        let (opens, count) = (runs[run], runs[run].count)
        switch graph.kind(of: id) {
        case .list: return count > 1 && graph.listOfSet(opens[count - 2].id) == id
        case .dictionary: return graph.object(opens[count - 1].id)?.keywordArguments == id
        default: return false
        }
    }

    // Runs begin and end in turn, so that the memory of one that has ended serves the next.
    private mutating func startRun() -> Int {
        if runCount == runs.count { runs.append([]) }
        tasks.append(.endRun)
        tasks.append(.run(UInt32(runCount), downTo: 0))
        runCount += 1
        return runCount - 1
    }
}
