package import Tensors

/// How the safetensors format names a dtype, and where it sorts it.
///
/// Tensors are written in descending order of these cases, which puts those with the strictest
/// alignment first, so that all are aligned. See `Specs/safetensors.md`.
package enum SafetensorsDType: String, CaseIterable, Sendable {
    case bool = "BOOL"
    case float4 = "F4"
    case uint8 = "U8"
    case int8 = "I8"
    case float8E5M2 = "F8_E5M2"
    case float8E4M3 = "F8_E4M3"
    case float8E8M0 = "F8_E8M0"
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case complex64 = "C64"
    case float64 = "F64"
    case int64 = "I64"
    case uint64 = "U64"

    /// The counterpart of torch's dtype, or nil when the format has none.
    package init?(_ dtype: DType) {
        guard let match = Self.allCases.first(where: { $0.dtype == dtype }) else { return nil }
        self = match
    }

    /// torch's dtype.
    package var dtype: DType {
        switch self {
        case .bool: .bool
        case .float4: .float4E2M1FNx2
        case .uint8: .uint8
        case .int8: .int8
        case .float8E5M2: .float8E5M2
        case .float8E4M3: .float8E4M3FN
        case .float8E8M0: .float8E8M0FNU
        case .float8E4M3FNUZ: .float8E4M3FNUZ
        case .float8E5M2FNUZ: .float8E5M2FNUZ
        case .int16: .int16
        case .uint16: .uint16
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int32: .int32
        case .uint32: .uint32
        case .float32: .float32
        case .complex64: .complex64
        case .float64: .float64
        case .int64: .int64
        case .uint64: .uint64
        }
    }

    /// The place of each case in the format's order.
    static let ranks: [Self: Int] = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })
}
