import TorchCheckpoint

/// One tensor in the JSON of `pth inspect`, of any kind.
struct TensorReport: Encodable {
    let path: [PathStep]
    let facts: TensorFacts

    init(_ entry: Checkpoint.TensorValueEntry, hasDigest: Bool) throws {
        path = entry.path.keys.map(PathStep.init)
        facts = try TensorFacts(entry.value, hasDigest: hasDigest)
    }

    private enum Key: CodingKey {
        case path
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(path, forKey: .path)
        try facts.encode(to: encoder)
    }
}

/// What is said of a tensor, or of a part of one.
///
/// What a kind does not have is left out.
struct TensorFacts: Encodable {
    let dtype: String
    var shape: [Int]?
    var stride: [Int]?
    var offset: Int?
    let layout: String
    let device: String
    var storage: String?
    let requiresGrad: Bool
    let parameter: Bool
    var coalesced: Bool?
    var quantization: QuantizationReport?
    var parts: [String: TensorFacts]?
    var sha256: String?

    init(_ value: TensorValue, hasDigest: Bool) throws {
        switch value {
        case .strided(let tensor): try self.init(tensor, hasDigest: hasDigest)
        case .sparse(let tensor):
            self.init(value, tensor.requiresGrad, tensor.isParameter)
            shape = tensor.shape
            coalesced = tensor.isCoalesced
            parts = try Self.parts(tensor.parts)
        case .nested(let tensor):
            self.init(value, tensor.requiresGrad, tensor.isParameter)
            parts = try Self.parts(tensor.parts)
        case .uninitialized(let tensor):
            self.init(value, tensor.requiresGrad, tensor.isParameter)
        }
    }

    private init(_ value: TensorValue, _ requiresGrad: Bool, _ isParameter: Bool) {
        dtype = value.dtype.rawValue
        layout = value.layoutName
        device = value.device.rawValue
        self.requiresGrad = requiresGrad
        parameter = isParameter
    }

    private init(_ tensor: Tensor, hasDigest: Bool) throws {
        self.init(.strided(tensor), tensor.requiresGrad, tensor.isParameter)
        shape = tensor.shape
        stride = tensor.strides
        offset = tensor.storageOffset
        storage = tensor.storage.key
        quantization = try tensor.quantization.map(QuantizationReport.init)
        sha256 = hasDigest && tensor.hasData ? try tensor.sha256() : nil
    }

    private static func parts(
        _ parts: [(name: String, tensor: Tensor)]
    ) throws -> [String: TensorFacts] {
        try Dictionary(
            uniqueKeysWithValues: parts.map {
                ($0.name, try TensorFacts(.strided($0.tensor), hasDigest: false))
            })
    }
}

/// How integers stand for numbers, in the JSON of `pth inspect`.
final class QuantizationReport: Encodable {
    let scheme: String
    private(set) var scale: Double?
    private(set) var zeroPoint: Int?
    private(set) var axis: Int?
    private(set) var scales: TensorFacts?
    private(set) var zeroPoints: TensorFacts?

    init(_ quantization: Quantization) throws {
        scheme = quantization.schemeName
        switch quantization {
        case .perTensor(let scale, let zeroPoint):
            // JSON has no other numbers.
            self.scale = scale.isFinite ? scale : nil
            self.zeroPoint = zeroPoint
        case .perChannel(let channels):
            axis = channels.axis
            scales = try TensorFacts(.strided(channels.scales), hasDigest: false)
            zeroPoints = try TensorFacts(.strided(channels.zeroPoints), hasDigest: false)
        }
    }
}
