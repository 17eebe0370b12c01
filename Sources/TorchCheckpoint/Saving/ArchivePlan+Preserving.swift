import ByteIO
import Pickle
import Tensors
import ZipArchive

// What the file that was read has: `Specs/saving.md`.
extension ArchivePlan {
    /// The archive that was read, with another pickle and the storages that it refers to.
    init(
        preserving archive: RecordArchive, _ contents: CheckpointContents, _ options: SaveOptions
    ) throws(CheckpointError) {
        let source = contents.source
        let pickle = try contents.graph.emitted()
        let storages = try contents.storages.records(
            of: pickle.persistentLoads, in: contents.graph)
        try contents.storages.checkClasses(pickle.persistentLoads, in: contents.graph)
        try options.globals.checkSaving(pickle, of: contents)
        let entries = archive.entriesInFileOrder
        root = archive.root
        alignment =
            options.storageAlignment ?? source.usableAlignment
            ?? ZipArchiveWriter<MemorySink>.defaultAlignment
        keepsChecksums = entries.contains { $0.entry.crc32 != 0 }
        computesChecksums = options.computesChecksums ?? keepsChecksums
        var records = try Self.records(
            of: archive, entries, pickle: pickle.region, storages,
            without: contents.storages.recordNames)
        if !Self.followsOrder(records, storages) {
            records.removeAll { $0.name == Self.formatVersionName }
        }
        if let stated = source.archiveInfo?.storageAlignment, stated != alignment,
            let index = records.firstIndex(where: { $0.name == Self.alignmentName })
        {
            records[index] = try Record(Self.alignmentName, text: "\(alignment)")
        }
        self.records = Self.identified(records, entries.map(\.name), source)
        swaps = try ByteSwaps(storages.map(\.storage), to: source.byteOrder, contents)
        sourcePath = source.filePath
    }

    /// The file's records in their order, with the storages that are new behind the others.
    private static func records(
        of archive: RecordArchive, _ entries: [(name: String, entry: ZipEntry)],
        pickle: ByteRegion, _ storages: [StorageTable.Record], without dropped: Set<String>
    ) throws(CheckpointError) -> [Record] {
        // torch finds records whatever the case of their names.
        var added: [String: StorageTable.Record] = [:]
        for storage in storages {
            let name = storage.name.foldingASCIICase()
            guard added.updateValue(storage, forKey: name) == nil else {
                throw CheckpointError(
                    .duplicateRecord, "would be written for two storages",
                    advice: "Save with SaveOptions(layout: .current), which numbers them anew"
                ).inRecord(storage.name)
            }
        }
        let dropped = Set(dropped.map { $0.foldingASCIICase() })
        var records: [Record] = []
        for (name, entry) in entries {
            let folded = name.foldingASCIICase()
            if folded == pickleName {
                records.append(Record(name, .bytes(pickle)))
            } else if let storage = added.removeValue(forKey: folded) {
                records.append(
                    storage.isRewritten
                        ? Record(name, .storage(storage.storage))
                        : Record(name, copying: entry, of: archive))
            } else if !dropped.contains(folded) {
                records.append(Record(name, copying: entry, of: archive))
            }
        }
        let last = records.lastIndex { $0.isStorage || $0.name.foldingASCIICase() == pickleName }
        let new = storages.filter { added[$0.name.foldingASCIICase()] != nil }
        records.insert(
            contentsOf: new.map { Record($0.name, .storage($0.storage)) },
            at: last.map { $0 + 1 } ?? records.count)
        return records
    }

    /// Whether the storages lie in the order in which a reader meets them, from number 0 on.
    ///
    /// torch takes that for granted in a file with a format version, and calculates their places.
    private static func followsOrder(
        _ records: [Record], _ storages: [StorageTable.Record]
    ) -> Bool {
        let names = records.map(\.name).filter { $0.foldingASCIICase().hasPrefix(storageFolder) }
        let first = records.firstIndex(where: \.isStorage) ?? 0
        let isTogether = records[first...].prefix(names.count).allSatisfy(\.isStorage)
        return isTogether && names == storages.map(\.name)
            && (names.first ?? storageFolder + "0") == storageFolder + "0"
    }

    /// The records with another serialization id, where the file has one at its end.
    private static func identified(
        _ records: [Record], _ oldNames: [String], _ source: CheckpointSource
    ) -> [Record] {
        guard records.last?.name == serializationIDName else { return records }
        let others = records.dropLast()
        var names = SerializationID.namesPart(of: others.map(\.name))
        // Systems differ in how they hash names, so the file's own hash is kept while it is right.
        if let id = source.archiveInfo?.serializationID, SerializationID.isWellFormed(id),
            records.map(\.name) == oldNames
        {
            names = String(id.prefix(SerializationID.digitCount))
        }
        return others + [Record(serializationIDName, .serializationID(names: names))]
    }
}

extension CheckpointSource {
    /// What the file says that its storages are aligned to, if that can be done.
    fileprivate var usableAlignment: Int? {
        archiveInfo?.storageAlignment.flatMap {
            1...SaveOptions.maximumAlignment ~= $0 ? $0 : nil
        }
    }
}
