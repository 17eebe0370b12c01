import ByteIO
import Pickle
import Tensors

/// The file as of torch before 1.6 that a checkpoint is saved as.
///
/// Layout: `Specs/saving.md`, "Legacy".
struct LegacyPlan {
    private let header: ByteRegion
    private let pickle: ByteRegion
    private let keys: ByteRegion
    private let storages: [StoragePart]
    private let trailer: ByteRegion
    private let swaps: ByteSwaps
    /// The file that was read, for errors in reading it.
    private let sourcePath: String?

    /// A storage, and the number of elements that stands before its bytes.
    private struct StoragePart {
        let key: String
        let storage: Storage
        var count = 0
    }

    /// - Throws: ``CheckpointError/Code/unwritableRecord`` for options that such a file has no place
    ///   for; what makes a pickle impossible.
    init(_ contents: CheckpointContents, _ options: SaveOptions) throws(CheckpointError) {
        guard options.storageAlignment == nil, options.computesChecksums == nil else {
            throw CheckpointError(
                .unwritableRecord, "a legacy file has neither alignment nor checksums",
                advice: "Leave these options out, or save with SaveOptions(layout: .current)")
        }
        let isPreserved = options.layout == .preserved
        if !isPreserved { try contents.checkLegacyNames() }
        let source = contents.source.legacy
        var graph = contents.graph
        let identifiers = source?.classIdentifiers ?? [:]
        let loads = try graph.emitted().persistentLoads
        try contents.storages.checkClasses(loads, in: graph)
        if !isPreserved { try contents.storages.numberApart(loads, in: &graph) }
        try graph.shapeIdentifiers(for: .legacy)
        let emitted = try graph.emitted(classIdentifiers: identifiers)
        try options.globals.checkSaving(emitted, of: contents)
        pickle = emitted.region
        storages = try Self.parts(loads, in: graph, contents.storages)
        keys = try Self.list(storages.map(\.key))
        header =
            if isPreserved, let source {
                source.header
            } else {
                try ByteRegion(copying: LegacyHeader.current)
            }
        trailer = isPreserved ? source?.trailer ?? ByteRegion() : ByteRegion()
        swaps = try ByteSwaps(storages.map(\.storage), to: .little, contents)
        sourcePath = contents.source.filePath
    }

    /// The storages in the order in which torch writes them: that of their keys as texts.
    private static func parts(
        _ loads: [NodeID], in graph: PickleGraph, _ table: StorageTable
    ) throws(CheckpointError) -> [StoragePart] {
        var parts: [String: StoragePart] = [:]
        for load in loads {
            guard let reference = table.reference(load, in: graph),
                let identifier = graph.persistentID(load),
                let keyText = graph.item(StorageIdentifier.keyPlace, of: identifier),
                let key = graph.plainString(keyText)
            else { continue }
            let count = reference.storage.byteCount / (reference.dtype?.itemSize ?? 1)
            let part = StoragePart(key: key, storage: reference.storage, count: count)
            let known = parts.updateValue(part, forKey: key)
            guard known == nil || known?.storage === part.storage else {
                throw CheckpointError(
                    .duplicateRecord, "storage '\(key)' would be written for two storages",
                    advice: "Save with SaveOptions(layout: .legacy), which numbers them anew")
            }
        }
        return parts.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private static func list(_ keys: [String]) throws(CheckpointError) -> ByteRegion {
        var graph = PickleGraph()
        var texts: [NodeID] = []
        for key in keys { try texts.append(graph.addText(key)) }
        graph.root = graph.addList(texts)
        return try graph.emitted().region
    }

    /// The size of the file.
    var byteCount: Int {
        let pickles = header.count.addingCapped(pickle.count).addingCapped(keys.count)
        return storages.reduce(pickles.addingCapped(trailer.count)) { sum, part in
            sum.addingCapped(part.storage.byteCount).addingCapped(MemoryLayout<Int64>.size)
        }
    }

    /// Writes the file.
    ///
    /// - Parameter progress: Called now and then with the bytes written and all bytes.
    func write<Sink: ByteSink & ~Copyable>(
        to sink: inout Sink, progress: (_ written: Int, _ total: Int) throws -> Void
    ) throws {
        let total = byteCount
        var written = 0
        func write(_ region: ByteRegion, to sink: inout Sink) throws {
            let start = written
            try region.write(to: &sink) { count, _ in try progress(start + count, total) }
            written += region.count
        }
        for region in [header, pickle, keys] { try write(region, to: &sink) }
        for part in storages {
            var count: [UInt8] = []
            count.append(littleEndian: Int64(part.count))
            try unsafe sink.write(count.span.bytes)
            written += count.count
            try write(bytes(of: part), to: &sink)
        }
        try write(trailer, to: &sink)
    }

    private func bytes(of part: StoragePart) throws(CheckpointError) -> ByteRegion {
        do throws(CheckpointError) {
            return try swaps.region(of: part.storage)
        } catch {
            throw error.inFile(sourcePath)
        }
    }
}
