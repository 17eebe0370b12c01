public import BigInt
import ByteIO

extension PickleGraph {
    /// The value of a `bool`, or nil for any other kind.
    public func bool(_ id: NodeID) -> Bool? {
        let node = contents.nodes[id.index]
        return node.kind == .bool ? node.payload == 1 : nil
    }

    /// The value of a `bool`, or of an `int` in its place: Python takes one for the other, and old
    /// writers use that.
    package func truth(_ id: NodeID) -> Bool? { bool(id) ?? integer(id).map { $0 != 0 } }

    /// The value of an `int` of at most 64 bits, or nil for any other kind.
    ///
    /// - Complexity: O(1).
    public func integer(_ id: NodeID) -> Int? {
        let node = contents.nodes[id.index]
        return node.kind == .integer ? Int(Int64(bitPattern: node.payload)) : nil
    }

    /// The value of an `int` of any size, or nil for any other kind.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    public func bigInteger(_ id: NodeID) -> BigInt? {
        if let small = integer(id) { return BigInt(small) }
        guard kind(of: id) == .bigInteger else { return nil }
        return withBytes(of: id) { BigInt(twosComplement: $0) }
    }

    /// The value of a `float`, or nil for any other kind.
    public func float(_ id: NodeID) -> Double? {
        let node = contents.nodes[id.index]
        return node.kind == .float ? Double(bitPattern: node.payload) : nil
    }

    /// The text of a `str`, or of a Python 2 `str` that is text in ``encoding``; nil for any other
    /// kind.
    ///
    /// - Complexity: O(*n*) in the length.
    public func text(_ id: NodeID) -> PickleText? {
        switch kind(of: id) {
        case .text:
            return PickleText(utf8: withBytes(of: id, Array.init(copying:)))
        case .byteString: return contents.decodedString(id).map(PickleText.init)
        default: return nil
        }
    }

    /// The text of a `str` as a Swift string; nil for other kinds and for lone surrogates.
    ///
    /// - Complexity: O(*n*) in the length.
    public func string(_ id: NodeID) -> String? {
        contents.string(id)
    }

    /// The contents of `bytes`, a `bytearray` or a Python 2 `str`, or nil for any other kind.
    ///
    /// - Complexity: O(*n*) in the length.
    public func bytes(_ id: NodeID) -> [UInt8]? {
        switch kind(of: id) {
        case .bytes, .byteArray, .byteString: withBytes(of: id, Array.init(copying:))
        default: nil
        }
    }

    /// The name that a class or function has, or nil for any other kind.
    public func global(_ id: NodeID) -> GlobalName? {
        let node = contents.nodes[id.index]
        return node.kind == .global ? contents.names[node.index] : nil
    }

    /// The number in Python's extension registry, or nil for any other kind.
    public func extensionCode(_ id: NodeID) -> Int? {
        let node = contents.nodes[id.index]
        return node.kind == .extension ? node.index : nil
    }

    /// The persistent id of what lies outside the pickle, or nil for any other kind.
    public func persistentID(_ id: NodeID) -> NodeID? {
        let node = contents.nodes[id.index]
        return node.kind == .persistent ? NodeID(index: node.index) : nil
    }

    /// The place of a persistent object in ``persistentLoads``, or nil for any other kind.
    package func persistentOrdinal(_ id: NodeID) -> Int? {
        let node = contents.nodes[id.index]
        return node.kind == .persistent ? Int(node.count) : nil
    }

    /// The description of an object that Python would make by a call, or nil for any other kind.
    public func object(_ id: NodeID) -> ReducedObject? {
        let node = contents.nodes[id.index]
        guard node.kind == .object else { return nil }
        let record = contents.objects[node.index]
        return ReducedObject(
            construction: record.construction, callable: record.callable,
            arguments: record.arguments,
            keywordArguments: record.construction == .newObjectEx ? record.keywordArguments : nil,
            items: sequence(record.items), entries: sequence(record.entries),
            states: sequence(record.states))
    }

    /// The elements of a tuple, list, set or frozenset, or nil for any other kind.
    ///
    /// - Complexity: O(1).
    public func items(_ id: NodeID) -> ArraySlice<NodeID>? {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .tuple, .frozenSet:
            return contents.tupleItems[node.index..<(node.index + Int(node.count))]
        case .list, .set: return contents.sequences[node.index][...]
        default: return nil
        }
    }

    /// The keys and values of a `dict` in turn, as they were set, or nil for any other kind.
    ///
    /// A key that is set twice is there twice, as in the file; in Python the later value wins and
    /// keeps the earlier place.
    ///
    /// - Complexity: O(1).
    public func entries(_ id: NodeID) -> [NodeID]? {
        let node = contents.nodes[id.index]
        return node.kind == .dictionary ? contents.sequences[node.index] : nil
    }

    private func sequence(_ index: Int32) -> [NodeID] {
        index < 0 ? [] : contents.sequences[Int(index)]
    }
}

