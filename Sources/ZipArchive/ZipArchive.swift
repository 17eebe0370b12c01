package import ByteIO

/// A zip archive in memory, read by libzip and checked to mean one thing only.
///
/// A stored entry is a range of the archive's bytes and is not copied; a deflated one is inflated
/// when it is asked for. What is refused and why: `Specs/archive.md`.
public final class ZipArchive: Sendable {
    /// The entries in the order of the directory.
    public let entries: [ZipEntry]

    /// The bytes of the whole archive.
    package let region: ByteRegion
    private let indices: [String: Int]
    private let limits: ZipLimits
    private let inflater: Inflater

    /// Opens the archive that fills `region`.
    ///
    /// - Throws: ``CheckpointError`` when the directory can't be read, or when names are double,
    ///   entries overlap or leave the archive, headers contradict each other, there is more than one
    ///   directory, or an entry is encrypted.
    /// - Complexity: O(*n* log *n*) in the number of entries; their contents are not read.
    package init(_ region: ByteRegion, limits: ZipLimits = .default) throws(CheckpointError) {
        let end = try EndRecord.find(in: region)
        try Self.checkCount(end.entryCount, limits)
        let handle = try ZipHandle(region)
        try Self.checkCount(handle.count, limits)
        guard end.isEmpty == (handle.count == 0) else {
            throw CheckpointError(.damagedArchive, "the zip archive's directory can't be read")
        }
        var entries: [ZipEntry] = []
        entries.reserveCapacity(Int(handle.count))
        for (index, offset) in try end.headerOffsets(handle.count, in: region).enumerated() {
            try entries.append(ZipEntry(UInt64(index), at: offset, of: handle, in: region))
        }
        try Self.checkOverlap(entries, before: Int(checked: end.directoryOffset))
        indices = try Self.index(entries)
        inflater = Inflater(region)
        self.entries = entries
        self.region = region
        self.limits = limits
    }

    /// The entry with this name, or nil.
    ///
    /// ASCII case does not matter, as in torch's reader; no two names differ in case only.
    ///
    /// - Complexity: O(1) on average.
    public func entry(named name: String) -> ZipEntry? {
        indices[name.foldingASCIICase()].map { entries[$0] }
    }

    /// The contents of an entry: a range of the archive's bytes when it is stored.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedCompression``,
    ///   ``CheckpointError/Code/damagedArchive`` or ``CheckpointError/Code/limitExceeded``.
    package func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        switch entry.compression {
        case .stored:
            return try region.slice(at: entry.dataOffset, count: entry.byteCount)
        case .deflated:
            try checkInflation(of: entry)
            do throws(CheckpointError) {
                return try inflater.contents(of: entry)
            } catch {
                throw error.inRecord(entry.name)
            }
        case .unsupported(let method):
            throw CheckpointError(
                .unsupportedCompression,
                "is compressed by method \(method), which is not read here",
                advice: "Store or deflate it with another zip program"
            ).inRecord(entry.name)
        }
    }

    /// The contents of an entry of this archive.
    ///
    /// - Throws: ``CheckpointError`` when the entry can't be inflated.
    /// - Complexity: O(*n*) in the size of the contents, which are copied.
    public func bytes(of entry: ZipEntry) throws -> [UInt8] {
        try contents(of: entry).copyBytes()
    }

    // Deflate can't do better than 1032 to 1, so a larger claim is a lie.
    private func checkInflation(of entry: ZipEntry) throws(CheckpointError) {
        guard entry.byteCount <= limits.inflatedBytes else {
            throw CheckpointError(
                .limitExceeded,
                "inflates to \(entry.byteCount) bytes, the limit is \(limits.inflatedBytes)",
                advice: "Raise ZipLimits.inflatedBytes if the file is trusted"
            ).inRecord(entry.name)
        }
        guard entry.byteCount / 1032 <= entry.compressedByteCount else {
            throw CheckpointError(
                .damagedArchive,
                "\(entry.compressedByteCount) bytes can't inflate to \(entry.byteCount)"
            ).inRecord(entry.name)
        }
    }
}

