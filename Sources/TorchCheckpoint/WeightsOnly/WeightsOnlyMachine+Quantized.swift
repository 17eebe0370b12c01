import ByteIO
import Tensors

// _rebuild_qtensor(storage, offset, size, stride, quantizer, requires_grad, hooks)
extension WeightsOnlyMachine {
    mutating func rebuildQuantized(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let storage = try storage(argument(0, arguments))
        let quantizer = argument(RebuildCall.quantizerPlace, arguments)
        guard let parts = try elements(quantizer), let scheme = parts.first else {
            throw .refusedByTorch("how a tensor is quantized is a \(quantizer.typeName)")
        }
        guard storage.dtype.isQuantized else {
            throw .refusedByTorch("a quantized tensor has a storage of \(storage.dtype)")
        }
        let sizes = try sizes(argument(2, arguments))
        try checkAllocation(sizes, storage.dtype)
        switch meaning(of: scheme) {
        case .scheme(.tensor): try checkTensorQuantizer(Array(parts))
        case .scheme(.channel): try checkChannelQuantizer(Array(parts), sizes, isFloat: false)
        case .scheme(.floatChannel): try checkChannelQuantizer(Array(parts), sizes, isFloat: true)
        default: throw .refusedByTorch("it makes no tensors of such a quantization scheme")
        }
        var tensor = try view(arguments, nil)
        try Self.setRequiresGrad(argument(5, arguments), of: &tensor)
        return add(tensor)
    }

    // torch makes a tensor of the size before it looks at the storage.
    func checkAllocation(_ sizes: Range<Int>, _ dtype: DType) throws(CheckpointError) {
        let (count, isBeyond) = elementCount(sizes).multipliedReportingOverflow(by: dtype.itemSize)
        guard !isBeyond, count <= Self.maximumAllocation else {
            throw .notFollowed("a tensor of \(elementCount(sizes)) elements is to be made")
        }
    }

    private func checkTensorQuantizer(_ parts: [PythonValue]) throws(CheckpointError) {
        guard parts.count == 3 else {
            throw .refusedByTorch("there are \(parts.count) parts of a quantizer instead of 3")
        }
        switch parts[1] {
        case .bool, .integer, .float: break
        case .bigInteger, .tensor, .made: throw .notFollowed("a scale is a \(parts[1].typeName)")
        default: throw .refusedByTorch("a scale is a \(parts[1].typeName)")
        }
        switch parts[2] {
        case .integer: break
        case .tensor, .made: throw .notFollowed("a zero point is a \(parts[2].typeName)")
        default: throw .refusedByTorch("a zero point is a \(parts[2].typeName)")
        }
    }

    private mutating func checkChannelQuantizer(
        _ parts: [PythonValue], _ sizes: Range<Int>, isFloat: Bool
    ) throws(CheckpointError) {
        guard parts.count == 4 else {
            throw .refusedByTorch("there are \(parts.count) parts of a quantizer instead of 4")
        }
        guard case .integer(let axis) = parts[3], (0..<sizes.count).contains(axis) else {
            throw .refusedByTorch("the axis of a quantizer is none of the tensor's")
        }
        let count = dimensions[sizes.lowerBound + axis]
        switch (parts[1], parts[2]) {
        case (.list(let scales), .list(let zeroPoints)):
            try checkNumbers(scales, count: count, mustFitInteger: false)
            try checkNumbers(zeroPoints, count: count, mustFitInteger: !isFloat)
        case (.tensor(let scales), .tensor(let zeroPoints)):
            try checkChannel(tensors[Int(scales)], count: count, isScale: true)
            try checkChannel(tensors[Int(zeroPoints)], count: count, isScale: false)
        case (.made, _), (_, .made): throw .notFollowed("scales are of an added class")
        default:
            throw .refusedByTorch(
                "scales and zero points are a \(parts[1].typeName) and a \(parts[2].typeName)")
        }
    }

    private mutating func checkNumbers(
        _ list: UInt32, count: Int, mustFitInteger: Bool
    ) throws(CheckpointError) {
        let numbers = sequences[Int(list)]
        try spend(numbers.count)
        guard numbers.count == count else {
            throw .refusedByTorch("there are \(numbers.count) scales for \(count) channels")
        }
        for number in numbers {
            switch number {
            case .bool, .integer: continue
            case .float(let value) where !mustFitInteger || Int(exactly: value.rounded()) != nil:
                continue
            case .tensor, .list, .tuple, .size, .made, .complex, .bigInteger:
                throw .notFollowed("a scale is a \(number.typeName)")
            default: throw .refusedByTorch("a scale or zero point is no number that fits")
            }
        }
    }

    private func checkChannel(
        _ tensor: RebuiltTensor, count: Int, isScale: Bool
    ) throws(CheckpointError) {
        guard tensor.layout == .strided, tensor.device == .cpu, !tensor.dtype.isQuantized else {
            throw .refusedByTorch("scales or zero points are no plain tensor")
        }
        guard tensor.rank == 1, elementCount(tensor.sizes) == count else {
            throw .refusedByTorch("scales or zero points are not \(count) numbers in a row")
        }
        guard !isScale || tensor.dtype.isFloatingPoint else {
            throw .refusedByTorch("scales are \(tensor.dtype)")
        }
    }
}
