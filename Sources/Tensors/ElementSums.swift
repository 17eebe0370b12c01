import ByteIO

/// Adds elements that are given as bytes in the machine's order, as torch adds those of a dtype.
struct ElementSums {
    let dtype: DType

    /// Whether torch adds elements of the dtype; others can only be put in a place of their own.
    var adds: Bool {
        switch dtype {
        case .float64, .float32, .float16, .bfloat16, .int64, .int32, .int16, .int8, .uint8, .bool,
            .complex64, .complex128:
            true
        default: false
        }
    }

    /// What is wrong with adding when the dtype does not.
    var error: CheckpointError {
        CheckpointError(
            .dtypeMismatch, "several values are for one place, and \(dtype) values can't be added",
            advice: "torch can't add them either; read the parts")
    }

    /// Notes places that are filled, of a dtype that is not added.
    func take(_ places: Range<Int>, _ isTaken: inout [Bool]) throws(CheckpointError) {
        for place in places {
            guard !isTaken[place] else { throw error }
            isTaken[place] = true
        }
    }

    /// Adds `count` elements from element `source` on to those from element `target` on.
    func add(
        _ values: [UInt8], _ source: Int, to result: UnsafeMutableRawBufferPointer, _ target: Int,
        count: Int
    ) {
        let size = dtype.itemSize
        let part = dtype.isComplex ? size / 2 : size
        let (from, to) = (source * size, target * size)
        for offset in stride(from: 0, to: count * size, by: part) {
            unsafe add(values, from + offset, result, to + offset)
        }
    }

    private func add(
        _ values: [UInt8], _ source: Int, _ result: UnsafeMutableRawBufferPointer, _ target: Int
    ) {
        switch dtype {
        case .float64, .complex128:
            unsafe combine(values, source, result, target) { (left: Double, right) in left + right }
        case .float32, .complex64:
            unsafe combine(values, source, result, target) { (left: Float, right) in left + right }
        case .float16:
            unsafe combine(values, source, result, target) { (left: Binary16, right) in
                Binary16(left.floatValue + right.floatValue)
            }
        case .bfloat16:
            unsafe combine(values, source, result, target) { (left: BFloat16, right) in
                BFloat16(left.floatValue + right.floatValue)
            }
        case .int64:
            unsafe combine(values, source, result, target) { (left: Int64, right) in left &+ right }
        case .int32:
            unsafe combine(values, source, result, target) { (left: Int32, right) in left &+ right }
        case .int16:
            unsafe combine(values, source, result, target) { (left: Int16, right) in left &+ right }
        case .int8, .uint8: unsafe result[target] &+= values[source]
        case .bool: unsafe result[target] |= values[source] == 0 ? 0 : 1
        default:
            for byte in 0..<dtype.swapSize {
                unsafe result[target + byte] = values[source + byte]
            }
        }
    }

    private func combine<Number: BitwiseCopyable>(
        _ values: [UInt8], _ source: Int, _ result: UnsafeMutableRawBufferPointer, _ target: Int,
        _ sum: (Number, Number) -> Number
    ) {
        unsafe values.withUnsafeBytes { values in
            let left = unsafe result.loadUnaligned(fromByteOffset: target, as: Number.self)
            let right = unsafe values.loadUnaligned(fromByteOffset: source, as: Number.self)
            unsafe result.storeBytes(of: sum(left, right), toByteOffset: target, as: Number.self)
        }
    }
}
