/// What the list of an exported program's tensors says: `PayloadConfig` of
/// `torch/_export/serde/schema.py`.
struct PayloadConfig: Decodable {
    let config: [String: PayloadMeta]

    /// The field that has the tensors by name.
    static let field = "config"
}

/// A tensor, or another constant, of an exported program.
struct PayloadMeta: Decodable {
    /// The record, below the folder of its kind.
    let pathName: String
    let isParameter: Bool
    /// Whether the record is a file of `torch.save`.
    let usesPickle: Bool
    let tensor: TensorMeta?

    private enum CodingKeys: String, CodingKey {
        case pathName = "path_name"
        case isParameter = "is_param"
        case usesPickle = "use_pickle"
        case tensor = "tensor_meta"
    }
}

/// How a tensor of an exported program lies in its record.
struct TensorMeta: Decodable {
    /// A size that is known; it may be a symbol in a program, but not of a tensor that is there.
    struct Size: Decodable {
        let integer: JSONInteger

        private enum CodingKeys: String, CodingKey {
            case integer = "as_int"
        }
    }

    struct DeviceName: Decodable {
        let type: String
        let index: JSONInteger?
    }

    let dtype: JSONInteger
    let sizes: [Size]
    let strides: [Size]
    let storageOffset: Size
    let requiresGrad: Bool
    let device: DeviceName
    let layout: JSONInteger

    private enum CodingKeys: String, CodingKey {
        case dtype, sizes, strides, device, layout
        case storageOffset = "storage_offset"
        case requiresGrad = "requires_grad"
    }
}
