import ByteIO
import Pickle
import Synchronization

/// What is known of texts that stand for bytes: `_codecs.encode(text, "latin1")`, as protocols before
/// 3 have them.
///
/// A small file can mention such bytes, or make them anew of one long text, any number of times.
final class LatinTexts: Sendable {
    private struct Known {
        var isLatin: [NodeID: Bool] = [:]
        var regions: [NodeID: Decoded] = [:]
        /// The bytes that were decoded last: a file can have the same in many arrays, which are read
        /// one after the other.
        var last: ByteRegion?
    }

    private struct Decoded {
        weak var owner: ByteOwner?
    }

    /// The most bytes that are kept when nobody has them any more.
    private static let keptByteCount = 1 << 24

    /// Shorter ones are looked at each time.
    private static let shortByteCount = 256

    private let known = Lock(Known())

    /// Whether a text has only characters that stand for bytes.
    ///
    /// - Complexity: O(*n*) in the length the first time.
    func isLatin(_ text: NodeID, in graph: PickleGraph) -> Bool {
        guard graph.textLength(of: text) > Self.shortByteCount else { return graph.isLatin1(text) }
        return known.withLock { known in
            if let isLatin = known.isLatin[text] { return isLatin }
            let isLatin = graph.isLatin1(text)
            known.isLatin[text] = isLatin
            return isLatin
        }
    }

    /// The bytes that a text stands for, which all share who have them at the same time; nil when it
    /// stands for none.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    /// - Complexity: O(*n*) in the length, unless somebody has them.
    func region(_ text: NodeID, in graph: PickleGraph) throws(CheckpointError) -> ByteRegion? {
        guard isLatin(text, in: graph) else { return nil }
        return try known.withLock { (known) throws(CheckpointError) in
            if let owner = known.regions[text]?.owner { return ByteRegion(owner) }
            guard let bytes = graph.latin1Bytes(ofText: text) else { return nil }
            let region = try ByteRegion(copying: bytes)
            known.regions[text] = Decoded(owner: region.keeper)
            if region.count <= Self.keptByteCount { known.last = region }
            return region
        }
    }
}
