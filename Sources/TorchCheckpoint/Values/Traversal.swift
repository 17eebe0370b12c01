package import ByteIO
import Pickle

/// Visits everything in a checkpoint, depth first, each container once, at its first path.
///
/// It keeps its own stack, so that a graph of any depth can be walked; paths longer than
/// ``ValueLimits/depth`` are an error, because listing them takes quadratic space.
package struct Traversal {
    /// One place in the checkpoint.
    package struct Visit {
        package let value: CheckpointValue
        /// The steps from the root.
        package let depth: Int
        /// The last step, or nil at the root.
        package let key: CheckpointKey?
        /// Whether a container was visited before, at another path, and is not walked again.
        package let isRepeated: Bool
    }

    private struct Frame {
        var children: [(key: CheckpointKey, value: CheckpointValue)]
        /// The container that the children are in.
        var id: NodeID?
        var next = 0
        /// What the key that leads here costs in paths beside its step.
        var keyCost = 0
    }

    private var root: CheckpointValue?
    private var frames: [Frame] = []
    private var seen: Set<NodeID> = []
    private var effort: Effort
    private let repeats: Bool
    private var deepSteps = 0
    private var keyCost = 0
    private let limits: ValueLimits
    /// How many places are listed, and how many more.
    private let allowed: Int
    private var remaining: Int
    private let enters: (CheckpointValue) -> Bool

    /// - Parameters:
    ///   - root: Where to start.
    ///   - repeats: Whether containers are walked at every path that reaches them, and not just at
    ///     the first; never inside themselves.
    ///   - enters: Whether what is inside a value is visited too.
    package init(
        _ root: CheckpointValue, repeats: Bool = false,
        enters: @escaping (CheckpointValue) -> Bool = { $0.isContainer || $0.hasAttributes }
    ) {
        self.root = root
        self.repeats = repeats
        self.enters = enters
        limits = root.contents.limits
        allowed = min(limits.tensors, Self.maximumRepetitions + root.graph.objectCount)
        remaining = allowed
        effort = Effort(for: root.graph, base: 1 << 20, countsElements: true)
    }

    /// The steps from the root to the last visit.
    package var path: CheckpointPath {
        CheckpointPath(frames.compactMap { $0.next > 0 ? $0.children[$0.next - 1].key : nil })
    }

    /// The steps from the root to the last visit, for a list of many.
    ///
    /// A file of some kilobytes can have many tensors at a great depth, or below a long key, and
    /// their paths together are as many steps as the product. It can also have one at many places.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    package mutating func takePath() throws(CheckpointError) -> CheckpointPath {
        deepSteps += max(0, frames.count - Self.ordinaryDepth) + keyCost
        guard deepSteps <= Self.maximumDeepSteps else {
            throw CheckpointError(
                .limitExceeded,
                "tensors are nested so deep, or below so long keys, that listing their paths would "
                    + "take too much", advice: "The file may have been made to exhaust memory")
        }
        remaining -= 1
        guard remaining >= 0 else { throw tooMany }
        return path
    }

    private var tooMany: CheckpointError {
        guard allowed < limits.tensors else {
            return CheckpointError(
                .limitExceeded, "there are more tensors than \(limits.tensors), the limit",
                advice: "Raise ValueLimits.tensors if the file is trusted")
        }
        return CheckpointError(
            .limitExceeded,
            "tensors are at more than \(allowed) places, which are \(Self.maximumRepetitions) more "
                + "than there are objects",
            advice: "The file may have been made to exhaust memory")
    }

    /// How many more places of tensors are listed than there are objects: a file of some kilobytes
    /// can have one tensor at many.
    package static let maximumRepetitions = 1 << 16

    /// The depth up to which paths are listed without limit: no training code nests deeper.
    private static let ordinaryDepth = 32

    /// The most steps that all paths together may have beyond ``ordinaryDepth``.
    package static let maximumDeepSteps = 1 << 20

    /// The next place, or nil when all were visited.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    package mutating func next() throws(CheckpointError) -> Visit? {
        if let root {
            self.root = nil
            return try enter(root, key: nil)
        }
        while let last = frames.indices.last {
            let frame = frames[last]
            guard frame.next < frame.children.count else {
                leave()
                continue
            }
            frames[last].next += 1
            let child = frame.children[frame.next]
            return try enter(child.value, key: child.key)
        }
        return nil
    }

    /// Does not go on to what is inside the last visit under some keys.
    package mutating func leaveOut(_ isLeftOut: (CheckpointKey) -> Bool) {
        guard let last = frames.indices.last, frames[last].next == 0 else { return }
        frames[last].children.removeAll { isLeftOut($0.key) }
    }

    private mutating func leave() {
        let frame = frames.removeLast()
        keyCost -= frame.keyCost
        if repeats, let id = frame.id { seen.remove(id) }
    }

    // Objects can share arguments and states, and dictionaries long keys: what is shared is looked
    // at each time, so a small file can ask for an endless walk.
    private mutating func spend(
        on children: [(key: CheckpointKey, value: CheckpointValue)], of value: CheckpointValue
    ) throws(CheckpointError) {
        var cost = children.count
        for case (.string(let text), _) in children { cost += text.utf8.count / 64 }
        try effort.spend(cost, on: value)
    }

    private mutating func enter(
        _ value: CheckpointValue, key: CheckpointKey?
    ) throws(CheckpointError) -> Visit {
        let depth = frames.count
        // A leaf has a frame too, without children, so that `path` holds for every visit.
        let isEntered = enters(value)
        let isRepeated = isEntered && !seen.insert(value.id).inserted
        let children = isEntered && !isRepeated ? value.children : []
        try spend(on: children, of: value)
        guard depth < limits.depth || children.isEmpty else {
            throw limits.tooDeep("objects", value)
        }
        let cost = key.map(Self.cost) ?? 0
        keyCost += cost
        frames.append(
            Frame(
                children: children, id: isEntered && !isRepeated ? value.id : nil, keyCost: cost))
        return Visit(value: value, depth: depth, key: key, isRepeated: isRepeated)
    }
}

extension Traversal {
    // Names of any model are shorter.
    private static let ordinaryKeyByteCount = 256

    /// What a long key costs in each path that has it, in steps.
    private static func cost(_ key: CheckpointKey) -> Int {
        guard case .string(let text) = key else { return 0 }
        return max(0, text.utf8.count - ordinaryKeyByteCount) / 64
    }
}

extension ValueLimits {
    /// The error that something is nested deeper than allowed.
    func tooDeep(_ what: String, _ value: CheckpointValue) -> CheckpointError {
        CheckpointError(
            .limitExceeded, "\(what) are nested more than \(depth) deep",
            offset: value.graph.offset(of: value.id),
            advice: "Raise ValueLimits.depth if the file is trusted")
    }
}

extension CheckpointValue {
    /// Whether this is a tensor with Python attributes, which are below it in a step of their own;
    /// those of a nested tensor only repeat what it is made of.
    var hasAttributes: Bool {
        tensorState.map { $0 != .none } == true && (kind == .tensor || kind == .sparseTensor)
    }

    /// Whether other values are inside this one.
    package var isContainer: Bool {
        switch kind {
        case .tuple, .list, .dictionary, .set, .frozenSet, .object: true
        case .numpyArray: contents.numPyObjects(id) != nil
        default: false
        }
    }
}
