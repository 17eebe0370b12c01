import ByteIO
import Pickle

/// Finds out whether a graph that was written and read again is the graph that was written.
///
/// What protocol 2 has no instruction for comes back as the call that `Specs/pickle.md` names. What
/// has a slot in the memo and can be changed in Python stays one object, and two stay two; tuples
/// and texts may be written again, and persistent objects are.
struct GraphComparison {
    let original: PickleGraph
    let copy: PickleGraph
    /// Whether what lies outside the pickle is the same on both sides; nil when the ids say so.
    let isSameOutside: ((NodeID, NodeID) -> Bool)?

    /// The lists that sets are made of: Python makes them anew each time that it writes one.
    private let setLists: Set<NodeID>
    private var seen: Set<Pair> = []
    private var todo: [Pair] = []
    private var copies: [NodeID: NodeID] = [:]
    private var originals: [NodeID: NodeID] = [:]

    struct Pair: Hashable {
        let original: NodeID
        let copy: NodeID
    }

    init(
        _ original: PickleGraph, _ copy: PickleGraph,
        isSameOutside: ((NodeID, NodeID) -> Bool)? = nil
    ) {
        self.original = original
        self.copy = copy
        self.isSameOutside = isSameOutside
        setLists = Set(original.reachable().compactMap { original.writtenList($0) })
    }

    /// Compares the graphs, and says where they differ; nil when they do not.
    mutating func difference() -> String? {
        expect(original.root, copy.root)
        while let pair = todo.popLast() {
            guard isSame(pair) else {
                return
                    "the \(original.kind(of: pair.original)) at \(original.offset(of: pair.original))"
                    + " is the \(copy.kind(of: pair.copy)) at \(copy.offset(of: pair.copy))"
            }
        }
        return nil
    }

    private mutating func expect(_ original: NodeID, _ copy: NodeID) {
        let pair = Pair(original: original, copy: copy)
        if seen.insert(pair).inserted { todo.append(pair) }
    }

    private mutating func expect(
        _ originals: some Collection<NodeID>, _ copies: some Collection<NodeID>
    ) -> Bool {
        guard originals.count == copies.count else { return false }
        for (original, copy) in zip(originals, copies) { expect(original, copy) }
        return true
    }

    /// Objects that Python can change are one on both sides or two on both sides.
    private mutating func isSameIdentity(_ pair: Pair) -> Bool {
        copies.updateValue(pair.copy, forKey: pair.original) == nil
            && originals.updateValue(pair.original, forKey: pair.copy) == nil
    }

    private mutating func isSame(_ pair: Pair) -> Bool {
        let (old, new) = (pair.original, pair.copy)
        switch original.kind(of: old) {
        case .none, .bool, .integer, .bigInteger, .float, .extension, .text, .byteString:
            return isSameAtom(old, new)
        case .bytes: return original.bytes(old) == copy.writtenBytes(new)
        case .byteArray:
            return isSameIdentity(pair) && original.bytes(old) == copy.writtenByteArray(new)
        case .tuple:
            return copy.kind(of: new) == .tuple && expect(items(old), copy.items(new) ?? [])
        case .list:
            guard copy.kind(of: new) == .list, setLists.contains(old) || isSameIdentity(pair) else {
                return false
            }
            return expect(items(old), copy.items(new) ?? [])
        case .dictionary:
            guard let entries = copy.entries(new), isSameIdentity(pair) else { return false }
            return expect(original.entries(old) ?? [], entries)
        case .set, .frozenSet:
            let name = original.kind(of: old) == .set ? "set" : "frozenset"
            guard let items = copy.writtenItems(new, of: name) else { return false }
            return isSameIdentity(pair) && expect(self.items(old), items)
        case .global: return isSameGlobal(old, new)
        case .persistent: return isSamePersistent(old, new)
        case .object: return isSameIdentity(pair) && isSameObject(old, new)
        }
    }

    private func items(_ id: NodeID) -> ArraySlice<NodeID> { original.items(id) ?? [] }

    private func isSameAtom(_ old: NodeID, _ new: NodeID) -> Bool {
        let kind = original.kind(of: old)
        guard kind == copy.kind(of: new) else { return false }
        switch kind {
        case .none: return true
        case .bool: return original.bool(old) == copy.bool(new)
        case .integer: return original.integer(old) == copy.integer(new)
        // Bytes that only repeat the sign are left out.
        case .bigInteger: return original.bigInteger(old) == copy.bigInteger(new)
        case .float: return original.float(old)?.bitPattern == copy.float(new)?.bitPattern
        case .extension: return original.extensionCode(old) == copy.extensionCode(new)
        default:
            return original.withBytes(of: old, Array.init(copying:))
                == copy.withBytes(of: new, Array.init(copying:))
        }
    }

    private mutating func isSamePersistent(_ old: NodeID, _ new: NodeID) -> Bool {
        guard let before = original.persistentID(old), let after = copy.persistentID(new) else {
            return false
        }
        if let isSameOutside { return isSameOutside(old, new) }
        expect(before, after)
        return true
    }

    private func isSameGlobal(_ old: NodeID, _ new: NodeID) -> Bool {
        guard let name = original.global(old) else { return false }
        let version = original.protocolVersion
        let found = copy.writtenName(new, isPath: version > 3)
        return found == (version > 2 && copy.protocolVersion <= 2 ? name.outerAsInPython2 : name)
    }

    private mutating func isSameObject(_ old: NodeID, _ new: NodeID) -> Bool {
        guard let before = original.object(old), let after = copy.object(new) else { return false }
        guard isSameCall(before, after) else { return false }
        return expect(before.items, after.items) && expect(before.entries, after.entries)
            && expect(before.states, after.states)
    }

    private mutating func isSameCall(_ before: ReducedObject, _ after: ReducedObject) -> Bool {
        if before.construction == .newObjectEx, after.construction != .newObjectEx {
            guard let parts = copy.writtenPartial(after),
                let keywords = before.keywordArguments
            else { return false }
            return expect([before.callable], [parts.callable])
                && expect(original.items(before.arguments) ?? [], parts.arguments)
                && expect(original.entries(keywords) ?? [], parts.keywords)
        }
        let hasArguments = original.items(before.arguments)?.isEmpty != true
        let expected: ReducedObject.Construction =
            before.construction == .instance
            ? hasArguments ? .reduce : .newObject : before.construction
        return [expected, before.construction].contains(after.construction)
            && expect([before.callable, before.arguments], [after.callable, after.arguments])
    }
}
