import OrderedCollections
import Pickle

/// Something that was encoded, or is being encoded.
enum EncodedPart {
    /// An object of the graph that is made.
    case object(NodeID)
    /// One of ``EncodingSession/values``, by its place.
    case value(Int)
    case list(EncodedList)
    case dictionary(EncodedDictionary)
    /// What an encoder will have encoded at the end.
    case encoder(ValueEncoder)
}

/// The elements of a list, tuple or set, which more are added to while it is encoded.
final class EncodedList {
    enum Kind { case list, tuple, set }

    var elements: [EncodedPart] = []
    var kind = Kind.list
}

/// The entries of a dictionary, which more are added to while it is encoded.
final class EncodedDictionary {
    var entries: OrderedDictionary<CheckpointKey, EncodedPart> = [:]
    /// Whether the keys are names of properties, which Python has once.
    let hasNames: Bool

    init(hasNames: Bool) { self.hasNames = hasNames }
}
