package import ByteIO

extension ZipArchive {
    /// Reads every entry and compares its contents with the checksum that the directory has.
    ///
    /// A checksum of 0 stands for none, and such a stored entry is passed over: torch writes 0
    /// everywhere when it is told to leave checksums out (`set_crc32_options(False)`), and for each
    /// storage that it leaves room for (`skip_data`), whose bytes come later. Of contents that are
    /// damaged, one in 2³² has a true checksum of 0. A deflated entry always has one.
    ///
    /// - Returns: The number of entries that were found to be right; those that were passed over
    ///   don't count.
    /// - Throws: ``CheckpointError/Code/checksumMismatch``, or what inflating throws; the error names
    ///   the entry.
    /// - Complexity: O(*n*) in the size of the contents; memory is that of one deflated entry.
    package func verifyChecksums() throws(CheckpointError) -> Int {
        try region.checkFile()
        let copier = RegionCopier(region)
        var count = 0
        for entry in entriesInFileOrder {
            let isStored = entry.compression == .stored
            if isStored, entry.crc32 == 0 { continue }
            if isStored {
                try check(entry, copier)
            } else {
                // Inflating compares the checksum.
                _ = try contents(of: entry)
            }
            count += 1
        }
        return count
    }

    private func check(_ entry: ZipEntry, _ copier: RegionCopier) throws(CheckpointError) {
        var checksum = CRC32()
        let contents = entry.dataOffset..<entry.dataOffset + entry.byteCount
        try copier.forEachPiece(of: contents, ofSize: RecordInProgress.pieceByteCount) {
            checksum.update($0)
        }
        guard checksum.value != entry.crc32 else { return }
        throw CheckpointError(
            .checksumMismatch,
            "has the checksum \(checksum.value.hexadecimal) where the directory says "
                + "\(entry.crc32.hexadecimal)",
            advice: "The file is damaged: fetch it again, or use another checkpoint"
        ).inRecord(entry.name)
    }
}
