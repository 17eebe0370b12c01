import ByteIO

/// The objects of a pickle and how they refer to each other, with nothing called or imported.
///
/// `torch._utils._rebuild_tensor_v2(...)` is an object here that says so: a ``ReducedObject`` with
/// a name and arguments. Python's object identity is kept: what two places of the file share, they
/// share here as one ``NodeID``, cycles included. Objects are entries of flat arrays, so a graph of
/// any depth is built, copied and freed without recursion; walk it with a loop and a list of what
/// is left to do.
///
/// Strings and bytes stay where they are in the pickle until they are asked for. How objects of
/// each opcode are represented: `Specs/pickle.md`.
public struct PickleGraph: Sendable {
    let source: ByteRegion
    var nodes: [PackedNode] = []
    var offsets: [UInt32] = []
    var tupleItems: [NodeID] = []
    var sequences: [[NodeID]] = []
    var objects: [ObjectRecord] = []
    var names: [GlobalName] = []
    // The node of each name: a class is one object in Python however often it is named.
    var globals: [GlobalName: NodeID] = [:]
    // Texts that were added and of which Python has one each, because they are names in its code.
    var internedTexts: [String: NodeID] = [:]
    // What was added for texts and bytes without contents, of which Python has one each.
    var emptyStrings: [PickleKind: NodeID] = [:]
    // Text that is not in the pickle as it is: escapes of protocol 0 decoded, integers as text.
    var appendix: [UInt8] = []

    /// The object that the pickle is about: what Python's `pickle.load` would return.
    public package(set) var root = NodeID.none
    /// The protocol that the pickle says it is written in; 0 when it does not say.
    public internal(set) var protocolVersion = 0
    /// The number of bytes up to and including STOP.
    public internal(set) var byteCount = 0
    /// Whether there are objects of kind ``PickleKind/extension``.
    public internal(set) var hasExtensions = false
    /// The objects of kind ``PickleKind/persistent``, in the order in which they were loaded.
    public internal(set) var persistentLoads: [NodeID] = []

    init(source: ByteRegion) {
        self.source = source
        for kind in [PickleKind.none, .bool, .bool, .tuple] { append(PackedNode(kind), at: 0) }
        nodes[NodeID.true.index].payload = 1
        for value in 0..<256 {
            append(PackedNode(.integer, payload: UInt64(value)), at: 0)
        }
    }

    @discardableResult
    mutating func append(_ node: PackedNode, at offset: Int) -> NodeID {
        nodes.append(node)
        offsets.append(UInt32(truncatingIfNeeded: offset))
        return NodeID(index: nodes.count - 1)
    }
}

extension PickleGraph {
    /// The names of all classes and functions that the pickle mentions, each once, in file order.
    public var globalNames: [GlobalName] { names }

    /// The number of objects, with those that every graph has (`None`, booleans, small integers).
    public var count: Int { nodes.count }

    /// What kind of object `id` is.
    ///
    /// - Complexity: O(1).
    public func kind(of id: NodeID) -> PickleKind { nodes[id.index].kind }

    /// The byte offset of the instruction that made the object; 0 for shared atoms such as `None`.
    public func offset(of id: NodeID) -> Int { Int(offsets[id.index]) }
}

/// An object in 16 bytes: what it is, and a number or a place in one of the graph's arrays.
struct PackedNode: Sendable {
    var kind: PickleKind
    var count: UInt32
    var payload: UInt64

    init(_ kind: PickleKind, count: Int = 0, payload: UInt64 = 0) {
        self.kind = kind
        self.count = UInt32(truncatingIfNeeded: count)
        self.payload = payload
    }

    init(_ kind: PickleKind, count: Int = 0, index: Int) {
        self.init(kind, count: count, payload: UInt64(index))
    }

    var index: Int { Int(truncatingIfNeeded: payload) }
}
