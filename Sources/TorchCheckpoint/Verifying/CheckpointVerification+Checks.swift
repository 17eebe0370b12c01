import ByteIO
import Tensors
import ZipArchive

extension CheckpointVerification {
    /// - Throws: ``CheckpointError/Code/fileSystem``, which says nothing of the file.
    mutating func verify(_ checkpoint: Checkpoint, countsNonFinite: Bool) throws {
        format = checkpoint.format
        add("opening", .passed, "opens: \(checkpoint)")
        try checkChecksums(checkpoint)
        let isListed = try checkTensors(checkpoint)
        try checkStorages(checkpoint)
        if let records = checkpoint.contents.source.records {
            checkRecords(of: records, checkpoint)
            checkAlignment(of: records)
        }
        if countsNonFinite, isListed { try checkNumbers(checkpoint) }
    }

    private mutating func checkChecksums(_ checkpoint: Checkpoint) throws {
        guard let archive = checkpoint.archive else {
            return add("checksums", .noted, "a \(checkpoint.format) file has no checksums")
        }
        do {
            let count = try checkpoint.verifyChecksums()
            // Nothing has the checksum 0.
            let missing = archive.entries.count { $0.crc32 == 0 && $0.byteCount > 0 }
            let right = "\(count.counted("record has the checksum", "records have the checksums"))"
            add(
                "checksums", missing == 0 ? .passed : .noted,
                "\(right) that the directory says"
                    + (missing == 0 ? "" : "; it says none for \(missing) others"))
        } catch {
            try addFailure("checksums", error)
        }
    }

    /// - Returns: Whether all tensors could be listed.
    private mutating func checkTensors(_ checkpoint: Checkpoint) throws -> Bool {
        do {
            let entries = try checkpoint.tensorValues() + checkpoint.constantTensors()
            let sparse = entries.compactMap { entry in
                if case .sparse(let tensor) = entry.value { tensor } else { nil }
            }
            try Tensor.checkTotalSize(
                of: sparse.flatMap { $0.parts.dropLast().map(\.tensor) },
                free: Self.maximumFreeByteCount)
            for tensor in sparse { try tensor.validateIndices() }
            add(
                "tensors", .passed,
                "\(entries.count.counted("tensor lies", "tensors lie")) inside their storages")
            return true
        } catch {
            try addFailure("tensors", error)
            return false
        }
    }

    /// The bytes of indices, or of elements, that are read in any case.
    private static let maximumFreeByteCount = 1 << 28

    private mutating func checkStorages(_ checkpoint: Checkpoint) throws {
        do {
            let all = checkpoint.contents.storages.slots.map(\.storage)
            // Contents that are compressed are inflated here, or found to be damaged.
            for storage in all { _ = try storage.region() }
            let count = all.reduce(0) { $0.addingCapped($1.byteCount) }
            add(
                "storages", .passed,
                "\(all.count.counted("storage has", "storages have")) the size that is said: "
                    + count.describedAsByteCount)
        } catch {
            try addFailure("storages", error)
        }
    }

    private mutating func checkNumbers(_ checkpoint: Checkpoint) throws {
        do {
            let entries = try checkpoint.tensors()
            try Tensor.checkTotalSize(of: entries.map(\.tensor), free: Self.maximumFreeByteCount)
            for entry in entries where entry.tensor.hasData {
                guard let statistics = try entry.tensor.statistics(),
                    statistics.finiteCount < statistics.count
                else { continue }
                nonFinite.append(
                    NonFinite(
                        path: entry.path, nanCount: statistics.nanCount,
                        infinityCount: statistics.infinityCount))
            }
            add(
                "numbers", nonFinite.isEmpty ? .passed : .noted,
                nonFinite.isEmpty
                    ? "all elements are finite"
                    : "\(nonFinite.count.counted("tensor has", "tensors have")) elements that are "
                        + "NaN or infinite")
        } catch {
            try addFailure("numbers", error)
        }
    }

    private mutating func addFailure(_ name: String, _ error: any Error) throws {
        guard let error = error as? CheckpointError, error.code != .fileSystem else { throw error }
        add(name, .failed, error)
    }
}
