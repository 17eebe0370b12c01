/// Where the elements of a view lie, in bytes, with as few dimensions as describe it.
///
/// Dimensions of size 1 are gone and neighbours that make one evenly spaced run are merged, so a
/// contiguous view of any rank has one dimension.
struct StridedExtent {
    private(set) var sizes: [Int] = []
    private(set) var strides: [Int] = []

    /// The extent of a view that has elements and lies inside its storage.
    init(_ layout: TensorLayout, itemSize: Int) {
        for (size, stride) in zip(layout.shape, layout.strides) where size != 1 {
            append(size: size, stride: stride * itemSize)
        }
    }

    // No product below overflows: a stride other than 0 times its size is less than twice the extent,
    // which lies inside the storage.
    private mutating func append(size: Int, stride: Int) {
        if let last = sizes.indices.last, strides[last] == stride * size {
            sizes[last] *= size
            strides[last] = stride
        } else {
            sizes.append(size)
            strides.append(stride)
        }
    }
}

/// A rectangle of elements: rows that are evenly spaced, of elements that are evenly spaced.
struct StridedBlock {
    var rows: Int
    var rowStride: Int
    var columns: Int
    var columnStride: Int
}

extension StridedBlock {
    /// Copies the block from `source` to `destination`, row by row and without gaps.
    func copy(
        from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, itemSize: Int
    ) {
        if columnStride == itemSize {
            unsafe copyRuns(from: source, to: destination, itemSize: itemSize)
            return
        }
        switch itemSize {
        case 1: unsafe copyItems(UInt8.self, from: source, to: destination)
        case 2: unsafe copyItems(UInt16.self, from: source, to: destination)
        case 4: unsafe copyItems(UInt32.self, from: source, to: destination)
        case 8: unsafe copyItems(UInt64.self, from: source, to: destination)
        default: unsafe copyItems(SIMD2<UInt64>.self, from: source, to: destination)
        }
    }

    private func copyRuns(
        from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, itemSize: Int
    ) {
        let count = columns * itemSize
        for row in 0..<rows {
            unsafe (destination + row * count).copyMemory(
                from: source + row * rowStride, byteCount: count)
        }
    }

    /// The number of rows that are copied at the same time.
    ///
    /// In a transposed view, neighbours in a column are neighbours in memory; so many of them share
    /// a cache line.
    private static var tileHeight: Int { 16 }

    private func copyItems<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer
    ) {
        let rowSize = columns * MemoryLayout<Item>.size
        let height = rowStride < columnStride ? Self.tileHeight : 1
        for top in stride(from: 0, to: rows, by: height) {
            let tile = StridedBlock(
                rows: min(height, rows - top), rowStride: rowStride, columns: columns,
                columnStride: columnStride)
            unsafe tile.copyTile(
                type, from: source + top * rowStride, to: destination + top * rowSize)
        }
    }

    @inline(__always)
    private func copyTile<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer
    ) {
        let size = MemoryLayout<Item>.size
        let rowSize = columns * size
        for column in 0..<columns {
            var from = unsafe source + column * columnStride
            var to = unsafe destination + column * size
            for _ in 0..<rows {
                unsafe to.storeBytes(of: from.loadUnaligned(as: type), as: type)
                unsafe from += rowStride
                unsafe to += rowSize
            }
        }
    }
}