extension PickleGraph {
    /// Calls `body` with the bytes of a text, byte string or long integer; with none otherwise.
    package func withBytes<Result>(of id: NodeID, _ body: (RawSpan) -> Result) -> Result {
        contents.withBytes(of: id, body)
    }

    /// The number of bits of an integer beyond 64 bits, its sign included; nil for anything else.
    ///
    /// - Complexity: O(1).
    package func bitWidth(ofBigInteger id: NodeID) -> Int? {
        guard kind(of: id) == .bigInteger else { return nil }
        return withBytes(of: id) { bytes in
            let last = bytes.byteCount - 1
            let top = Int8(bitPattern: bytes.byte(at: last))
            return 8 * last + 9 - (top < 0 ? ~top : top).leadingZeroBitCount
        }
    }

    /// The number of objects that are made by calls.
    package var objectCount: Int { contents.objects.count }

    /// The number of bytes of a text, byte string or long integer; 0 for anything else.
    package func textLength(of id: NodeID) -> Int { withBytes(of: id) { $0.byteCount } }

    /// Whether `id` is a `str` with the given text.
    ///
    /// - Complexity: O(*n*) in the length, without making a string.
    package func isText(_ id: NodeID, _ expected: StaticString) -> Bool {
        guard kind(of: id) == .text || kind(of: id) == .byteString else { return false }
        return withBytes(of: id) { bytes in
            bytes.elementsEqual(expected)
        }
    }

    /// Whether `id` is a `str` with the code points of a text.
    ///
    /// - Complexity: O(*n*) in the length, without making a string.
    package func isText(_ id: NodeID, _ expected: String) -> Bool {
        guard kind(of: id) == .text || kind(of: id) == .byteString else { return false }
        return withBytes(of: id) { bytes in
            guard bytes.byteCount == expected.utf8.count else { return false }
            let isSame = unsafe expected.utf8.withContiguousStorageIfAvailable { buffer in
                unsafe bytes.hasSameBytes(as: Span(_unsafeElements: buffer).bytes)
            }
            return isSame ?? Array(copying: bytes).elementsEqual(expected.utf8)
        }
    }
}

extension PickleGraph {
    /// The place in ``globalNames`` of the name that a class or function has, or nil.
    ///
    /// - Complexity: O(1).
    package func globalIndex(_ id: NodeID) -> Int? {
        let node = contents.nodes[id.index]
        return node.kind == .global ? node.index : nil
    }

    /// An element of a tuple, list, set or frozenset, or nil when there is none in that place.
    ///
    /// - Complexity: O(1); unlike ``items(_:)`` it shares no array with the graph.
    package func item(_ place: Int, of id: NodeID) -> NodeID? {
        let node = contents.nodes[id.index]
        guard place >= 0 else { return nil }
        switch node.kind {
        case .tuple, .frozenSet:
            return place < Int(node.count) ? contents.tupleItems[node.index + place] : nil
        case .list, .set:
            return place < contents.sequences[node.index].count
                ? contents.sequences[node.index][place] : nil
        default: return nil
        }
    }

    /// The number of elements of a tuple, list, set or frozenset, or nil for any other kind.
    ///
    /// - Complexity: O(1).
    package func itemCount(of id: NodeID) -> Int? {
        let node = contents.nodes[id.index]
        switch node.kind {
        case .tuple, .frozenSet: return Int(node.count)
        case .list, .set: return contents.sequences[node.index].count
        default: return nil
        }
    }

    /// The class or function that would make an object, and its arguments, or nil.
    ///
    /// - Complexity: O(1); unlike ``object(_:)`` it touches no sequence.
    package func call(_ id: NodeID) -> (callable: NodeID, arguments: NodeID)? {
        let node = contents.nodes[id.index]
        guard node.kind == .object else { return nil }
        let record = contents.objects[node.index]
        return (record.callable, record.arguments)
    }
}
