import ByteIO
import Foundation
import OrderedCollections
import Tensors

/// The layout of a safetensors file that is to be written: its header and the order of its tensors.
struct SafetensorsHeader {
    /// The tensors in the order in which they are written.
    let order: [(name: String, tensor: Tensor)]
    /// The length of the header and the header, padded to a multiple of 8 bytes.
    let bytes: [UInt8]
    /// The size of all tensors.
    let dataByteCount: Int

    /// - Throws: ``CheckpointError/Code/unsupportedDType`` that names all tensors the format has no
    ///   dtype for.
    init(
        _ tensors: OrderedDictionary<String, Tensor>, metadata: OrderedDictionary<String, String>
    ) throws {
        let sorted = try Self.sort(tensors)
        var json = JSONText()
        if !metadata.isEmpty { try json.appendMetadata(metadata) }
        var end = 0
        for entry in sorted {
            let start = end
            end = try end.addingChecked(entry.tensor.byteCount)
            try json.appendTensor(entry.name, entry.dtype, entry.tensor.shape, start..<end)
        }
        order = sorted.map { ($0.name, $0.tensor) }
        bytes = try json.finish()
        dataByteCount = end
    }

    /// The largest header that readers accept.
    static let maximumByteCount = 100_000_000

    private typealias Entry = (name: String, tensor: Tensor, dtype: SafetensorsDType, rank: Int)

    // As the reference implementation: descending by dtype, then ascending by name.
    private static func sort(_ tensors: OrderedDictionary<String, Tensor>) throws -> [Entry] {
        var unsupported: [String] = []
        var entries: [Entry] = []
        for (name, tensor) in tensors {
            if let dtype = SafetensorsDType(tensor.dtype), name != "__metadata__",
                tensor.hasData, let rank = SafetensorsDType.ranks[dtype]
            {
                entries.append((name, tensor, dtype, rank))
            } else {
                let what = tensor.hasData ? "" : " without data"
                unsupported.append("\(name) (\(tensor.dtype)\(what))")
            }
        }
        guard unsupported.isEmpty else {
            throw CheckpointError(
                .unsupportedDType,
                "safetensors has no way to hold \(unsupported.prefix(4).joined(separator: ", "))"
                    + (unsupported.count > 4 ? " and \(unsupported.count - 4) more" : ""),
                advice: "Leave them out (pth convert --skip-unsupported)")
        }
        return entries.sorted {
            $0.rank == $1.rank
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.rank > $1.rank
        }
    }
}

/// The header's JSON text, whose keys have to stand in the order of the tensors.
private struct JSONText {
    private var text = "{"
    private let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return encoder
    }()

    mutating func appendMetadata(_ metadata: OrderedDictionary<String, String>) throws {
        let values = Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, $0.value) })
        let json = try String(decoding: encoder.encode(values), as: UTF8.self)
        text += "\"__metadata__\":\(json)"
    }

    mutating func appendTensor(
        _ name: String, _ dtype: SafetensorsDType, _ shape: [Int], _ offsets: Range<Int>
    ) throws {
        if text.utf8.count > 1 { text += "," }
        let sizes = try Self.unpacked(shape, dtype).map(String.init).joined(separator: ",")
        text += try quote(name)
        text += ":{\"dtype\":\"\(dtype.rawValue)\",\"shape\":[\(sizes)],"
        text += "\"data_offsets\":[\(offsets.lowerBound),\(offsets.upperBound)]}"
    }

    // The format counts single 4-bit numbers where torch counts pairs.
    private static func unpacked(_ shape: [Int], _ dtype: SafetensorsDType) throws -> [Int] {
        guard dtype == .float4 else { return shape }
        guard let last = shape.last else {
            throw CheckpointError(
                .unsupportedDType, "safetensors can't hold a scalar of \(dtype.dtype)")
        }
        return try shape.dropLast() + [last.multipliedChecked(by: 2)]
    }

    private func quote(_ name: String) throws -> String {
        let isPlain = name.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C }
        if isPlain { return "\"\(name)\"" }
        return try String(decoding: encoder.encode(name), as: UTF8.self)
    }

    func finish() throws -> [UInt8] {
        var header = Array((text + "}").utf8)
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
        guard header.count <= SafetensorsHeader.maximumByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "the header takes \(header.count) bytes, and readers accept "
                    + "\(SafetensorsHeader.maximumByteCount)")
        }
        let count = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return count + header
    }
}
