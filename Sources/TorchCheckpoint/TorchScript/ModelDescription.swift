/// What a `model.json` says: `torch.ModelDef` of `caffe2/proto/torch.proto`.
///
/// Protobuf leaves fields out that have their default.
struct ModelDescription: Decodable {
    let protoVersion: JSONInteger?
    let mainModule: Module
    let tensors: [Tensor]?
    let producerName: String?
    let producerVersion: String?

    /// Modules are inside each other as deep as Foundation reads JSON, 256 of them.
    struct Module: Decodable {
        let name: String?
        let parameters: [Parameter]?
        let submodules: [Module]?
        let attributes: [Attribute]?
    }

    struct Parameter: Decodable {
        let name: String
        let isBuffer: Bool?
        let tensorId: JSONInteger?
    }

    struct Attribute: Decodable {
        let name: String
        let id: JSONInteger
    }

    struct Tensor: Decodable {
        /// The record of the storage.
        struct Data: Decodable {
            let key: String
        }

        let dims: [JSONInteger]?
        let strides: [JSONInteger]?
        let offset: JSONInteger?
        let dataType: String
        let requiresGrad: Bool?
        let isQuantized: Bool?
        let device: String
        let data: Data
    }
}
