import ByteIO
import Pickle
import SystemPackage
import Tensors
import ZipArchive

/// The archive that a checkpoint is saved as.
struct ArchivePlan {
    /// One record, without the root folder.
    struct Record {
        let name: String
        let contents: Contents

        init(_ name: String, _ contents: Contents) { (self.name, self.contents) = (name, contents) }

        /// A copy of an entry of the file that was read.
        init(_ name: String, copying entry: ZipEntry, of archive: RecordArchive) {
            self.init(
                name, .entry(entry.index, byteCount: entry.byteCount, of: archive.archive))
        }

        /// Whether it is where storages are.
        var isStorage: Bool { name.foldingASCIICase().hasPrefix(ArchivePlan.storageFolder) }

        init(_ name: String, text: String) throws(CheckpointError) {
            try self.init(name, .bytes(ByteRegion(copying: text.utf8)))
        }
    }

    /// Where a record's bytes come from.
    enum Contents {
        case bytes(ByteRegion)
        /// An entry of the file that was read, by its number.
        case entry(Int, byteCount: Int, of: ZipArchive)
        case storage(Storage)
        /// The hashes over what was written before; the part over the names is known.
        case serializationID(names: String)
    }

    let root: String
    let alignment: Int
    let computesChecksums: Bool
    /// Whether records of the file that was read keep the checksums that it has.
    let keepsChecksums: Bool
    let records: [Record]
    /// How to turn around the bytes of storages of another byte order than the file's.
    let swaps: ByteSwaps
    /// The file that was read, for errors in reading it.
    let sourcePath: String?

    static let pickleName = "data.pkl"
    static let formatVersionName = ".format_version"
    static let alignmentName = ".storage_alignment"
    static let serializationIDName = ".data/serialization_id"
    static let storageFolder = "data/"
}

// What torch 2.13 writes: `Specs/archive.md`.
extension ArchivePlan {
    /// The archive that torch would write of the same objects.
    ///
    /// - Parameter path: The file, which names the root folder; nil for memory.
    init(
        _ contents: CheckpointContents, _ options: SaveOptions, path: FilePath?
    ) throws(CheckpointError) {
        var graph = contents.graph
        if contents.source.format == .legacy { try graph.shapeIdentifiers(for: .zip) }
        var pickle = try graph.emitted()
        try contents.storages.checkClasses(pickle.persistentLoads, in: graph)
        let (storages, isRenumbered) = try contents.storages.renumbered(
            pickle.persistentLoads, in: &graph)
        if isRenumbered { pickle = try graph.emitted() }
        try options.globals.checkSaving(pickle, of: contents)
        root = path.map(Self.root) ?? Self.defaultRoot
        alignment = options.storageAlignment ?? ZipArchiveWriter<MemorySink>.defaultAlignment
        computesChecksums = options.computesChecksums ?? true
        keepsChecksums = false
        var records = try [
            Record(Self.pickleName, .bytes(pickle.region)),
            Record(Self.formatVersionName, text: "1"),
            Record(Self.alignmentName, text: "\(alignment)"),
            Record("byteorder", text: ByteOrder.little.rawValue),
        ]
        for storage in storages { records.append(Record(storage.name, .storage(storage.storage))) }
        if let archive = contents.source.records {
            records += Self.unknownRecords(
                of: archive, beside: records, contents.storages.recordNames)
        }
        try records.append(Record("version", text: "3\n"))
        let names = SerializationID.namesPart(of: records.map(\.name))
        records.append(Record(Self.serializationIDName, .serializationID(names: names)))
        self.records = records
        swaps = try ByteSwaps(storages.map(\.storage), to: .little, contents)
        sourcePath = contents.source.filePath
    }

    /// Records of the file that torch knows nothing of, which are kept.
    private static func unknownRecords(
        of archive: RecordArchive, beside records: [Record], _ storages: Set<String>
    ) -> [Record] {
        let known = storages.union(records.map(\.name) + ["version", serializationIDName])
        let folded = Set(known.map { $0.foldingASCIICase() })
        return archive.entriesInFileOrder.filter {
            !folded.contains($0.name.foldingASCIICase())
        }.map { Record($0.name, copying: $0.entry, of: archive) }
    }

    private static let defaultRoot = "archive"

    /// The root folder that torch names after a file: the name without its last extension, or
    /// `archive` when that is empty or the path is not ASCII.
    private static func root(for path: FilePath) -> String {
        // torch takes a backslash for the end of a folder, on every system.
        let component = path.lastComponent?.string ?? ""
        let name = component.split(separator: "\\", omittingEmptySubsequences: false).last ?? ""
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
        return stem.isEmpty || !path.string.utf8.allSatisfy { $0 < 0x80 } ? defaultRoot : stem
    }
}
