package import ByteIO

/// What is to be done to elements after they were copied out of a storage: turning the bytes of each
/// number around, and the operations that torch left pending.
struct ElementTransform {
    private let dtype: DType
    private let swapsBefore: Bool
    private let swapsAfter: Bool
    private let pending: PendingOperations

    /// - Throws: ``CheckpointError/Code/invalidTensor`` when an operation is pending that the dtype
    ///   does not have.
    init(
        dtype: DType, from stored: ByteOrder, to wanted: ByteOrder, pending: PendingOperations
    ) throws(CheckpointError) {
        self.dtype = dtype
        // A conjugated real number is itself.
        self.pending = dtype.isComplex ? pending : pending.intersection(.negation)
        guard self.pending.isEmpty || dtype.isNegatable else {
            throw .invalidTensor("of dtype \(dtype) is to be negated, which \(dtype) can't be")
        }
        let isSwappable = dtype.swapSize > 1
        if self.pending.isEmpty {
            swapsBefore = isSwappable && stored != wanted
            swapsAfter = false
        } else {
            swapsBefore = isSwappable && stored != .native
            swapsAfter = isSwappable && wanted != .native
        }
    }

    /// Whether there is nothing to do.
    var isIdentity: Bool { pending.isEmpty && !swapsBefore }

    /// Changes the elements that `bytes` holds.
    func apply(to bytes: UnsafeMutableRawBufferPointer) {
        if swapsBefore { unsafe swapBytes(bytes) }
        if !pending.isEmpty { unsafe applyPending(to: bytes) }
        if swapsAfter { unsafe swapBytes(bytes) }
    }

    private func swapBytes(_ bytes: UnsafeMutableRawBufferPointer) {
        unsafe bytes.swapEach(size: dtype.swapSize)
    }

    private func applyPending(to bytes: UnsafeMutableRawBufferPointer) {
        switch dtype {
        case .complex32, .complex64, .complex128: unsafe negateComponents(bytes)
        case .float64: unsafe bytes.replaceEach(UInt64.self) { $0 ^ 1 << 63 }
        case .float32: unsafe bytes.replaceEach(UInt32.self) { $0 ^ 1 << 31 }
        case .float16, .bfloat16: unsafe bytes.replaceEach(UInt16.self) { $0 ^ 1 << 15 }
        case .float8E5M2, .float8E4M3FN: unsafe bytes.replaceEach(UInt8.self) { $0 ^ 0x80 }
        case .float8E5M2FNUZ, .float8E4M3FNUZ:
            // Zero has one sign, and the other zero's code is NaN.
            unsafe bytes.replaceEach(UInt8.self) { $0 & 0x7F == 0 ? $0 : $0 ^ 0x80 }
        case .float4E2M1FNx2: unsafe bytes.replaceEach(UInt8.self) { $0 ^ 0x88 }
        case .int64, .uint64: unsafe bytes.replaceEach(UInt64.self) { 0 &- $0 }
        case .int32, .uint32: unsafe bytes.replaceEach(UInt32.self) { 0 &- $0 }
        case .int16, .uint16: unsafe bytes.replaceEach(UInt16.self) { 0 &- $0 }
        default: unsafe bytes.replaceEach(UInt8.self) { 0 &- $0 }
        }
    }

    private func negateComponents(_ bytes: UnsafeMutableRawBufferPointer) {
        let real = pending.contains(.negation)
        let imaginary = real != pending.contains(.conjugation)
        switch dtype {
        case .complex32:
            let mask = SIMD2<UInt16>(real ? 1 << 15 : 0, imaginary ? 1 << 15 : 0)
            unsafe bytes.replaceEach(SIMD2<UInt16>.self) { $0 ^ mask }
        case .complex64:
            let mask = SIMD2<UInt32>(real ? 1 << 31 : 0, imaginary ? 1 << 31 : 0)
            unsafe bytes.replaceEach(SIMD2<UInt32>.self) { $0 ^ mask }
        default:
            let mask = SIMD2<UInt64>(real ? 1 << 63 : 0, imaginary ? 1 << 63 : 0)
            unsafe bytes.replaceEach(SIMD2<UInt64>.self) { $0 ^ mask }
        }
    }
}

extension Storage {
    /// The bytes, those of each number turned around.
    ///
    /// - Parameter size: The size of a number in bytes: 1, 2, 4, 8 or 16. What is behind the last
    ///   whole number stays as it is.
    /// - Throws: ``CheckpointError/Code/outOfMemory``; ``CheckpointError`` when a deflated record
    ///   can't be inflated.
    /// - Complexity: O(``byteCount``).
    package func region(swappingBytesOf size: Int) throws(CheckpointError) -> ByteRegion {
        let region = try region()
        guard size > 1 else { return region }
        return try unsafe ByteRegion(
            ByteOwner(allocating: region.count) { target in
                unsafe region.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
                unsafe target.swapEach(size: size)
            })
    }
}

extension DType {
    /// Whether negation has a meaning: for numbers with a sign, and for integers modulo 2ⁿ.
    fileprivate var isNegatable: Bool {
        switch self {
        case .bool, .float8E8M0FNU, .qint8, .quint8, .qint32, .quint4x2, .quint2x4, .bits1x8,
            .bits2x4, .bits4x2, .bits8, .bits16:
            false
        default: true
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Turns the bytes of each number around; what is behind the last whole one stays as it is.
    ///
    /// - Parameter size: The size of a number in bytes: a power of 2 up to 16.
    fileprivate func swapEach(size: Int) {
        switch size {
        case 1: break
        case 2: unsafe replaceEach(UInt16.self) { $0.byteSwapped }
        case 4: unsafe replaceEach(UInt32.self) { $0.byteSwapped }
        case 8: unsafe replaceEach(UInt64.self) { $0.byteSwapped }
        case 16: unsafe replaceEach(UInt128.self) { $0.byteSwapped }
        default: preconditionFailure("no number has \(size) bytes")
        }
    }

    /// Replaces each item by what `change` makes of it; the items need not be aligned.
    @inline(__always)
    fileprivate func replaceEach<Item: BitwiseCopyable>(
        _ type: Item.Type, _ change: (Item) -> Item
    ) {
        guard let start = baseAddress else { return }
        let size = MemoryLayout<Item>.size
        for index in 0..<count / size {
            let address = unsafe start + index * size
            unsafe address.storeBytes(of: change(address.loadUnaligned(as: type)), as: type)
        }
    }
}