extension ZipArchive {
    /// Finds entries by name without regard to ASCII case, which torch's reader disregards too.
    private static func index(_ entries: [ZipEntry]) throws(CheckpointError) -> [String: Int] {
        var indices: [String: Int] = [:]
        indices.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            let previous = indices.updateValue(index, forKey: entry.name.foldingASCIICase())
            guard let previous else { continue }
            let other = entries[previous].name
            throw CheckpointError(
                .duplicateRecord,
                other == entry.name
                    ? "is in the archive twice"
                    : "is in the archive, and so is '\(other)': names that look the same to some readers",
                advice: "Readers choose differently between them; get the file from its author"
            ).inRecord(entry.name)
        }
        return indices
    }

    private static func checkCount(
        _ count: UInt64, _ limits: ZipLimits
    ) throws(CheckpointError) {
        guard count <= UInt64(max(limits.entries, 0)) else {
            throw CheckpointError(
                .limitExceeded,
                "the archive has \(count) entries, the limit is \(limits.entries)",
                advice: "Raise ZipLimits.entries if the file is trusted")
        }
    }

    private static func checkOverlap(
        _ entries: [ZipEntry], before directory: Int
    ) throws(CheckpointError) {
        var end = 0
        var previous = ""
        for entry in entries.sortedByOffset() {
            guard entry.headerOffset >= end else {
                throw CheckpointError(
                    .overlappingRecords, "overlaps '\(previous)'", offset: entry.headerOffset,
                    advice: "No zip program writes this; get the file from its author"
                ).inRecord(entry.name)
            }
            end = entry.dataOffset + entry.compressedByteCount
            previous = entry.name
            guard end <= directory else {
                throw CheckpointError(
                    .overlappingRecords, "overlaps the archive's directory",
                    offset: entry.headerOffset,
                    advice: "No zip program writes this; get the file from its author"
                ).inRecord(entry.name)
            }
        }
    }
}

extension ZipEntry {
    /// Gathers what directory and local header say of an entry, and checks that they agree.
    fileprivate init(
        _ index: UInt64, at headerOffset: Int, of handle: ZipHandle, in region: ByteRegion
    ) throws(CheckpointError) {
        let status = try handle.status(of: index)
        do throws(CheckpointError) {
            guard !status.isEncrypted else {
                throw CheckpointError(
                    .encryptedRecord, "is encrypted", advice: "Decrypt the archive first")
            }
            let header = try LocalHeader(in: region, at: headerOffset)
            if let contradiction = header.contradiction(to: status) {
                throw CheckpointError(
                    .contradictoryHeaders, contradiction, offset: headerOffset,
                    advice: "Readers choose differently between them; get the file from its author")
            }
            try self.init(
                index, status, headerOffset: headerOffset, dataOffset: header.dataOffset,
                in: region)
        } catch {
            throw error.inRecord(status.name)
        }
    }

    private init(
        _ index: UInt64, _ status: ZipHandle.Status, headerOffset: Int, dataOffset: Int,
        in region: ByteRegion
    ) throws(CheckpointError) {
        name = status.name
        byteCount = try Int(checked: status.byteCount)
        compressedByteCount = try Int(checked: status.compressedByteCount)
        crc32 = status.crc32
        self.headerOffset = headerOffset
        self.dataOffset = dataOffset
        self.index = index
        compression =
            switch status.method {
            case 0: .stored
            case 8: .deflated
            default: .unsupported(status.method)
            }
        guard compression != .stored || byteCount == compressedByteCount else {
            throw CheckpointError(
                .contradictoryHeaders,
                "is stored, but has \(byteCount) bytes and \(compressedByteCount) in the file",
                offset: headerOffset)
        }
        _ = try region.slice(at: dataOffset, count: compressedByteCount)
    }
}

extension Array<ZipEntry> {
    // Nearly every archive has its entries in order, and then sorting would be a waste.
    fileprivate func sortedByOffset() -> [ZipEntry] {
        let isSorted = zip(self, dropFirst()).allSatisfy { $0.headerOffset <= $1.headerOffset }
        return isSorted ? self : sorted { $0.headerOffset < $1.headerOffset }
    }
}
