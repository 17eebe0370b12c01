/// A narrow rectangle of elements, of which those in a column are neighbours in memory.
struct StridedTile {
    var rows: Int
    var rowStride: Int
    var columns: Int
    var columnStride: Int

    /// The greatest number of columns: that of the elements that share a cache line, unless a square
    /// of so many took more than 1 KiB, up to which temporary memory costs nothing.
    static func side(itemSize: Int) -> Int { min(64 / itemSize, 16) }

    /// The number of rows that are best copied together: those of some cache lines.
    static func bandHeight(itemSize: Int) -> Int { 256 / itemSize }

    /// Copies the tile to rows that begin `rowSize` bytes apart.
    @inline(__always)
    func copy<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer,
        rowSize: Int
    ) {
        let side = Self.side(itemSize: MemoryLayout<Item>.size)
        guard columns == side, rowStride == MemoryLayout<Item>.size else {
            unsafe copyItems(type, from: source, to: destination, rowSize: rowSize, rows: 0..<rows)
            return
        }
        let whole = rows / side * side
        for top in stride(from: 0, to: whole, by: side) {
            unsafe turn(
                type, from: source + top * rowStride, to: destination + top * rowSize,
                rowSize: rowSize)
        }
        unsafe copyItems(type, from: source, to: destination, rowSize: rowSize, rows: whole..<rows)
    }

    @inline(__always)
    private func copyItems<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer,
        rowSize: Int, rows: Range<Int>
    ) {
        for row in rows {
            var from = unsafe source + row * rowStride
            var to = unsafe destination + row * rowSize
            for _ in 0..<columns {
                unsafe to.storeBytes(of: from.loadUnaligned(as: type), as: type)
                unsafe from += columnStride
                unsafe to += MemoryLayout<Item>.size
            }
        }
    }

    /// Copies a square.
    ///
    /// The square is turned in memory of its own, and its rows go to `destination` whole: those are
    /// often a power of two apart, where a cache holds few lines at a time.
    @inline(__always)
    private func turn<Item: BitwiseCopyable>(
        _ type: Item.Type, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer,
        rowSize: Int
    ) {
        let size = MemoryLayout<Item>.size
        let side = Self.side(itemSize: size)
        let line = side * size
        unsafe withUnsafeTemporaryAllocation(byteCount: side * line, alignment: 16) { room in
            guard let turned = room.baseAddress else { return }
            for column in 0..<side {
                let items = unsafe source + column * columnStride
                for row in 0..<side {
                    let item = unsafe (items + row * size).loadUnaligned(as: type)
                    unsafe (turned + (row * side + column) * size).storeBytes(of: item, as: type)
                }
            }
            for row in 0..<side {
                unsafe (destination + row * rowSize).copyMemory(
                    from: turned + row * line, byteCount: line)
            }
        }
    }
}
