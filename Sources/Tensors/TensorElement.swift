import ByteIO
public import ComplexModule

/// A Swift type whose values lie in memory as the elements of some dtypes do.
///
/// ``Tensor/withElements(of:_:)``, ``Tensor/array(of:)`` and
/// ``Tensor/init(_:shape:dtype:device:requiresGrad:isParameter:)`` take such types. Bytes of a file
/// are taken for values as they are, so a type of your own may conform only when
///
/// - every bit pattern is a value of it: a struct of integers and floating-point numbers, without
///   gaps between them, not an enumeration, and with `Bool` for `bool` only;
/// - it holds no references, and copying its bytes copies it: `BitwiseCopyable` says so;
/// - it has the size of an element of each of its ``dtypes``.
///
/// The first rule is yours to keep. A type that breaks one of the others is refused with
/// ``CheckpointError/Code/dtypeMismatch`` wherever it is used.
public protocol TensorElement: Sendable {
    /// The dtypes whose elements this type represents exactly.
    ///
    /// The first one is given to tensors that are made from such values.
    static var dtypes: [DType] { get }
}

extension TensorElement {
    /// Checks that memory which holds elements of `dtype` can be bound to this type.
    ///
    /// - Throws: ``CheckpointError/Code/dtypeMismatch``.
    static func checkMemory(of dtype: DType) throws(CheckpointError) {
        let advice = "Conform structs of plain numbers to TensorElement, and nothing else"
        // Not a requirement of the protocol: Complex is no BitwiseCopyable.
        guard _isPOD(Self.self) else {
            throw CheckpointError(
                .dtypeMismatch, "\(Self.self) is more than its bytes: it may hold references",
                advice: advice)
        }
        let size = MemoryLayout<Self>.size
        guard size == dtype.itemSize, MemoryLayout<Self>.stride == size else {
            throw CheckpointError(
                .dtypeMismatch,
                "\(Self.self) has \(size) bytes in memory and stands every "
                    + "\(MemoryLayout<Self>.stride), an element of \(dtype) has \(dtype.itemSize)",
                advice: advice)
        }
    }
}

extension Double: TensorElement {
    /// `float64`.
    public static var dtypes: [DType] { [.float64] }
}

extension Float: TensorElement {
    /// `float32`.
    public static var dtypes: [DType] { [.float32] }
}

#if !(os(macOS) && arch(x86_64))
    extension Float16: TensorElement {
        /// `float16`.
        public static var dtypes: [DType] { [.float16] }
    }
#endif

extension Binary16 {
    static var dtypes: [DType] { [.float16] }
}

extension BFloat16 {
    /// `bfloat16`.
    public static var dtypes: [DType] { [.bfloat16] }
}

extension Float8E5M2 {
    /// `float8_e5m2`.
    public static var dtypes: [DType] { [.float8E5M2] }
}

extension Float8E4M3FN {
    /// `float8_e4m3fn`.
    public static var dtypes: [DType] { [.float8E4M3FN] }
}

extension Float8E5M2FNUZ {
    /// `float8_e5m2fnuz`.
    public static var dtypes: [DType] { [.float8E5M2FNUZ] }
}

extension Float8E4M3FNUZ {
    /// `float8_e4m3fnuz`.
    public static var dtypes: [DType] { [.float8E4M3FNUZ] }
}

extension Float8E8M0FNU {
    /// `float8_e8m0fnu`.
    public static var dtypes: [DType] { [.float8E8M0FNU] }
}

extension Float4E2M1FNx2 {
    /// `float4_e2m1fn_x2`.
    public static var dtypes: [DType] { [.float4E2M1FNx2] }
}

extension Int8: TensorElement {
    /// `int8`, and `qint8` as its integers.
    public static var dtypes: [DType] { [.int8, .qint8] }
}

extension Int16: TensorElement {
    /// `int16`.
    public static var dtypes: [DType] { [.int16] }
}

extension Int32: TensorElement {
    /// `int32`, and `qint32` as its integers.
    public static var dtypes: [DType] { [.int32, .qint32] }
}

extension Int64: TensorElement {
    /// `int64`.
    public static var dtypes: [DType] { [.int64] }
}

extension UInt8: TensorElement {
    /// `uint8`, `quint8` as its integers, and the dtypes that pack parts of a byte.
    public static var dtypes: [DType] {
        [.uint8, .quint8, .quint4x2, .quint2x4, .bits8, .bits1x8, .bits2x4, .bits4x2]
    }
}

extension UInt16: TensorElement {
    /// `uint16` and `bits16`.
    public static var dtypes: [DType] { [.uint16, .bits16] }
}

extension UInt32: TensorElement {
    /// `uint32`.
    public static var dtypes: [DType] { [.uint32] }
}

extension UInt64: TensorElement {
    /// `uint64`.
    public static var dtypes: [DType] { [.uint64] }
}

extension Bool: TensorElement {
    /// `bool`.
    public static var dtypes: [DType] { [.bool] }
}

/// A real type of which pairs are complex elements.
public protocol ComplexComponent: TensorElement {
    /// The dtype whose elements are pairs of this type.
    static var complexDType: DType { get }
}

extension Double: ComplexComponent {
    /// `complex128`.
    public static var complexDType: DType { .complex128 }
}

extension Float: ComplexComponent {
    /// `complex64`.
    public static var complexDType: DType { .complex64 }
}

#if !(os(macOS) && arch(x86_64))
    extension Float16: ComplexComponent {
        /// `complex32`.
        public static var complexDType: DType { .complex32 }
    }
#endif

extension Complex: TensorElement where RealType: ComplexComponent {
    /// `complex32`, `complex64` or `complex128`.
    public static var dtypes: [DType] { [RealType.complexDType] }
}
