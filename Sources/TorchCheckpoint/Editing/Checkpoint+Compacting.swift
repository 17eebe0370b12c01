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
        let plans = try TensorCalls(contents).groups.compactMap(CompactedStorage.init)
        guard !plans.isEmpty else { return 0 }
        try edit { (contents) throws(CheckpointError) in
            for plan in plans { try contents.compact(plan) }
        }
        return plans.reduce(0) { $0 + $1.savedByteCount }
    }
}

extension CheckpointContents {
    fileprivate func compact(_ plan: CompactedStorage) throws(CheckpointError) {
        replace(plan.group, by: plan.storage) { $0 }
        for call in plan.group.calls {
            var arguments = Array(call.rebuild.arguments)
            arguments[1] = graph.addInteger(plan.offset(of: call.tensor))
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
    init?(_ group: TensorCalls.Group) {
        let dtypes = group.calls.map(\.tensor.dtype)
        guard !group.isBare, let alignment = dtypes.map(\.itemSize).max(),
            dtypes.allSatisfy({ $0.numbersPerByte == 1 }),
            let parts = try? Self.parts(of: group, alignment: alignment)
        else { return nil }
        self.group = group
        self.parts = parts
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
            return try unsafe ByteRegion(
                ByteOwner(allocating: byteCount) { target in
                    var end = 0
                    for part in parts {
                        unsafe region.withUnsafeBytes { source in
                            let target = unsafe UnsafeMutableRawBufferPointer(
                                rebasing: target[end..<(end + part.count)])
                            unsafe target.copyMemory(
                                from: UnsafeRawBufferPointer(rebasing: source[part]))
                        }
                        end += part.count
                    }
                })
        }
    }

    /// The offset of a tensor in the new storage, in elements; 0 for one without elements.
    func offset(of tensor: Tensor) -> Int {
        let start = tensor.storageOffset * tensor.dtype.itemSize
        guard tensor.elementCount > 0,
            let index = parts.lastIndex(where: { $0.lowerBound <= start })
        else { return 0 }
        return (starts[index] + start - parts[index].lowerBound) / tensor.dtype.itemSize
    }
}
