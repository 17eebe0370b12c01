import ByteIO
import Pickle

/// The three pickles by which a file of torch before 1.6 begins: a magic number, the version of the
/// format, and what the machine was like.
///
/// Layout: `Specs/archive.md`, "Legacy files".
enum LegacyHeader {
    /// The version of the format, the only one that there is.
    static let version = 1001

    /// What torch writes, on every machine that it runs on today.
    static let current: [UInt8] =
        pickled([0x8A, 0x0A] + magic) + pickled([0x4D] + [0xE9, 0x03])
        + pickled(
            [0x7D, 0x71, 0, 0x28]
                + text("protocol_version", slot: 1) + [0x4D, 0xE9, 0x03]
                + text("little_endian", slot: 2) + [0x88]
                + text("type_sizes", slot: 3) + [0x7D, 0x71, 4, 0x28]
                + text("short", slot: 5) + [0x4B, 2] + text("int", slot: 6) + [0x4B, 4]
                + text("long", slot: 7) + [0x4B, 4] + [0x75, 0x75])

    private static func pickled(_ instructions: [UInt8]) -> [UInt8] {
        [0x80, 0x02] + instructions + [0x2E]
    }

    private static func text(_ text: StaticString, slot: UInt8) -> [UInt8] {
        [0x58, UInt8(text.utf8CodeUnitCount), 0, 0, 0] + Array("\(text)".utf8) + [0x71, slot]
    }

    /// The magic number, as a little-endian integer.
    private static let magic: [UInt8] = [
        0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]

    // The number takes 15 bytes in a binary protocol and 28 as text.
    private static let longestMagic = 64

    /// Whether a region begins with the magic number, in any protocol.
    static func begins(_ region: ByteRegion) -> Bool {
        guard let start = try? region.slice(at: 0, count: min(region.count, longestMagic)),
            let first = start.bytes.byteCount > 0 ? start.bytes.byte(at: 0) : nil,
            first == 0x80 || first == UInt8(ascii: "L"),
            let graph = try? PickleGraph(parsing: start, allowsTrailingBytes: true)
        else { return false }
        return isMagic(graph)
    }

    private static func isMagic(_ graph: PickleGraph) -> Bool {
        graph.kind(of: graph.root) == .bigInteger
            && graph.withBytes(of: graph.root) { Array(copying: $0) == magic }
    }

    /// Reads the header.
    ///
    /// - Returns: Where the pickle of the object begins.
    /// - Throws: ``CheckpointError/Code/unsupportedFormat`` for another version;
    ///   ``CheckpointError/Code/forbiddenGlobal``; what parsing throws.
    static func read(_ region: ByteRegion, _ options: LoadOptions) throws(CheckpointError) -> Int {
        if unsafe region.bytes.extracting(first: current.count).hasSameBytes(
            as: current.span.bytes)
        {
            return current.count
        }
        var pickles = PickleSequence(region, limits: options.pickleLimits)
        let magicGraph = try pickles.next(expecting: longestMagic)
        guard isMagic(magicGraph) else {
            throw CheckpointError(
                .malformedPickle, "does not begin with torch's magic number", offset: 0,
                advice: "The file is damaged or was not written by torch")
        }
        let start = pickles.position
        let versionGraph = try pickles.next(expecting: longestMagic)
        guard let found = versionGraph.integer(versionGraph.root), found == version else {
            throw CheckpointError(
                .unsupportedFormat, "is not in version \(version) of torch's legacy format",
                offset: start, advice: "Load it in Python with the torch that wrote it")
        }
        // Python runs what they name, also where nothing of it remains in the object.
        try magicGraph.checkNames()
        // torch reads what is said of the machine and never looks at it.
        try versionGraph.checkNames()
        try pickles.next(expecting: longestSystem).checkNames()
        return pickles.position
    }

    private static let longestSystem = 4096
}
