package import ByteIO
import Synchronization

extension Storage {
    /// A storage with the same bytes in memory of its own.
    ///
    /// The file that this storage was read from may be changed or removed afterwards; the copy does
    /// not notice. Key, device tag and byte order stay. The Python counterpart is
    /// `storage.clone()`.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``; ``CheckpointError`` when a deflated record
    ///   can't be inflated; ``CheckpointError/Code/fileSystem`` when the mapped file can't be read,
    ///   or was cut.
    /// - Complexity: O(``byteCount``). Several threads share the work on a large storage.
    public func copied() throws -> Storage { try copiedChecked() }

    private func copiedChecked() throws(CheckpointError) -> Storage {
        guard hasData else { return self }
        let region = try region()
        let owner = try unsafe ByteOwner(allocating: region.count) {
            (memory) throws(CheckpointError) in
            unsafe memory.preferLargePages()
            guard region.count >= PieceWork.threshold else {
                return unsafe region.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
            }
            let copier = RegionCopier(region)
            try PieceWork.perform(on: region.count, ofSize: 1) { (range) throws(CheckpointError) in
                try unsafe copier.copy(
                    range, to: UnsafeMutableRawBufferPointer(rebasing: memory[range]))
            }
        }
        return Storage(key: key, device: device, region: ByteRegion(owner), byteOrder: byteOrder)
    }
}

extension Storage {
    /// A copy of each storage, in the same order.
    ///
    /// Several threads share the work when there is much of it, inflating included.
    ///
    /// - Throws: as ``copied()``, for the first storage that fails.
    /// - Complexity: O(*n*) in the number of bytes.
    package static func copies(of storages: [Storage]) throws(CheckpointError) -> [Storage] {
        let batches = batches(of: storages)
        let copies = Lock([[Storage]](repeating: [], count: batches.count))
        try PieceWork.perform(count: batches.count) { (index) throws(CheckpointError) in
            var batch: [Storage] = []
            for storage in storages[batches[index]] { batch.append(try storage.copiedChecked()) }
            copies.withLock { [batch] in $0[index] = batch }
        }
        return copies.withLock { $0.flatMap(\.self) }
    }

    /// Neighbours that together have as many bytes as a piece of work should.
    private static func batches(of storages: [Storage]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var missing = PieceWork.pieceSize
        for (index, storage) in storages.enumerated() {
            missing -= min(storage.byteCount, missing)
            guard missing == 0 || index == storages.count - 1 else { continue }
            batches.append(start..<index + 1)
            start = index + 1
            missing = PieceWork.pieceSize
        }
        return batches
    }
}
