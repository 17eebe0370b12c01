/// The number of an object in a ``PickleGraph``.
///
/// Two places in a graph that have the same id hold the same Python object. An id means nothing in
/// another graph, and asking another graph for it is a programming error.
public struct NodeID: Hashable, Sendable {
    @usableFromInline let rawValue: UInt32

    @usableFromInline
    init(_ rawValue: UInt32) { self.rawValue = rawValue }

    @usableFromInline
    init(index: Int) { rawValue = UInt32(truncatingIfNeeded: index) }

    @usableFromInline var index: Int { Int(rawValue) }
}

extension NodeID {
    /// `None`, in every graph.
    public static let none = NodeID(0)
    static let `true` = NodeID(1)
    static let `false` = NodeID(2)
    /// `()`, in every graph.
    package static let emptyTuple = NodeID(3)
    /// The place of the integer 0; those up to 255 follow.
    static let smallIntegers = 4
    /// The first place behind the objects that every graph has.
    static let firstOwn = smallIntegers + 256

    /// Whether it is one of the objects that every graph has.
    var isAtom: Bool { index < Self.firstOwn }
}
