/// Copies the elements of a view one after the other in row-major order, as many at a time as asked.
///
/// The two innermost dimensions are copied as blocks; only those around them are counted through.
struct RowMajorCursor {
    private let itemSize: Int
    private let block: StridedBlock
    private let outerSizes: [Int]
    private let outerStrides: [Int]
    private var outerIndices: [Int]
    /// Where the current block begins, in bytes from the first element.
    private var offset = 0
    private var row = 0
    private var column = 0

    /// A cursor at the first element of a view that has elements.
    init(_ layout: TensorLayout, itemSize: Int) {
        let extent = StridedExtent(layout, itemSize: itemSize)
        let rank = extent.sizes.count
        self.itemSize = itemSize
        block = StridedBlock(
            rows: rank >= 2 ? extent.sizes[rank - 2] : 1,
            rowStride: rank >= 2 ? extent.strides[rank - 2] : 0,
            columns: rank >= 1 ? extent.sizes[rank - 1] : 1,
            columnStride: rank >= 1 ? extent.strides[rank - 1] : itemSize)
        outerSizes = extent.sizes.dropLast(2)
        outerStrides = extent.strides.dropLast(2)
        outerIndices = Array(repeating: 0, count: outerSizes.count)
    }

    /// Fills `destination`, whose size is a multiple of the element size, with the next elements.
    ///
    /// There must be so many left. `source` is always the same: it begins with the first element.
    mutating func copyNext(
        from source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer
    ) {
        guard let first = source.baseAddress, var target = destination.baseAddress
        else { return }
        var count = destination.count / itemSize
        while count > 0 {
            let part = nextPart(atMost: count)
            let start = offset + row * block.rowStride + column * block.columnStride
            unsafe part.copy(from: first + start, to: target, itemSize: itemSize)
            let copied = part.rows * part.columns
            unsafe target += copied * itemSize
            count -= copied
            advance(by: part)
        }
    }

    /// The part of the block from the current element that makes a rectangle: the rest of a row, or
    /// some whole rows, or the beginning of a row.
    private func nextPart(atMost count: Int) -> StridedBlock {
        var part = block
        if column > 0 || count < block.columns {
            part.rows = 1
            part.columns = min(count, block.columns - column)
        } else {
            part.rows = min(count / block.columns, block.rows - row)
        }
        return part
    }

    /// How many elements are best copied together: those of the rows that a tile covers.
    var granularity: Int {
        block.isTransposed ? block.columns * StridedTile.bandHeight(itemSize: itemSize) : 1
    }

    /// Moves to the element with the given number, which must be there, from the first one.
    mutating func advance(toElement number: Int) {
        let (blocks, inBlock) = number.quotientAndRemainder(dividingBy: block.rows * block.columns)
        (row, column) = inBlock.quotientAndRemainder(dividingBy: block.columns)
        var rest = blocks
        for dimension in outerIndices.indices.reversed() {
            let parts = rest.quotientAndRemainder(dividingBy: outerSizes[dimension])
            outerIndices[dimension] = parts.remainder
            offset += parts.remainder * outerStrides[dimension]
            rest = parts.quotient
        }
    }

    private mutating func advance(by part: StridedBlock) {
        column += part.columns
        guard column == block.columns else { return }
        column = 0
        row += part.rows
        guard row == block.rows else { return }
        row = 0
        advanceOuter()
    }

    private mutating func advanceOuter() {
        for dimension in outerIndices.indices.reversed() {
            outerIndices[dimension] += 1
            offset += outerStrides[dimension]
            if outerIndices[dimension] < outerSizes[dimension] { return }
            offset -= outerStrides[dimension] * outerSizes[dimension]
            outerIndices[dimension] = 0
        }
    }
}
