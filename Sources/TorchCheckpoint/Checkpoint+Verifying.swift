import ByteIO
import Pickle
import ZipArchive

extension Checkpoint {
    /// Reads the whole file that the checkpoint was opened from and compares every record with its
    /// checksum.
    ///
    /// Neither opening nor `torch.load` does so, because it takes reading every byte. What was
    /// changed since opening is not looked at, and what is in no archive has no checksums.
    ///
    /// A checksum of 0 stands for none: torch writes 0 for every record when it is told to leave
    /// checksums out (`set_crc32_options(False)`), and for each storage that it leaves room for
    /// (`skip_data`), whose bytes come later. Such records are passed over.
    ///
    /// - Returns: The number of records that were found to be right; 0 where checksums were left out.
    /// - Throws: ``CheckpointError/Code/checksumMismatch``, or what inflating throws; the error names
    ///   the record. ``CheckpointError/Code/fileSystem`` when a mapped file can't be read, or was cut:
    ///   while its path leads to it, records are read from it again.
    /// - Complexity: O(*n*) in the size of the file.
    @discardableResult
    public func verifyChecksums() throws -> Int {
        do throws(CheckpointError) {
            return try contents.source.records?.archive.verifyChecksums() ?? 0
        } catch {
            throw error.inFile(contents.source.filePath)
                .advising(CheckpointContents.adviceOnDamage)
        }
    }

    /// Checks that every tensor makes sense and lies inside its storage.
    ///
    /// Unlike ``tensors()``, this takes objects that are nested to any depth.
    ///
    /// - Throws: what ``tensors()`` throws of a tensor.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    func checkTensors() throws(CheckpointError) {
        let resolver = contents.resolver
        do throws(CheckpointError) {
            for id in contents.graph.reachable() { _ = try resolver.value(id) }
        } catch {
            throw contents.locating(error, at: nil)
        }
    }
}
