import ByteIO
import Pickle
import Tensors

extension Checkpoint {
    /// Drops the parts of storages that no tensor uses.
    ///
    /// A slice of a large tensor is saved with all of the large one's storage; this leaves the part
    /// between the first and the last element of each slice. Tensors that share a storage go on
    /// sharing it; shapes, strides and elements stay, offsets change. Storages that are there without
    /// a tensor around them, and those of packed dtypes, stay whole.
    ///
    /// - Returns: The number of bytes that were dropped.
    /// - Throws: ``CheckpointError`` for a tensor that makes no sense.
    /// - Complexity: O(*n* log *n*) in the number of objects; no elements are read.
    @discardableResult
    public mutating func compact() throws -> Int {
        let plans = try locatingErrors { () throws(CheckpointError) in
            var plans: [CompactedStorage] = []
            for group in try TensorCalls(contents).groups {
                if let plan = try CompactedStorage(group) { plans.append(plan) }
            }
            return plans
        }
        guard !plans.isEmpty else { return 0 }
        edit { contents in
            for plan in plans { contents.compact(plan) }
        }
        return plans.reduce(0) { $0 + $1.savedByteCount }
    }
}

extension CheckpointContents {
    fileprivate func compact(_ plan: CompactedStorage) {
        replace(plan.group, by: plan.storage) { $0 }
        for call in plan.group.calls {
            var arguments = Array(graph.items(call.rebuild.arguments) ?? [])
            arguments[RebuildCall.offsetPlace] = graph.addInteger(plan.offset(of: call.tensor))
            replace(call, function: nil, arguments: arguments)
        }
    }
}

/// What is left of a storage without the parts that no tensor uses.
private struct CompactedStorage {
    let group: TensorCalls.Group
    /// The parts that are kept, in bytes of the old storage, in order and apart from each other.
    private let parts: [Range<Int>]
    /// Where each part begins in the new storage.
    private let starts: [Int]
    private let byteCount: Int

    /// Nil when nothing can be dropped.
    init?(_ group: TensorCalls.Group) throws(CheckpointError) {
        let dtypes = group.calls.map(\.tensor.dtype)
        guard !group.isBare, let largest = dtypes.map(\.itemSize).max(),
            dtypes.allSatisfy({ $0.numbersPerByte == 1 })
        else { return nil }
        self.group = group
        parts = try Self.parts(of: group, alignment: max(largest, group.countedByteCount))
        var starts: [Int] = []
        var end = 0
        for part in parts {
            starts.append(end)
            end += part.count
        }
        self.starts = starts
        byteCount = end
        guard end < group.storage.byteCount else { return nil }
    }

    var savedByteCount: Int { group.storage.byteCount - byteCount }

    private static func parts(
        of group: TensorCalls.Group, alignment: Int
    ) throws(CheckpointError) -> [Range<Int>] {
        var extents: [Range<Int>] = []
        for call in group.calls where call.tensor.elementCount > 0 {
            let extent = try call.tensor.layout.extent()
            let size = call.tensor.dtype.itemSize
            let start = extent.lowerBound * size / alignment * alignment
            let end = (extent.upperBound * size + alignment - 1) / alignment * alignment
            extents.append(start..<min(end, group.storage.byteCount))
        }
        extents.sort { $0.lowerBound < $1.lowerBound }
        var parts: [Range<Int>] = []
        for extent in extents {
            if let last = parts.last, extent.lowerBound <= last.upperBound {
                let end = max(last.upperBound, extent.upperBound)
                parts[parts.count - 1] = last.lowerBound..<end
            } else {
                parts.append(extent)
            }
        }
        return parts
    }

    /// The storage, whose bytes are put together when they are needed.
    var storage: Storage {
        let (old, parts, byteCount) = (group.storage, parts, byteCount)
        return Storage(
            key: old.key, device: old.device, byteCount: byteCount, byteOrder: old.byteOrder
        ) { () throws(CheckpointError) in
            let region = try old.region()
            var kept: [ByteRegion] = []
            for part in parts {
                try kept.append(region.slice(at: part.lowerBound, count: part.count))
            }
            return try ByteRegion(concatenating: kept)
        }
    }

    /// The offset of a tensor in the new storage, in elements; 0 for one without elements.
    func offset(of tensor: Tensor) -> Int {
        let start = tensor.storageOffset * tensor.dtype.itemSize
        let index = parts.partitioningIndex { $0.lowerBound > start } - 1
        guard tensor.elementCount > 0, index >= 0 else { return 0 }
        return (starts[index] + start - parts[index].lowerBound) / tensor.dtype.itemSize
    }
}

extension Array {
    /// The first index from which on a condition holds, in an array where it holds at the end only.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
