import ByteIO
import OrderedCollections
import Pickle
import SystemPackage
import Tensors
import ZipArchive

/// What a file will consist of, settled before the first byte is written.
struct SavePlan {
    /// One record, without the root folder.
    struct Record {
        let name: String
        let contents: Contents
    }

    /// Where a record's bytes come from.
    enum Contents {
        case bytes([UInt8])
        /// A record of the file that was read.
        case entry(ZipEntry)
        case storage(Storage)
        /// The hashes over what was written before.
        case serializationID
    }

    /// The file that was read, to be copied as it is; nil when records are written.
    private(set) var original: ByteRegion?
    private(set) var source: RecordArchive?
    private(set) var root = ""
    private(set) var alignment: Int
    private(set) var computesChecksums: Bool
    /// Whether the file that was read has checksums, which its records keep.
    private(set) var keepsChecksums = true
    private(set) var records: [Record] = []
    /// The part of the file's serialization id that is about the names of records, if they are the
    /// same: systems differ in how they hash them.
    private(set) var namesIdentity: Substring?
    /// How to turn around the bytes of storages of another byte order than the file's.
    private(set) var swaps = ByteSwaps()

    /// - Parameter path: The file to be written, which names the root folder; nil for memory.
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``;
    ///   ``CheckpointError/Code/unsupportedFormat`` for what can only be copied.
    init(
        _ contents: CheckpointContents, _ options: SaveOptions, path: FilePath?
    ) throws(CheckpointError) {
        let source = contents.source
        alignment = options.storageAlignment ?? 64
        computesChecksums = options.computesChecksums ?? true
        guard 1...SaveOptions.maximumAlignment ~= alignment else {
            throw CheckpointError(
                .unwritableRecord, "records can't be aligned to \(alignment) bytes",
                advice: "Choose an alignment from 1 to \(SaveOptions.maximumAlignment)")
        }
        if options.keepsFile, !contents.isEdited, let region = source.region {
            try options.globals.checkSaving(contents)
            original = region
            return
        }
        guard source.format != .torchscript else {
            throw CheckpointError(
                .unsupportedFormat,
                "is a TorchScript archive, whose code and tensors belong together, so it can only "
                    + "be copied unchanged", advice: "Save the edited model with torch.jit.save")
        }
        self.source = source.records
        var graph = contents.graph
        let order = graph.reachable().order
        let isPreserved = options.layout == .preserved && source.records != nil
        let storages =
            try isPreserved
            ? contents.storages.reachable(order, in: graph)
            : contents.storages.renumbered(order, in: &graph)
        let pickle = try graph.emitted()
        try options.globals.checkSaving(pickle, of: contents)
        if isPreserved, let records = source.records {
            preserve(records, options, pickle: pickle.bytes, storages, of: contents)
        } else {
            layOut(pickle: pickle.bytes, storages, path: path)
            records.insert(contentsOf: extraRecords(of: source.records), at: records.count - 2)
        }
        swaps = try ByteSwaps(
            storages.map(\.storage), to: isPreserved ? source.byteOrder : .little, order, contents)
    }
}

// What torch 2.13 writes: `Specs/archive.md`.
extension SavePlan {
    private mutating func layOut(
        pickle: [UInt8], _ storages: [StorageTable.Record], path: FilePath?
    ) {
        root = path.map(Self.root) ?? Self.defaultRoot
        records = [
            Record(name: "data.pkl", contents: .bytes(pickle)),
            Record(name: ".format_version", contents: .bytes(Array("1".utf8))),
            Record(name: ".storage_alignment", contents: .bytes(Array("\(alignment)".utf8))),
            Record(name: "byteorder", contents: .bytes(Array(ByteOrder.little.rawValue.utf8))),
        ]
        for storage in storages {
            records.append(Record(name: storage.name, contents: .storage(storage.storage)))
        }
        records.append(Record(name: "version", contents: .bytes(Array("3\n".utf8))))
        records.append(Record(name: Self.serializationIDName, contents: .serializationID))
    }

    /// Records that torch knows nothing of, which are kept.
    private func extraRecords(of archive: RecordArchive?) -> [Record] {
        guard let archive else { return [] }
        let known = Set(records.map(\.name))
        return archive.entriesInFileOrder.filter {
            let name = $0.name.foldingASCIICase()
            return !known.contains(name) && !name.hasPrefix("data/")
        }.map { Record(name: $0.name, contents: .entry($0.entry)) }
    }

    static let serializationIDName = ".data/serialization_id"

    private static let defaultRoot = "archive"

    /// The root folder that torch names after a file: the name without its last extension, or
    /// `archive` when that is empty or the path is not ASCII.
    static func root(for path: FilePath) -> String {
        let name = path.lastComponent?.string ?? ""
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        return stem.isEmpty || !path.string.utf8.allSatisfy { $0 < 0x80 } ? defaultRoot : stem
    }
}

// What the file that was read has.
extension SavePlan {
    private mutating func preserve(
        _ archive: RecordArchive, _ options: SaveOptions, pickle: [UInt8],
        _ storages: [StorageTable.Record],
        of contents: CheckpointContents
    ) {
        root = archive.root
        let ownAlignment = contents.source.archiveInfo?.storageAlignment
        if options.storageAlignment == nil, let ownAlignment,
            1...SaveOptions.maximumAlignment ~= ownAlignment
        {
            alignment = ownAlignment
        }
        let entries = archive.entriesInFileOrder
        keepsChecksums = entries.contains { $0.entry.crc32 != 0 }
        computesChecksums = options.computesChecksums ?? keepsChecksums
        let pickleOffset = archive.entry("data.pkl")?.headerOffset
        var added = OrderedDictionary(uniqueKeysWithValues: storages.map { ($0.name, $0) })
        let fromFile = contents.storages.recordNames
        for (name, entry) in entries {
            if entry.headerOffset == pickleOffset {
                records.append(Record(name: name, contents: .bytes(pickle)))
            } else if let storage = added.removeValue(forKey: name) {
                let kept: Contents = storage.isRewritten ? .storage(storage.storage) : .entry(entry)
                records.append(Record(name: name, contents: kept))
            } else if name == Self.serializationIDName,
                entry.headerOffset == entries.last?.entry.headerOffset
            {
                records.append(Record(name: name, contents: .serializationID))
            } else if !fromFile.contains(name) {
                records.append(Record(name: name, contents: .entry(entry)))
            }
        }
        let place = records.lastIndex { $0.name.hasPrefix("data/") || $0.name == "data.pkl" }
        records.insert(
            contentsOf: added.values.map { Record(name: $0.name, contents: .storage($0.storage)) },
            at: place.map { $0 + 1 } ?? records.count)
        if let id = contents.source.archiveInfo?.serializationID,
            SerializationID.isWellFormed(id), records.map(\.name) == entries.map(\.name)
        {
            namesIdentity = id.prefix(SerializationID.digitCount)
        }
    }
}
