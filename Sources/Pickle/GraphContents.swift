import ByteIO

/// What is in a ``PickleGraph``: flat arrays, of which each object is an entry.
///
/// Not copyable, because an accidental copy for the length of a call would cost more than most calls.
struct GraphContents: ~Copyable, Sendable {
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
    var root = NodeID.none
    var protocolVersion = 0
    var byteCount = 0
    var hasExtensions = false
    var encoding = PickleEncoding.utf8
    var persistentLoads: [NodeID] = []

    /// Nothing but the objects that every graph has.
    init(source: ByteRegion) {
        self.source = source
        for kind in [PickleKind.none, .bool, .bool, .tuple] { append(PackedNode(kind), at: 0) }
        nodes[NodeID.true.index].payload = 1
        for value in 0..<256 {
            append(PackedNode(.integer, payload: UInt64(value)), at: 0)
        }
    }
}

extension GraphContents {
    /// A copy that changes by itself.
    init(copying other: borrowing GraphContents) {
        source = other.source
        (nodes, offsets, tupleItems) = (other.nodes, other.offsets, other.tupleItems)
        (sequences, objects) = (other.sequences, other.objects)
        (names, globals) = (other.names, other.globals)
        (internedTexts, emptyStrings) = (other.internedTexts, other.emptyStrings)
        appendix = other.appendix
        (root, persistentLoads) = (other.root, other.persistentLoads)
        (protocolVersion, byteCount) = (other.protocolVersion, other.byteCount)
        hasExtensions = other.hasExtensions
        encoding = other.encoding
    }

    func kind(of id: NodeID) -> PickleKind { nodes[id.index].kind }

    /// Calls `body` with the bytes of a text, byte string or long integer; with none otherwise.
    func withBytes<Result>(of id: NodeID, _ body: (RawSpan) -> Result) -> Result {
        let node = nodes[id.index]
        guard node.kind.hasBytes else { return body(RawSpan()) }
        if node.payload & PackedNode.appendixFlag != 0 {
            let start = Int(node.payload & ~PackedNode.appendixFlag)
            let range = start..<(start + Int(node.count))
            return unsafe body(appendix.span.bytes.extracting(range))
        }
        return body(source.bytes.extracting(node.index..<(node.index + Int(node.count))))
    }

    /// The text of a `str` as a Swift string; nil for other kinds and for lone surrogates.
    func string(_ id: NodeID) -> String? {
        switch kind(of: id) {
        case .text: withBytes(of: id) { String(validatingUTF8: $0) }
        case .byteString: decodedString(id)
        default: nil
        }
    }

    @discardableResult
    mutating func append(_ node: PackedNode, at offset: Int) -> NodeID {
        nodes.append(node)
        offsets.append(UInt32(truncatingIfNeeded: offset))
        return NodeID(index: nodes.count - 1)
    }

    /// The place of one of an object's sequences, which is made when it is not there yet.
    mutating func sequence(at part: WritableKeyPath<ObjectRecord, Int32>, of object: Int) -> Int {
        let index = objects[object][keyPath: part]
        if index >= 0 { return Int(index) }
        sequences.append([])
        objects[object][keyPath: part] = Int32(sequences.count - 1)
        return sequences.count - 1
    }

    /// A node whose bytes are put into the appendix.
    mutating func ownedNode(
        _ kind: PickleKind, _ contents: some Collection<UInt8>
    ) throws(CheckpointError) -> PackedNode {
        guard UInt32(exactly: contents.count) != nil else {
            throw CheckpointError(
                .limitExceeded, "a string has 4 GiB or more",
                advice: "Split it, or save it as a tensor of uint8")
        }
        let place = UInt64(appendix.count) | PackedNode.appendixFlag
        appendix += contents
        return PackedNode(kind, count: contents.count, payload: place)
    }
}

/// Keeps the contents of a graph in one place, which copies of the graph share.
///
/// It changes only while one graph has it. The memory is not a class's own, because each access to
/// that would be checked for others at the same time, which takes longer than most accesses.
@safe
final class GraphBox: @unchecked Sendable {
    let contents: UnsafeMutablePointer<GraphContents>

    init(_ value: consuming GraphContents) {
        unsafe contents = .allocate(capacity: 1)
        unsafe contents.initialize(to: value)
    }

    deinit {
        unsafe contents.deinitialize(count: 1)
        unsafe contents.deallocate()
    }
}
