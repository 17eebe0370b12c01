import Crypto
import Foundation
import TorchCheckpoint

/// The JSON of `pth inspect`, whose names other programs rely on: `Specs/command-line.md`.
struct InspectReport {
    private let start: Start
    private let entries: [Checkpoint.TensorValueEntry]
    private let totals: Totals
    private let hasDigests: Bool

    private struct Start: Encodable {
        let byteorder: String
        let file: String
        let format: String
        let globals: [String]
        let pickleProtocol: Int
    }

    private struct Totals: Encodable {
        let tensors: Int
        let elements: Int
        let bytes: Int
        let storages: Int
    }

    init(_ checkpoint: Checkpoint, file: String, hasDigests: Bool) throws {
        var entries = try checkpoint.tensorValues()
        entries += try checkpoint.constantTensors()
        let counted = Checkpoint.Totals(of: entries.lazy.map(\.value))
        if hasDigests {
            try Tensor.checkTotalSize(
                of: entries.compactMap {
                    if case .strided(let tensor) = $0.value { tensor } else { nil }
                })
        }
        start = Start(
            byteorder: checkpoint.byteOrder.rawValue, file: file,
            format: checkpoint.format.rawValue,
            globals: checkpoint.globalNames.map(\.description).sorted(),
            pickleProtocol: checkpoint.graph.protocolVersion)
        totals = Totals(
            tensors: counted.tensors, elements: counted.elements, bytes: counted.bytes,
            storages: counted.storages)
        self.entries = entries
        self.hasDigests = hasDigests
    }

    /// The JSON, with its keys in order.
    ///
    /// Tensors are encoded one by one: what an encoder has of all of them is many times as large as
    /// the text.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        var json = try encoder.encode(start).dropLast()
        json += Data(",\"tensors\":[".utf8)
        for (place, entry) in entries.enumerated() {
            if place > 0 { json += Data(",".utf8) }
            json += try encoder.encode(TensorReport(entry, hasDigest: hasDigests))
        }
        json += Data("],\"totals\":".utf8)
        json += try encoder.encode(totals)
        return json + Data("}\n".utf8)
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
