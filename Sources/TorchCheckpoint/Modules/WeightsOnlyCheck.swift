import ByteIO
import Pickle

/// What is left out of a checkpoint for `torch.load(weights_only=True)`: objects of classes that are not
/// accepted, and what takes instructions that it does not have.
///
/// It only chooses. ``WeightsOnlyMachine`` says of what is left whether torch takes it.
struct WeightsOnlyCheck {
    private let contents: CheckpointContents
    private let policy: GlobalPolicy
    private var names: [Int: Bool] = [:]
    private var known: [NodeID: Bool] = [:]
    private var effort: Effort

    init(_ contents: CheckpointContents, _ policy: GlobalPolicy) {
        self.contents = contents
        self.policy = policy
        effort = Effort(forModulesOf: contents)
    }

    /// - Throws: ``CheckpointError/Code/limitExceeded`` when objects share too much.
    mutating func accepts(_ id: NodeID) throws(CheckpointError) -> Bool {
        switch contents.graph.kind(of: id) {
        case .none, .bool, .integer, .float, .text: return true
        default: break
        }
        if let known = known[id] { return known }
        let parts = contents.graph.reachable(from: id)
        try effort.spend(parts.count, on: CheckpointValue(contents: contents, id: id))
        var isAccepted = true
        for part in parts where isAccepted { isAccepted = acceptsAlone(part) }
        known[id] = isAccepted
        return isAccepted
    }

    /// Whether the class of a dictionary is accepted, whatever is in it.
    mutating func acceptsClass(of dictionary: NodeID) -> Bool {
        guard let call = contents.graph.call(dictionary) else { return true }
        return acceptsAlone(dictionary) && acceptsAlone(call.callable)
    }

    private mutating func acceptsAlone(_ id: NodeID) -> Bool {
        let graph = contents.graph
        switch graph.kind(of: id) {
        case .global: return acceptsGlobal(id)
        case .extension, .frozenSet: return false
        // The empty one is written as a call of the class, which is refused.
        case .bytes: return graph.textLength(of: id) > 0
        case .bigInteger: return graph.textLength(of: id) <= Self.maximumIntegerByteCount
        case .persistent: return contents.storage(id) != nil
        case .object: return acceptsCall(id)
        default: return true
        }
    }

    /// The bytes of an integer that torch reads.
    private static let maximumIntegerByteCount = 255

    private mutating func acceptsGlobal(_ id: NodeID) -> Bool {
        guard let place = contents.graph.globalIndex(id) else { return false }
        if let known = names[place] { return known }
        let isAccepted = contents.graph.global(id).map(policy.accepts) ?? false
        names[place] = isAccepted
        return isAccepted
    }

    // Torch gives states to tensors and ordered dictionaries alone.
    private func acceptsCall(_ id: NodeID) -> Bool {
        guard let object = contents.graph.object(id), object.construction == .reduce,
            contents.graph.kind(of: object.callable) == .global
        else { return false }
        if case .dictionary = contents.role(ofObject: id) { return object.items.isEmpty }
        return object.items.isEmpty && object.entries.isEmpty && object.states.isEmpty
    }
}
