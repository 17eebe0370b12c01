package import ByteIO

extension Tensor {
    /// The elements in row-major order, converted to another type of number.
    ///
    /// What can't be exact among floats is rounded once, to the nearest value and on a tie to the
    /// even one. A float becomes an integer without its fraction. An integer or float that the type
    /// has no counterpart for is an error, where torch would wrap around. A number becomes true
    /// when it is not 0, a `bool` 0 or 1. A real number becomes a complex one, but not the reverse.
    /// Quantized elements count as their integers and bits as unsigned integers. The Python
    /// counterpart is `tensor.to(dtype)`.
    ///
    /// - Parameter type: The type to convert to.
    /// - Returns: As many values as the tensor has elements.
    /// - Throws: ``CheckpointError/Code/inconvertible`` with the index and the value of the first
    ///   element without a counterpart, and for complex numbers or pairs
    ///   (``Float4E2M1FNx2``) that are to be single real ones;
    ///   ``CheckpointError/Code/dtypeMismatch`` when `type` represents no dtype or is not plain
    ///   numbers (``TensorElement``); ``CheckpointError/Code/limitExceeded`` when a small
    ///   storage claims a huge result.
    /// - Complexity: O(``elementCount``).
    public func array<Element: TensorElement>(converting type: Element.Type) throws -> [Element] {
        if type.dtypes.contains(dtype) { return try array(of: type) }
        let target = try Self.conversionTarget(for: type)
        try checkConvertible(to: target)
        try checkResultSize(itemSize: target.itemSize)
        return try unsafe Array(unsafeUninitializedCapacity: elementCount) { buffer, initialized in
            try unsafe writeConverted(to: target, into: UnsafeMutableRawBufferPointer(buffer))
            initialized = elementCount
        }
    }

    /// The only element of a tensor that has one, converted as by ``array(converting:)``.
    ///
    /// - Throws: as ``item(as:)`` and ``array(converting:)``.
    public func item<Element: TensorElement>(converting type: Element.Type) throws -> Element {
        try checkSingle()
        guard let element = try array(converting: type).first else {
            throw CheckpointError.notSingle(self)
        }
        return element
    }
}

extension Tensor {
    /// The elements in row-major order as numbers of another dtype, in the machine's byte order.
    ///
    /// - Throws: as ``array(converting:)``.
    /// - Complexity: O(``elementCount``).
    package func bytes(converting target: DType) throws(CheckpointError) -> ByteRegion {
        try checkConvertible(to: target)
        let count = try elementCount.multipliedChecked(by: target.itemSize)
        return try unsafe ByteRegion(
            ByteOwner(allocating: count) { (memory) throws(CheckpointError) in
                try unsafe writeConverted(to: target, into: memory)
            })
    }

    private func writeConverted(
        to target: DType, into memory: UnsafeMutableRawBufferPointer
    ) throws(CheckpointError) {
        guard let elements = try rowMajorElements(byteOrder: .native),
            let room = memory.baseAddress
        else { return }
        unsafe memory.preferLargePages()
        try PieceWork.perform(
            on: elementCount, ofSize: max(dtype.itemSize, target.itemSize),
            granularity: elements.granularity
        ) { (range) throws(CheckpointError) in
            try unsafe convert(elements, in: range, to: target, at: room)
        }
    }

    private func convert(
        _ elements: RowMajorElements, in range: Range<Int>, to target: DType,
        at destination: UnsafeMutableRawPointer
    ) throws(CheckpointError) {
        let converter = NumberConverter(from: dtype.componentDType, to: target.componentDType)
        let chunkSize = elements.chunkSize(wanted: 1 << 16)
        var done = range.lowerBound
        try unsafe elements.forEachChunk(of: range, maximumBytes: chunkSize) {
            (bytes) throws(CheckpointError) in
            let count = bytes.count / dtype.itemSize
            let room = unsafe destination + done * target.itemSize
            if target.isComplex && !dtype.isComplex {
                let size = target.itemSize / 2
                // The imaginary parts are put between later; the numbers wait in the upper half.
                try unsafe converter.convert(bytes, to: room + count * size, firstIndex: done)
                unsafe Self.spreadComponents(in: room, count: count, size: size)
            } else {
                try unsafe converter.convert(bytes, to: room, firstIndex: done)
            }
            done += count
        }
    }

    /// Moves the numbers from the upper half of `room` to every second place, each before a zero.
    private static func spreadComponents(
        in room: UnsafeMutableRawPointer, count: Int, size: Int
    ) {
        for index in 0..<count {
            let number = unsafe room + (count + index) * size
            let place = unsafe room + index * 2 * size
            unsafe place.copyMemory(from: number, byteCount: size)
            unsafe (place + size).initializeMemory(as: UInt8.self, repeating: 0, count: size)
        }
    }

    private static func conversionTarget<Element: TensorElement>(
        for type: Element.Type
    ) throws(CheckpointError) -> DType {
        guard let target = type.dtypes.first else {
            throw CheckpointError(.dtypeMismatch, "\(type) represents no dtype")
        }
        try type.checkMemory(of: target)
        return target
    }

    private func checkConvertible(to target: DType) throws(CheckpointError) {
        guard hasData else { throw .noData }
        if dtype == .float4E2M1FNx2 || target == .float4E2M1FNx2 {
            throw CheckpointError(
                .inconvertible, "an element of \(DType.float4E2M1FNx2) is two numbers, not one",
                advice: "array(of: Float4E2M1FNx2.self) gives the pairs")
        }
        if dtype.isComplex && !target.isComplex {
            throw CheckpointError(
                .inconvertible, "\(dtype) numbers have an imaginary part, \(target) has none",
                advice: "Convert to a complex type and take the parts that you need")
        }
    }
}

extension DType {
    /// The dtype of the parts of a complex number, or the dtype itself.
    var componentDType: DType {
        switch self {
        case .complex32: .float16
        case .complex64: .float32
        case .complex128: .float64
        default: self
        }
    }
}
