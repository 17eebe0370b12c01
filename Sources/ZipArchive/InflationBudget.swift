import ByteIO
import Synchronization

/// Holds what is inflated in proportion to the bytes that are there: a deflated entry may be a
/// thousand times as large as what it takes in the file.
final class InflationBudget: Sendable {
    /// The size of all deflated entries together up to which any of them is inflated.
    static let maximumFreeByteCount = 1 << 26
    /// The same of records that are no storages, of which objects are made that take many times as
    /// much memory.
    static let maximumFreeRecordByteCount = 1 << 20

    private struct Records {
        var seen: Set<Int> = []
        var byteCount = 0
    }

    private let limits: ZipLimits
    private let archiveByteCount: Int
    /// The size of all deflated entries together once they are inflated.
    private let inflatedByteCount: Int
    private let records = Lock(Records())

    init(_ table: EntryTable, archiveByteCount: Int, _ limits: ZipLimits) {
        self.limits = limits
        self.archiveByteCount = archiveByteCount
        var count = 0
        for row in table.rows where row.method != 0 { count = count.addingCapped(row.byteCount) }
        inflatedByteCount = count
    }

    /// Checks that an entry may be inflated.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``, ``CheckpointError/Code/damagedArchive``.
    func check(_ entry: ZipEntry) throws(CheckpointError) {
        guard entry.byteCount <= limits.inflatedBytes else {
            throw Self.exceeded(
                "inflates to \(entry.byteCount) bytes, the limit is \(limits.inflatedBytes)",
                "inflatedBytes", entry)
        }
        // A larger claim is a lie.
        guard entry.byteCount / ByteRegion.maximumInflation <= entry.compressedByteCount else {
            throw CheckpointError(
                .damagedArchive,
                "\(entry.compressedByteCount) bytes can't inflate to \(entry.byteCount)"
            ).inRecord(entry.name)
        }
        let allowed = max(Self.maximumFreeByteCount, multiple(limits.inflationRatio))
        guard inflatedByteCount <= allowed else {
            throw Self.exceeded(
                "is one of the deflated records of an archive of \(archiveByteCount) bytes that "
                    + "inflate to \(inflatedByteCount) together, the limit is \(allowed)",
                "inflationRatio", entry)
        }
    }

    /// Counts an entry that is no storage, once, and checks that all of them may be inflated.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    func checkRecord(_ entry: ZipEntry) throws(CheckpointError) {
        let total = records.withLock { records in
            if records.seen.insert(entry.index).inserted {
                records.byteCount = records.byteCount.addingCapped(entry.byteCount)
            }
            return records.byteCount
        }
        guard total <= limits.recordBytes else {
            throw Self.exceeded(
                "brings what the records inflate to that are no storages to \(total) bytes, the "
                    + "limit is \(limits.recordBytes)", "recordBytes", entry)
        }
        let allowed = max(Self.maximumFreeRecordByteCount, multiple(limits.recordRatio))
        guard total <= allowed else {
            throw Self.exceeded(
                "brings what the records of an archive of \(archiveByteCount) bytes inflate to "
                    + "that are no storages to \(total) bytes, the limit is \(allowed)",
                "recordRatio", entry)
        }
    }

    private func multiple(_ ratio: Int) -> Int {
        archiveByteCount.multipliedCapped(by: max(ratio, 0))
    }

    private static func exceeded(
        _ what: String, _ limit: String, _ entry: ZipEntry
    ) -> CheckpointError {
        CheckpointError(
            .limitExceeded, what, offset: entry.headerOffset,
            advice: "Raise ZipLimits.\(limit) if the file is trusted, or store what is deflated"
        ).inRecord(entry.name)
    }
}
