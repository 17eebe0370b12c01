import Crypto
import TorchCheckpoint

/// The JSON of `pth inspect`, whose names other programs rely on: `Specs/command-line.md`.
struct InspectReport: Encodable {
    let file: String
    let format: String
    let byteorder: String
    let pickleProtocol: Int
    let globals: [String]
    let tensors: [TensorReport]
    let totals: Totals

    struct Totals: Encodable {
        let tensors: Int
        let elements: Int
        let bytes: Int
        let storages: Int
    }

    init(_ checkpoint: Checkpoint, file: String, hasDigests: Bool) throws {
        let entries = try checkpoint.tensorValues() + checkpoint.constantTensors()
        let counted = Checkpoint.Totals(of: entries.lazy.map(\.value))
        if hasDigests {
            try Tensor.checkTotalSize(
                of: entries.compactMap {
                    if case .strided(let tensor) = $0.value { tensor } else { nil }
                })
        }
        self.file = file
        format = checkpoint.format.rawValue
        byteorder = checkpoint.byteOrder.rawValue
        pickleProtocol = checkpoint.graph.protocolVersion
        globals = checkpoint.globalNames.map(\.description).sorted()
        tensors = try entries.map { try TensorReport($0, hasDigest: hasDigests) }
        totals = Totals(
            tensors: counted.tensors, elements: counted.elements, bytes: counted.bytes,
            storages: counted.storages)
    }
}

/// A step of a path: integers stay integers, all else is text.
struct PathStep: Encodable {
    let key: CheckpointKey

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch key {
        case .integer(let value): try container.encode(value)
        default: try container.encode(key.description)
        }
    }
}

extension Tensor {
    /// The SHA-256 of the elements in row-major order, little-endian, in hexadecimal.
    func sha256() throws -> String {
        var hash = SHA256()
        try withRowMajorChunks(byteOrder: .little) { chunk in
            unsafe chunk.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        }
        return hash.finalize().map(\.hexadecimal).joined()
    }
}
