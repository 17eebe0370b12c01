import ByteIO
import Pickle

/// A file of torch before 1.6, up to the bytes of its storages.
///
/// Layout: `Specs/archive.md`, "Legacy files".
struct LegacyFile {
    /// Where the pickle of the object begins.
    let objectOffset: Int
    /// The object.
    let graph: PickleGraph
    /// The keys of the storages, in the order of their bytes.
    let keys: [String]
    /// Where the first storage begins.
    let dataOffset: Int

    /// - Parameter region: The file, or at least all of it before the bytes of storages.
    /// - Throws: What parsing throws; ``CheckpointError/Code/invalidStorage`` for keys that are none.
    init(_ region: ByteRegion, _ options: LoadOptions) throws(CheckpointError) {
        objectOffset = try LegacyHeader.read(region, options)
        var pickles = PickleSequence(region, at: objectOffset, limits: options.pickleLimits)
        graph = try pickles.next(expecting: Self.usualByteCount)
        let start = pickles.position
        let list = try pickles.next(expecting: Self.usualByteCount)
        try list.checkNames()
        keys = try Self.keys(in: list, at: start)
        dataOffset = pickles.position
    }

    // Most pickles are shorter; longer ones are begun twice.
    private static let usualByteCount = 1 << 18

    private static func keys(
        in list: PickleGraph, at offset: Int
    ) throws(CheckpointError) -> [String] {
        var keys: [String] = []
        for item in list.items(list.root) ?? [] {
            guard list.isStorageText(item), let key = list.string(item) else {
                throw invalid("the key of a storage is no short text", offset: offset)
            }
            keys.append(key)
        }
        guard list.items(list.root) != nil else {
            throw invalid("there is no list of the keys of the storages", offset: offset)
        }
        return keys
    }

    private static func invalid(_ what: String, offset: Int) -> CheckpointError {
        CheckpointError(
            .invalidStorage, what, offset: offset,
            advice: "The file is damaged or was not written by torch")
    }
}

/// What a file of torch before 1.6 has besides its objects and storages, for writing it again.
struct LegacySource: Sendable {
    /// The pickles before the object.
    let header: ByteRegion
    /// The pickle of the keys of the storages, behind that of the object.
    let keys: ByteRegion
    /// What follows behind the last storage, which torch does not read.
    let trailer: ByteRegion
    /// By the classes of modules: the persistent ids with their source code.
    let classIdentifiers: [NodeID: NodeID]

    /// Where the pickle of the object begins.
    var objectOffset: Int { header.count }
}
