import ByteIO
import ZipArchive

/// A zip archive laid out as torch does: records below one root folder.
///
/// Record order, names and contents: `Specs/archive.md`.
struct RecordArchive: Sendable {
    let archive: ZipArchive
    /// The folder that all records are in, which torch names after the file.
    let root: String
    /// How the names of all entries begin: the root folder with its slash, or nothing where the
    /// archive has none.
    let folder: String

    /// Opens the archive that fills `region`.
    ///
    /// - Throws: What opening it throws; ``CheckpointError/Code/unsupportedFormat`` when there is no
    ///   root folder or an entry lies outside it.
    init(_ region: ByteRegion, limits: ZipLimits) throws(CheckpointError) {
        archive = try ZipArchive(region, limits: limits) { $0.isStorageName }
        let first = archive.entries.first?.name ?? ""
        if Self.isRootlessExport(archive) {
            (root, folder) = ("", "")
            return
        }
        guard let slash = first.firstIndex(of: "/") else {
            throw CheckpointError(
                .unsupportedFormat,
                "is a zip archive, but not one of torch: \(Self.sketch(archive))",
                advice: "Name a file that torch.save has written")
        }
        root = String(first[..<slash])
        folder = String(first[...slash])
        let folder = Array(folder.utf8)
        for index in archive.entries.indices
        where !archive.withName(of: index, { unsafe $0.hasPrefix(folder.span.bytes) }) {
            throw CheckpointError(
                .unsupportedFormat,
                "is outside the root folder '\(root)', so the archive is not one of torch",
                advice: "Name a file that torch.save has written"
            ).inRecord(archive.entries[index].name)
        }
    }

    /// All records, named without the root folder, in the order in which they are in the file.
    var entriesInFileOrder: [(name: String, entry: ZipEntry)] {
        archive.entriesInFileOrder.map {
            (String($0.name.utf8.dropFirst(folder.utf8.count)) ?? $0.name, $0)
        }
    }

    /// Whether the archive has a record.
    func has(_ record: String) -> Bool { entry(record) != nil }

    /// The entry of a record, named without the root folder.
    func entry(_ record: String) -> ZipEntry? { archive.entry(named: folder + record) }

    /// The entry of a record that has to be there.
    ///
    /// - Throws: ``CheckpointError/Code/missingRecord``.
    func requireEntry(_ record: String) throws(CheckpointError) -> ZipEntry {
        guard let entry = entry(record) else {
            throw CheckpointError(
                .missingRecord, "the archive has no record '\(record)': \(Self.sketch(archive))",
                advice: "The file is incomplete or was not written by torch.save")
        }
        return entry
    }

    /// The contents of a record that is no storage.
    ///
    /// - Throws: What inflating throws.
    func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        try naming(entry) { () throws(CheckpointError) in
            try archive.recordContents(of: entry)
        }
    }

    /// The contents of the record of a storage.
    ///
    /// - Throws: What inflating throws.
    func storageContents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        try naming(entry) { () throws(CheckpointError) in try archive.contents(of: entry) }
    }

    private func naming(
        _ entry: ZipEntry, _ body: () throws(CheckpointError) -> ByteRegion
    ) throws(CheckpointError) -> ByteRegion {
        do throws(CheckpointError) {
            return try body()
        } catch {
            throw error.inRecord(String(entry.name.dropFirst(folder.count)))
        }
    }

    /// The contents of a small record of text, or nil when there is no such record.
    func text(of record: String) throws(CheckpointError) -> String? {
        guard let entry = entry(record) else { return nil }
        guard entry.byteCount <= 4096 else {
            throw CheckpointError(.damagedArchive, "is too long for what it is for")
                .inRecord(record)
        }
        let bytes = try contents(of: entry).copyBytes()
        return String(decoding: bytes, as: UTF8.self).trimmingWhitespace()
    }

    /// The number in a small record, or nil when there is no such record.
    func integer(in record: String) throws(CheckpointError) -> Int? {
        guard let text = try text(of: record) else { return nil }
        guard let value = Int(text) else {
            throw CheckpointError(
                .damagedArchive, "says '\(text.prefix(32))' where a number is expected"
            ).inRecord(record)
        }
        return value
    }

    /// The byte order of the storages; torch assumes little where the record is missing.
    func byteOrder() throws(CheckpointError) -> ByteOrder {
        guard let text = try text(of: "byteorder") else { return .little }
        guard let order = ByteOrder(rawValue: text) else {
            throw CheckpointError(
                .damagedArchive, "says '\(text.prefix(32))' where 'little' or 'big' is expected"
            ).inRecord("byteorder")
        }
        return order
    }

    /// Whether the archive is one of `torch.jit.save`, by the record that torch goes by.
    var isTorchScript: Bool { has("constants.pkl") || has("model.json") }

    /// What the archive holds, in a few words.
    private static func sketch(_ archive: ZipArchive) -> String {
        let names = archive.entries.map(\.name)
        if names.contains(where: { $0.hasSuffix("/model.json") }) {
            return "it is a TorchScript archive of 2019 (model.json)"
        }
        if names.contains(where: { $0.hasSuffix("/archive_format") }) {
            return "it is an archive of torch.export (.pt2)"
        }
        if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
            return "it holds numpy arrays (.npz)"
        }
        let list = names.prefix(3).joined(separator: ", ")
        return names.isEmpty ? "it is empty" : "it holds \(list)\(names.count > 3 ? ", …" : "")"
    }
}

extension RawSpan {
    fileprivate func hasPrefix(_ prefix: RawSpan) -> Bool {
        byteCount >= prefix.byteCount
            && extracting(first: prefix.byteCount).hasSameBytes(as: prefix)
    }

    /// Whether a name is that of a storage's record, `data/<key>` below a root folder.
    fileprivate var isStorageName: Bool { storageKeyOffset != nil }

    /// Whether a name is that of a storage's record, and the key is a number, as torch's keys are.
    ///
    /// Such a record is nothing else; in archives of torch.export others may be below `data/`.
    var isNumberedStorageName: Bool {
        guard let start = storageKeyOffset else { return false }
        return (start..<byteCount).allSatisfy { 0x30...0x39 ~= byte(at: $0) }
    }

    private var storageKeyOffset: Int? {
        var slash = 0
        while slash < byteCount, byte(at: slash) != UInt8(ascii: "/") { slash += 1 }
        let isInData =
            byteCount - slash > 6 && extracting((slash + 1)..<(slash + 6)).elementsEqual("data/")
        return isInData ? slash + 6 : nil
    }
}

extension String {
    fileprivate func trimmingWhitespace() -> String {
        let kept = drop { $0.isWhitespace }
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...last])
    }
}
