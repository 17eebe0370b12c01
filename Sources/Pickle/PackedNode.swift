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

extension PackedNode {
    /// Set in the payload of a node whose bytes are in the graph's appendix.
    static let appendixFlag: UInt64 = 1 << 63
}

extension PackedNode {
    /// Whether there may be objects that can be reached only by way of this one.
    var holdsObjects: Bool {
        switch kind {
        case .tuple: count > 0
        case .frozenSet, .list, .dictionary, .set, .object, .persistent: true
        default: false
        }
    }
}

extension PickleKind {
    var hasBytes: Bool {
        switch self {
        case .text, .byteString, .bytes, .byteArray, .bigInteger: true
        default: false
        }
    }
}
