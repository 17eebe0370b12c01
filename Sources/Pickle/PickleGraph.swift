package import ByteIO

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
    private var box: GraphBox

    init(_ contents: consuming GraphContents) { box = GraphBox(contents) }

    /// What is in the graph; copied when it is changed while another graph shares it.
    var contents: GraphContents {
        @inline(__always)
        unsafeAddress { unsafe UnsafePointer(box.contents) }
        @inline(__always)
        unsafeMutableAddress {
            if !isKnownUniquelyReferenced(&box) {
                box = unsafe GraphBox(GraphContents(copying: box.contents.pointee))
            }
            return unsafe box.contents
        }
    }

    /// The object that the pickle is about: what Python's `pickle.load` would return.
    public package(set) var root: NodeID {
        get { contents.root }
        set { contents.root = newValue }
    }
    /// The protocol that the pickle says it is written in; 0 when it does not say.
    public internal(set) var protocolVersion: Int {
        get { contents.protocolVersion }
        set { contents.protocolVersion = newValue }
    }
    /// The number of bytes up to and including STOP.
    public var byteCount: Int { contents.byteCount }
    /// Whether there are objects of kind ``PickleKind/extension``.
    public internal(set) var hasExtensions: Bool {
        get { contents.hasExtensions }
        set { contents.hasExtensions = newValue }
    }
    /// The objects of kind ``PickleKind/persistent``, in the order in which they were loaded.
    public var persistentLoads: [NodeID] { contents.persistentLoads }
}

extension PickleGraph {
    /// The names of all classes and functions that the pickle mentions, each once, in file order.
    public var globalNames: [GlobalName] { contents.names }

    /// The number of objects, with those that every graph has (`None`, booleans, small integers).
    public var count: Int { contents.nodes.count }

    /// The number of elements of all containers, with the keys and values of dictionaries.
    ///
    /// - Complexity: O(*n*) in the number of containers.
    package var elementCount: Int {
        contents.sequences.reduce(contents.tupleItems.count) { $0 + $1.count }
    }

    /// What kind of object `id` is.
    ///
    /// - Complexity: O(1).
    public func kind(of id: NodeID) -> PickleKind { contents.kind(of: id) }

    /// The byte offset of the instruction that made the object; 0 for shared atoms such as `None`.
    public func offset(of id: NodeID) -> Int { Int(contents.offsets[id.index]) }

    /// The bytes that the graph was read from; behind ``byteCount`` of them there may be others.
    package var source: ByteRegion { contents.source }

    /// The object that an instruction made which stands at an offset of the pickle, or nil.
    ///
    /// - Complexity: O(*n*) in the number of objects.
    package func object(madeAt offset: Int) -> NodeID? {
        contents.offsets.indices.first {
            contents.offsets[$0] == UInt32(truncatingIfNeeded: offset)
                && contents.nodes[$0].kind == .object
        }.map(NodeID.init(index:))
    }

    /// The same for messages: nil for what every graph has, such as `None`, and for what was made in
    /// Swift.
    package func place(of id: NodeID) -> Int? {
        let offset = offset(of: id)
        return id.isAtom || offset == 0 ? nil : offset
    }
}
