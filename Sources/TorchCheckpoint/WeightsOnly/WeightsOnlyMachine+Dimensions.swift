import ByteIO
import Tensors

// Sizes and strides, and how many bytes they need.
extension WeightsOnlyMachine {
    /// Whether torch takes a value for sizes: the first element decides.
    func areIntegers(_ value: PythonValue) -> Bool {
        let first: PythonValue?
        switch value {
        case .tuple(let items), .size(let items): first = self.items[items.range].first
        case .list(let number): first = sequences[Int(number)].first
        default: return false
        }
        switch first {
        case nil, .integer, .bigInteger, .tensor, .made: return true
        default: return false
        }
    }

    /// Notes the integers in a tuple or list.
    ///
    /// - Returns: Where they are among ``dimensions``.
    mutating func integers(_ value: PythonValue, as name: String) throws(CheckpointError) -> Range<
        Int
    > {
        guard areIntegers(value), let elements = try elements(value) else {
            throw .refusedByTorch("\(name) is a \(value.typeName) and not a tuple of integers")
        }
        guard elements.count <= TensorLayout.maximumRank else {
            throw CheckpointError(
                .limitExceeded,
                "a tensor has \(elements.count) dimensions, more than \(TensorLayout.maximumRank)")
        }
        let start = dimensions.count
        for element in elements {
            switch element {
            case .integer(let value): dimensions.append(value)
            case .bool(let value): dimensions.append(value ? 1 : 0)
            case .tensor, .made: throw .notFollowed("\(name) has a \(element.typeName)")
            default:
                throw .refusedByTorch("\(name) has a \(element.typeName) or too large a number")
            }
        }
        return start..<dimensions.count
    }

    /// Notes sizes, and checks that torch can count their elements.
    mutating func sizes(_ value: PythonValue) throws(CheckpointError) -> Range<Int> {
        let sizes = try integers(value, as: "the size")
        var (count, isBeyond) = (1, false)
        for size in dimensions[sizes] {
            guard size >= 0 else { throw .refusedByTorch("a dimension has the size \(size)") }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            (count, isBeyond) = (product, isBeyond || overflow)
        }
        guard !isBeyond else { throw .refusedByTorch("the number of elements overflows") }
        return sizes
    }

    func elementCount(_ sizes: Range<Int>) -> Int { dimensions[sizes].reduce(1, &*) }

    /// Notes the strides of sizes, for which torch takes nothing in the place of row-major ones.
    mutating func strides(
        _ value: PythonValue, of sizes: Range<Int>, orRowMajor: Bool
    ) throws(CheckpointError) -> Range<Int> {
        if case .none = value, orRowMajor { return rowMajorStrides(of: sizes) }
        let strides = try integers(value, as: "the stride")
        if strides.isEmpty, orRowMajor { return rowMajorStrides(of: sizes) }
        guard strides.count == sizes.count else {
            throw .refusedByTorch("there are \(sizes.count) sizes and \(strides.count) strides")
        }
        return strides
    }

    mutating func rowMajorStrides(of sizes: Range<Int>) -> Range<Int> {
        let start = dimensions.count
        dimensions.append(contentsOf: repeatElement(1, count: sizes.count))
        var stride = 1
        for place in (0..<sizes.count).reversed() {
            dimensions[start + place] = stride
            stride &*= max(dimensions[sizes.lowerBound + place], 1)
        }
        return start..<dimensions.count
    }

    /// Whether elements lie one behind the other.
    func isContiguous(_ tensor: RebuiltTensor) -> Bool {
        guard elementCount(tensor.sizes) > 0 else { return true }
        var expected = 1
        for (size, stride) in zip(dimensions[tensor.sizes], dimensions[tensor.strides]).reversed()
        where size != 1 {
            guard stride == expected else { return false }
            expected &*= size
        }
        return true
    }

    /// Checks that a tensor lies within its storage.
    func checkBounds(
        _ tensor: RebuiltTensor, offset: Int, _ storage: RestoredStorage
    ) throws(CheckpointError) {
        guard offset >= 0 else { throw .refusedByTorch("the offset of a tensor is \(offset)") }
        guard !dimensions[tensor.sizes].contains(0) else { return }
        var (count, isBeyond) = offset.addingReportingOverflow(1)
        for (size, stride) in zip(dimensions[tensor.sizes], dimensions[tensor.strides])
        where size > 1 {
            let (span, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, sumOverflow) = count.addingReportingOverflow(span)
            isBeyond = isBeyond || overflow || sumOverflow || stride < 0
            count = sum
        }
        let numbers = tensor.dtype.numbersPerByte
        let packed = count / numbers + (count % numbers == 0 ? 0 : 1)
        let (needed, overflow) = packed.multipliedReportingOverflow(by: tensor.dtype.itemSize)
        guard !isBeyond, !overflow else {
            throw .refusedByTorch("the size of the storage that a tensor needs overflows")
        }
        guard needed <= storage.byteCount || storage.device == .meta else {
            throw .refusedByTorch(
                "a tensor needs \(needed) bytes, and its storage has \(storage.byteCount)")
        }
    }
}
