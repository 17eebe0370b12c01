public import ByteIO
import Foundation
public import OrderedCollections
public import SystemPackage
public import Tensors

/// A safetensors file: tensors by name, mapped and not copied unless asked to.
///
/// The header is held to the format's rules: known dtypes, sizes that agree, and data that is used
/// from the first to the last byte without holes or overlaps. The Python counterpart is
/// `safetensors.safe_open`.
public struct SafetensorsFile: Sendable {
    /// The tensors by name, in the order of their data.
    public let tensors: OrderedDictionary<String, Tensor>
    /// The header's `__metadata__`.
    public let metadata: [String: String]
    /// The tensors that were left out because they share the memory of others, each with the name
    /// of the one that stands for it, sorted by their own names.
    ///
    /// These are the entries of ``metadata`` that name a tensor of the file and are none by their
    /// own key, as Python's `save_model` and ``SharedStoragePolicy/keepFirst`` note them. The entry
    /// `format` is never one of them.
    public let standIns: OrderedDictionary<String, String>

    /// Opens the file at `path`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - fileAccess: How the file comes into memory; a mapped one must not be changed in place
    ///     while it or a tensor of it is in use.
    /// - Throws: ``CheckpointError/Code/invalidSafetensors`` that says which rule is broken;
    ///   ``CheckpointError/Code/fileSystem``; ``CheckpointError/Code/outOfMemory`` when it is
    ///   buffered.
    /// - Complexity: O(*n* log *n*) in the number of tensors; their data is not read unless it is
    ///   buffered.
    public init(contentsOf path: FilePath, fileAccess: FileAccess = .mapped) throws {
        do {
            try self.init(ByteRegion(contentsOf: path, access: fileAccess))
        } catch let error as CheckpointError {
            throw error.inFile(path.string)
        }
    }

    /// Opens a file that is in memory.
    ///
    /// - Throws: as ``init(contentsOf:)``.
    package init(_ region: ByteRegion) throws {
        var reader = ByteReader(region.bytes)
        let count = try reader.readLittleEndian(UInt64.self)
        guard count <= UInt64(SafetensorsHeader.maximumByteCount),
            count <= UInt64(reader.remaining)
        else {
            throw CheckpointError(
                .invalidSafetensors,
                "the header would have \(count) bytes; \(reader.remaining) follow, and at most "
                    + "\(SafetensorsHeader.maximumByteCount) are accepted", offset: 0)
        }
        let json = try region.slice(at: 8, count: Int(count)).copyBytes()
        let data = try region.slice(
            at: 8 + Int(count), count: region.count - 8 - Int(count))
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(json))
        } catch {
            throw CheckpointError(
                .invalidSafetensors, "the header is not the JSON that the format asks for",
                offset: 8, underlying: error)
        }
        metadata = header.metadata
        let tensors = try Self.tensors(header.entries, data)
        self.tensors = tensors
        let notes = header.metadata.sorted { $0.key < $1.key }.filter { name, standIn in
            name != "format" && tensors[name] == nil && tensors[standIn] != nil
        }
        standIns = OrderedDictionary(uniqueKeysWithValues: notes.map { ($0.key, $0.value) })
    }

    private static func tensors(
        _ entries: [String: Entry], _ data: ByteRegion
    ) throws -> OrderedDictionary<String, Tensor> {
        let sorted = entries.sorted {
            ($0.value.start, $0.value.end, $0.key) < ($1.value.start, $1.value.end, $1.key)
        }
        var tensors: OrderedDictionary<String, Tensor> = [:]
        var end = 0
        for (name, entry) in sorted {
            guard entry.start == end, entry.end >= end else {
                throw invalid("\(name): its data does not begin where the data before it ends")
            }
            let tensor = try entry.tensor(name, data.slice(at: end, count: entry.end - end))
            tensors[name] = tensor
            end = entry.end
        }
        guard end == data.count else {
            throw invalid("\(data.count - end) bytes behind the last tensor belong to none")
        }
        return tensors
    }

    fileprivate static func invalid(_ what: String) -> CheckpointError {
        CheckpointError(
            .invalidSafetensors, what,
            advice: "The file is damaged or an incomplete copy; fetch it again")
    }
}

/// What the header says of one tensor.
private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    /// Where the data begins and ends, behind the header.
    let start: Int
    let end: Int

    private enum CodingKeys: String, CodingKey {
        case dtype, shape
        case dataOffsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dtype = try container.decode(String.self, forKey: .dtype)
        shape = try container.decode([Int].self, forKey: .shape)
        var offsets = try container.nestedUnkeyedContainer(forKey: .dataOffsets)
        start = try offsets.decode(Int.self)
        end = try offsets.decode(Int.self)
        guard offsets.isAtEnd else {
            throw SafetensorsFile.invalid("data_offsets has more than two numbers")
        }
    }

    func tensor(_ name: String, _ region: ByteRegion) throws -> Tensor {
        guard let format = SafetensorsDType(rawValue: dtype) else {
            throw CheckpointError(
                .unsupportedDType, "\(name) has the dtype \(dtype), which is not known here")
        }
        var shape = shape
        if format == .float4 {
            guard let last = shape.last, last % 2 == 0 else {
                throw SafetensorsFile.invalid("\(name): half a byte")
            }
            shape[shape.count - 1] = last / 2
        }
        let layout = try TensorLayout(rowMajor: shape)
        let tensor = try Tensor(
            storage: Storage(key: nil, device: .cpu, region: region), dtype: format.dtype,
            layout: layout)
        guard tensor.byteCount == region.count else {
            throw SafetensorsFile.invalid(
                "\(name) has \(region.count) bytes, but its shape asks for \(tensor.byteCount)")
        }
        return tensor
    }
}

/// The header: entries by name, and text by name under one special key.
private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys {
            if key.stringValue == "__metadata__" {
                metadata = try container.decode([String: String].self, forKey: key)
            } else {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }
}
