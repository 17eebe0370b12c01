import Foundation
import TestSupport
import TorchCheckpoint

/// A case of `PythonFixtures/built.py`: a description to build a checkpoint from, and the file that
/// torch wrote of the same.
struct BuiltCase: Sendable, CustomStringConvertible {
    let name: String

    static let folder = Repository.root + "/.fixtures/built/"

    /// All cases; without the files, which `Scripts/test` makes, tests have to fail.
    static let all: [BuiltCase] = {
        do {
            let index = try JSONDecoder().decode(
                JSONValue.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "index.json")))
            return (index["names"]?.array ?? []).compactMap(\.string).map(BuiltCase.init)
        } catch {
            fatalError("the cases to build can't be read; run Scripts/test: \(error)")
        }
    }()

    init(name: String) { self.name = name }

    var description: String { name }

    /// What torch wrote.
    var expected: [UInt8] {
        get throws { try Array(Data(contentsOf: URL(fileURLWithPath: file("pth")))) }
    }

    func file(_ extension: String) -> String { "\(Self.folder)\(name).\(`extension`)" }

    func fields() throws -> JSONValue {
        try JSONDecoder().decode(
            JSONValue.self, from: Data(contentsOf: URL(fileURLWithPath: file("json"))))
    }

    /// The checkpoint, made in Swift of the description.
    func checkpoint() throws -> Checkpoint {
        let fields = try fields()
        let rows = fields["tensors"]?.array ?? []
        let tensors = try self.tensors(rows, storages(fields))
        if fields["kind"]?.string == "value" {
            return try Checkpoint(TypedValue(tensors: tensors).value(fields["root"]))
        }
        var stateDict = StateDict()
        for (row, tensor) in zip(rows, tensors) {
            stateDict.tensors[row["name"]?.string ?? ""] = tensor
        }
        if let metadata = fields["metadata"], metadata != .null {
            stateDict.metadata = try TypedValue(tensors: []).metadata(metadata)
        }
        return try Checkpoint(stateDict)
    }

    /// The options by which torch wrote it.
    func options() throws -> SaveOptions {
        let options = try fields()["options"]
        return SaveOptions(
            globals: .inert, storageAlignment: options?["alignment"]?.int,
            computesChecksums: options?["checksums"]?.bool)
    }

    private func storages(_ fields: JSONValue) throws -> [Storage] {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: file("bin"))))
        return try (fields["storages"]?.array ?? []).map { row in
            let start = row["start"]?.int ?? 0
            return try Storage(
                bytes: bytes[start..<(start + (row["byteCount"]?.int ?? 0))],
                device: Device(rawValue: row["device"]?.string ?? ""))
        }
    }

    private func tensors(_ rows: [JSONValue], _ storages: [Storage]) throws -> [Tensor] {
        try rows.map { row in
            try Tensor(
                storage: storages[row["storage"]?.int ?? -1],
                dtype: DType(rawValue: row["dtype"]?.string ?? "") ?? .float32,
                shape: row["shape"]?.ints ?? [], strides: row["strides"]?.ints,
                storageOffset: row["offset"]?.int ?? 0,
                requiresGrad: row["requiresGrad"]?.bool ?? false,
                isParameter: row["parameter"]?.bool ?? false)
        }
    }
}

/// Makes values of the JSON that `PythonFixtures/typed.py` describes.
struct TypedValue {
    let tensors: [Tensor]

    func value(_ json: JSONValue?) throws -> CheckpointValue {
        guard case .object(let fields) = json,
            let (kind, content) = fields.first(where: {
                !["attributes", "shared"].contains($0.key)
            })
        else { throw CocoaError(.coderInvalidValue) }
        switch kind {
        case "none": return .pythonNone
        case "bool": return CheckpointValue(content.bool ?? false)
        case "int": return try CheckpointValue(unwrap(BigInt(content.string ?? "")))
        case "float": return CheckpointValue(try float(content))
        case "complex":
            let parts = try (content.array ?? []).map(float)
            return CheckpointValue(real: parts[0], imaginary: parts[1])
        case "str": return CheckpointValue(content.string ?? "")
        case "utf8": return CheckpointValue(PickleText(utf8: bytes(content)))
        case "bytes": return CheckpointValue(bytes: bytes(content))
        case "bytearray": return CheckpointValue(byteArray: bytes(content))
        case "list": return try .list(values(content))
        case "tuple": return try .tuple(values(content))
        case "set": return try .set(values(content))
        case "frozenset": return try .frozenSet(values(content))
        case "dict": return try .dictionary(pairs: pairs(content))
        case "odict": return try ordered(content, attributes: json?["attributes"]?.array ?? [])
        case "size": return .size(content.ints ?? [])
        case "dtype": return try CheckpointValue(unwrap(DType(rawValue: content.string ?? "")))
        case "device": return CheckpointValue(Device(rawValue: content.string ?? ""))
        case "tensor": return try CheckpointValue(tensors[content.int ?? -1])
        default: throw CocoaError(.coderInvalidValue)
        }
    }

    /// `_metadata`: where its keys are shared, the versions of modules.
    func metadata(_ json: JSONValue) throws -> CheckpointValue {
        let entries = json["odict"]?.array ?? []
        let isShared = entries.contains { entry in
            let keys = entry.array?[1]["dict"]?.array ?? []
            return keys.contains { $0.array?[0]["shared"]?.bool == true }
        }
        guard isShared else { return try value(json) }
        var versions: OrderedDictionary<String, Int> = [:]
        for entry in entries {
            let version = entry.array?[1]["dict"]?.array?[0].array?[1]["int"]?.string
            versions[entry.array?[0]["str"]?.string ?? ""] = Int(version ?? "")
        }
        return .moduleVersions(versions)
    }

    // The only attribute that there is: the metadata of a state dict.
    private func ordered(_ json: JSONValue, attributes: [JSONValue]) throws -> CheckpointValue {
        guard let metadata = attributes.first?.array?[1] else {
            return try .orderedDictionary(pairs: pairs(json))
        }
        var stateDict = StateDict(metadata: try self.metadata(metadata))
        for entry in json.array ?? [] {
            let row = entry.array?[1]["tensor"]?.int ?? -1
            stateDict.tensors[entry.array?[0]["str"]?.string ?? ""] = tensors[row]
        }
        return try CheckpointValue(stateDict)
    }

    private func values(_ json: JSONValue) throws -> [CheckpointValue] {
        try (json.array ?? []).map(value)
    }

    private func pairs(_ json: JSONValue) throws -> [(CheckpointValue, CheckpointValue)] {
        try (json.array ?? []).map { try (value($0.array?[0]), value($0.array?[1])) }
    }

    private func float(_ json: JSONValue) throws -> Double {
        try Double(bitPattern: unwrap(UInt64(json.string ?? "", radix: 16)))
    }

    private func bytes(_ json: JSONValue) -> [UInt8] {
        let digits = Array(json.string ?? "")
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    private func unwrap<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw CocoaError(.coderInvalidValue) }
        return value
    }
}
