/// The type of a tensor's elements, named as in torch.
///
/// The Python counterpart is `torch.dtype`; the raw value is its name without `torch.`. The table
/// of all dtypes with their storage classes is `Specs/tensors.md`.
public enum DType: String, Sendable, CaseIterable {
    /// IEEE 754 binary64.
    case float64
    /// IEEE 754 binary32.
    case float32
    /// IEEE 754 binary16.
    case float16
    /// The upper half of a binary32: 8 exponent and 7 fraction bits.
    case bfloat16
    /// 8-bit float, 5 exponent and 2 fraction bits, with infinities (OCP).
    case float8E5M2 = "float8_e5m2"
    /// 8-bit float, 4 exponent and 3 fraction bits, no infinities (OCP).
    case float8E4M3FN = "float8_e4m3fn"
    /// 8-bit float, 5 exponent and 2 fraction bits, one NaN, no negative zero.
    case float8E5M2FNUZ = "float8_e5m2fnuz"
    /// 8-bit float, 4 exponent and 3 fraction bits, one NaN, no negative zero.
    case float8E4M3FNUZ = "float8_e4m3fnuz"
    /// 8-bit scale: a power of two, no sign and no fraction (OCP microscaling).
    case float8E8M0FNU = "float8_e8m0fnu"
    /// Two 4-bit floats, 2 exponent and 1 fraction bits each, in one byte.
    case float4E2M1FNx2 = "float4_e2m1fn_x2"
    /// Signed 64-bit integer.
    case int64
    /// Signed 32-bit integer.
    case int32
    /// Signed 16-bit integer.
    case int16
    /// Signed 8-bit integer.
    case int8
    /// Unsigned 64-bit integer.
    case uint64
    /// Unsigned 32-bit integer.
    case uint32
    /// Unsigned 16-bit integer.
    case uint16
    /// Unsigned 8-bit integer.
    case uint8
    /// One byte that is zero or not.
    case bool
    /// Two binary16 numbers, the real part first.
    case complex32
    /// Two binary32 numbers, the real part first.
    case complex64
    /// Two binary64 numbers, the real part first.
    case complex128
    /// Quantized, held as signed 8-bit integers.
    case qint8
    /// Quantized, held as unsigned 8-bit integers.
    case quint8
    /// Quantized, held as signed 32-bit integers.
    case qint32
    /// Quantized, two 4-bit integers in one byte.
    case quint4x2
    /// Quantized, four 2-bit integers in one byte.
    case quint2x4
    /// Eight 1-bit values in one byte.
    case bits1x8
    /// Four 2-bit values in one byte.
    case bits2x4
    /// Two 4-bit values in one byte.
    case bits4x2
    /// Eight bits without a meaning.
    case bits8
    /// Sixteen bits without a meaning.
    case bits16
}

extension DType {
    /// The size in bytes of one element, as `torch.dtype.itemsize`.
    public var itemSize: Int {
        switch self {
        case .complex128: 16
        case .float64, .int64, .uint64, .complex64: 8
        case .float32, .int32, .uint32, .complex32, .qint32: 4
        case .float16, .bfloat16, .int16, .uint16, .bits16: 2
        default: 1
        }
    }

    /// Whether the elements are real floating-point numbers, as `torch.dtype.is_floating_point`.
    public var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16, .float8E5M2, .float8E4M3FN, .float8E5M2FNUZ,
            .float8E4M3FNUZ, .float8E8M0FNU, .float4E2M1FNx2:
            true
        default: false
        }
    }

    /// Whether the elements are complex numbers, as `torch.dtype.is_complex`.
    public var isComplex: Bool {
        self == .complex32 || self == .complex64 || self == .complex128
    }

    /// Whether the elements are quantized integers.
    public var isQuantized: Bool {
        switch self {
        case .qint8, .quint8, .qint32, .quint4x2, .quint2x4: true
        default: false
        }
    }

    /// How many numbers of the shape are in one byte, for the dtypes whose shape counts numbers.
    ///
    /// The shapes of the other packed dtypes (bits, pairs of 4-bit floats) count bytes.
    package var numbersPerByte: Int {
        switch self {
        case .quint4x2: 2
        case .quint2x4: 4
        default: 1
        }
    }

    /// The size of the numbers that a byte swap turns around: half an element for complex numbers.
    package var swapSize: Int {
        isComplex ? itemSize / 2 : itemSize
    }
}

extension DType: CustomStringConvertible {
    /// torch's name without `torch.`.
    public var description: String { rawValue }
}
