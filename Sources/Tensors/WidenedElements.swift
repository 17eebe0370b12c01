/// Elements of one dtype, widened to a type that holds each of them exactly.
///
/// Conversions go from a dtype to one of these four types and from there to another dtype. As the
/// first step is exact, only the second rounds; and for 18 dtypes there are not 18 × 18 loops.
@unsafe
enum WidenedElements {
    case floats(UnsafeBufferPointer<Float>)
    case doubles(UnsafeBufferPointer<Double>)
    case integers(UnsafeBufferPointer<Int64>)
    case unsigned(UnsafeBufferPointer<UInt64>)
}

extension WidenedElements {
    /// Widens the numbers in `source`, which is aligned.
    ///
    /// - Parameters:
    ///   - source: Elements in native order.
    ///   - dtype: A real dtype of which an element is one number.
    ///   - floatRoom: Room for as many floats, when the numbers become those.
    ///   - integerRoom: Room for as many integers, when the numbers become those.
    init(
        _ source: UnsafeRawBufferPointer, of dtype: DType, floatRoom: UnsafeMutableRawPointer,
        integerRoom: UnsafeMutableRawPointer
    ) {
        switch dtype {
        case .float64: unsafe self = .doubles(source.bindMemory(to: Double.self))
        case .float32: unsafe self = .floats(source.bindMemory(to: Float.self))
        case .int64: unsafe self = .integers(source.bindMemory(to: Int64.self))
        case .uint64: unsafe self = .unsigned(source.bindMemory(to: UInt64.self))
        case .float16, .bfloat16, .float8E5M2, .float8E4M3FN, .float8E5M2FNUZ, .float8E4M3FNUZ,
            .float8E8M0FNU, .float4E2M1FNx2:
            unsafe self = .floats(Self.widenFloats(source, of: dtype, into: floatRoom))
        default:
            unsafe self = .integers(Self.widenIntegers(source, of: dtype, into: integerRoom))
        }
    }

    private static func widenFloats(
        _ source: UnsafeRawBufferPointer, of dtype: DType, into room: UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<Float> {
        switch dtype {
        case .float16:
            unsafe widen(source, UInt16.self, room) { Binary16(bitPattern: $0).floatValue }
        case .bfloat16:
            unsafe widen(source, UInt16.self, room) { BFloat16(bitPattern: $0).floatValue }
        case .float8E5M2: unsafe look(up: source, in: .float8E5M2, room)
        case .float8E4M3FN: unsafe look(up: source, in: .float8E4M3FN, room)
        case .float8E5M2FNUZ: unsafe look(up: source, in: .float8E5M2FNUZ, room)
        case .float8E4M3FNUZ: unsafe look(up: source, in: .float8E4M3FNUZ, room)
        default: unsafe look(up: source, in: .float8E8M0FNU, room)
        }
    }

    private static func look(
        up source: UnsafeRawBufferPointer, in table: DecodingTable, _ room: UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<Float> {
        unsafe table.values.withUnsafeBufferPointer { values in
            unsafe widen(source, UInt8.self, room) { unsafe values[Int($0)] }
        }
    }

    private static func widenIntegers(
        _ source: UnsafeRawBufferPointer, of dtype: DType, into room: UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<Int64> {
        switch dtype {
        case .int32, .qint32: unsafe widen(source, Int32.self, room) { Int64($0) }
        case .int16: unsafe widen(source, Int16.self, room) { Int64($0) }
        case .int8, .qint8: unsafe widen(source, Int8.self, room) { Int64($0) }
        case .uint32: unsafe widen(source, UInt32.self, room) { Int64($0) }
        case .uint16, .bits16: unsafe widen(source, UInt16.self, room) { Int64($0) }
        case .bool: unsafe widen(source, UInt8.self, room) { $0 == 0 ? 0 : 1 }
        default: unsafe widen(source, UInt8.self, room) { Int64($0) }
        }
    }

    @inline(__always)
    private static func widen<Stored, Wide>(
        _ source: UnsafeRawBufferPointer, _ type: Stored.Type, _ room: UnsafeMutableRawPointer,
        _ convert: (Stored) -> Wide
    ) -> UnsafeBufferPointer<Wide> {
        let stored = unsafe source.bindMemory(to: type)
        let wide = unsafe room.bindMemory(to: Wide.self, capacity: stored.count)
        for index in 0..<stored.count { unsafe wide[index] = convert(stored[index]) }
        return unsafe UnsafeBufferPointer(start: wide, count: stored.count)
    }

    /// The number at `index`, for people to read.
    func describe(_ index: Int) -> String {
        switch unsafe self {
        case .floats(let numbers): unsafe "\(numbers[index])"
        case .doubles(let numbers): unsafe "\(numbers[index])"
        case .integers(let numbers): unsafe "\(numbers[index])"
        case .unsigned(let numbers): unsafe "\(numbers[index])"
        }
    }
}
