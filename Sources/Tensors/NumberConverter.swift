import ByteIO

/// Converts numbers of one real dtype to another, some at a time.
@safe
struct NumberConverter: ~Copyable {
    private let source: DType
    private let target: DType
    private let wideRoom: UnsafeMutableRawBufferPointer
    private let alignedRoom: UnsafeMutableRawBufferPointer

    /// The number of numbers in a block: few enough for the rooms to stay in the first-level cache.
    private static var blockCount: Int { 1024 }

    /// Both dtypes are real, and an element of them is one number.
    init(from source: DType, to target: DType) {
        self.source = source
        self.target = target
        unsafe wideRoom = .allocate(byteCount: Self.blockCount * 8, alignment: 64)
        unsafe alignedRoom = .allocate(byteCount: Self.blockCount * 8, alignment: 64)
    }

    deinit {
        unsafe wideRoom.deallocate()
        unsafe alignedRoom.deallocate()
    }

    /// Converts the numbers in `bytes`, which may be misaligned, to numbers at `destination`.
    ///
    /// - Parameter firstIndex: The index of the first number, for the error.
    /// - Throws: ``CheckpointError/Code/inconvertible``.
    func convert(
        _ bytes: UnsafeRawBufferPointer, to destination: UnsafeMutableRawPointer, firstIndex: Int
    ) throws(CheckpointError) {
        let step = Self.blockCount * source.itemSize
        for start in stride(from: 0, to: bytes.count, by: step) {
            let end = min(start + step, bytes.count)
            let done = start / source.itemSize
            try unsafe convertBlock(
                UnsafeRawBufferPointer(rebasing: bytes[start..<end]),
                to: destination + done * target.itemSize, firstIndex: firstIndex + done)
        }
    }

    private func convertBlock(
        _ bytes: UnsafeRawBufferPointer, to destination: UnsafeMutableRawPointer, firstIndex: Int
    ) throws(CheckpointError) {
        guard let wideRoom = unsafe wideRoom.baseAddress else { return }
        // Floats that were asked for are widened in place.
        let floatRoom = if target == .float32 { unsafe destination } else { unsafe wideRoom }
        let numbers = unsafe WidenedElements(
            aligned(bytes), of: source, floatRoom: floatRoom, integerRoom: wideRoom)
        guard let failed = unsafe write(numbers, to: destination) else { return }
        let text = unsafe numbers.describe(failed)
        throw CheckpointError(
            .inconvertible,
            "element \(firstIndex + failed) is \(text), which \(target) can't hold")
    }

    /// The bytes, moved when they are misaligned.
    private func aligned(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let misalignment = UInt(bitPattern: bytes.baseAddress) % UInt(source.itemSize)
        guard misalignment != 0 else { return unsafe bytes }
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: alignedRoom[..<bytes.count])
        unsafe room.copyMemory(from: bytes)
        return UnsafeRawBufferPointer(room)
    }

    private func write(
        _ numbers: WidenedElements, to destination: UnsafeMutableRawPointer
    ) -> Int? {
        switch target {
        case .float64: unsafe numbers.write(as: Double.self, to: destination)
        case .float32: unsafe numbers.write(as: Float.self, to: destination)
        case .float16: unsafe numbers.write(as: Binary16.self, to: destination)
        case .bfloat16: unsafe numbers.write(as: BFloat16.self, to: destination)
        case .float8E5M2: unsafe numbers.write(as: Float8E5M2.self, to: destination)
        case .float8E4M3FN: unsafe numbers.write(as: Float8E4M3FN.self, to: destination)
        case .float8E5M2FNUZ: unsafe numbers.write(as: Float8E5M2FNUZ.self, to: destination)
        case .float8E4M3FNUZ: unsafe numbers.write(as: Float8E4M3FNUZ.self, to: destination)
        case .float8E8M0FNU: unsafe numbers.write(as: Float8E8M0FNU.self, to: destination)
        case .int64: unsafe numbers.write(as: Int64.self, to: destination)
        case .int32, .qint32: unsafe numbers.write(as: Int32.self, to: destination)
        case .int16: unsafe numbers.write(as: Int16.self, to: destination)
        case .int8, .qint8: unsafe numbers.write(as: Int8.self, to: destination)
        case .uint64: unsafe numbers.write(as: UInt64.self, to: destination)
        case .uint32: unsafe numbers.write(as: UInt32.self, to: destination)
        case .uint16, .bits16: unsafe numbers.write(as: UInt16.self, to: destination)
        case .bool: unsafe numbers.write(as: Bool.self, to: destination)
        default: unsafe numbers.write(as: UInt8.self, to: destination)
        }
    }
}
