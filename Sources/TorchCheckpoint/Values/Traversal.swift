package import ByteIO
import Pickle

/// Visits everything in a checkpoint, depth first, each container once, at its first path.
///
/// It keeps its own stack, so that a graph of any depth can be walked; paths longer than
/// ``maximumDepth`` are an error, because listing them takes quadratic space.
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
        var next = 0
    }

    package static let maximumDepth = 4096

    private var root: CheckpointValue?
    private var frames: [Frame] = []
    private var seen: Set<NodeID> = []
    private let enters: (CheckpointValue) -> Bool

    /// - Parameters:
    ///   - root: Where to start.
    ///   - enters: Whether what is inside a value is visited too.
    package init(
        _ root: CheckpointValue, enters: @escaping (CheckpointValue) -> Bool = \.isContainer
    ) {
        self.root = root
        self.enters = enters
    }

    /// The steps from the root to the last visit.
    package var path: CheckpointPath {
        CheckpointPath(frames.compactMap { $0.next > 0 ? $0.children[$0.next - 1].key : nil })
    }

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
                frames.removeLast()
                continue
            }
            frames[last].next += 1
            let child = frame.children[frame.next]
            return try enter(child.value, key: child.key)
        }
        return nil
    }

    private mutating func enter(
        _ value: CheckpointValue, key: CheckpointKey?
    ) throws(CheckpointError) -> Visit {
        let depth = frames.count
        // A leaf has a frame too, without children, so that `path` holds for every visit.
        let isEntered = enters(value)
        let isRepeated = isEntered && !seen.insert(value.id).inserted
        let children = isEntered && !isRepeated ? value.children : []
        guard depth < Self.maximumDepth || children.isEmpty else {
            throw CheckpointError(
                .limitExceeded, "objects are nested more than \(Self.maximumDepth) deep",
                offset: value.graph.offset(of: value.id))
        }
        frames.append(Frame(children: children))
        return Visit(value: value, depth: depth, key: key, isRepeated: isRepeated)
    }
}

extension CheckpointValue {
    /// Whether other values are inside this one.
    package var isContainer: Bool {
        switch kind {
        case .tuple, .list, .dictionary, .set, .frozenSet, .object: true
        default: false
        }
    }
}
