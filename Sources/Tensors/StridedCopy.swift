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

    /// Whether neighbours in a column are nearer to each other than those in a row, as in a
    /// transposed view.
    var isTransposed: Bool { rowStride < columnStride && rows > 1 }

    private func copyItems<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer
    ) {
        if isTransposed {
            unsafe copyTransposed(type, from: source, to: destination)
            return
        }
        let size = MemoryLayout<Item>.size
        var to = unsafe destination
        for row in 0..<rows {
            var from = unsafe source + row * rowStride
            for _ in 0..<columns {
                unsafe to.storeBytes(of: from.loadUnaligned(as: type), as: type)
                unsafe from += columnStride
                unsafe to += size
            }
        }
    }

    // Down before across: tiles below each other read neighbouring cache lines, those beside each
    // other may read a page of memory each.
    private func copyTransposed<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer
    ) {
        let size = MemoryLayout<Item>.size
        let height = StridedTile.bandHeight(itemSize: size)
        let side = StridedTile.side(itemSize: size)
        for top in stride(from: 0, to: rows, by: height) {
            for left in stride(from: 0, to: columns, by: side) {
                let band = StridedTile(
                    rows: min(height, rows - top), rowStride: rowStride,
                    columns: min(side, columns - left), columnStride: columnStride)
                unsafe band.copy(
                    type, from: source + top * rowStride + left * columnStride,
                    to: destination + (top * columns + left) * size, rowSize: columns * size)
            }
        }
    }
}
