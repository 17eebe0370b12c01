import ByteIO
import Pickle
import Tensors

/// What a persistent id says of a storage.
struct StorageIdentifier {
    /// The name of the storage's record.
    let key: String
    /// The device tag in the file.
    let device: Device
    /// The element type; nil for an untyped storage, which counts bytes.
    let dtype: DType?
    /// The size in bytes.
    let byteCount: Int

    init(
        _ load: NodeID, in graph: PickleGraph, roles: [GlobalRole]
    ) throws(CheckpointError) {
        guard let identifier = graph.persistentID(load), graph.kind(of: identifier) == .tuple,
            let items = graph.items(identifier),
            items.count > Self.countPlace, let first = items.first, graph.isText(first, "storage")
        else {
            throw Self.invalid("a persistent id is not ('storage', class, key, location, numel)")
        }
        let part = { (index: Int) in items[items.startIndex + index] }
        guard let className = graph.globalIndex(part(Self.classPlace)),
            case .storage(let dtype) = roles[className]
        else { throw Self.invalid("a persistent id names no known class of storages") }
        guard let key = graph.shortString(part(Self.keyPlace)),
            let location = graph.shortString(part(Self.locationPlace))
        else {
            throw Self.invalid("a storage has no key or location of up to 1024 ASCII characters")
        }
        guard let count = graph.integer(part(Self.countPlace)), count >= 0 else {
            throw Self.invalid("storage '\(key)' has no valid number of elements")
        }
        self.key = key
        self.dtype = dtype
        device = Device(rawValue: location)
        byteCount = try count.multipliedChecked(by: dtype?.itemSize ?? 1)
    }

    /// The place of the class in a persistent id.
    static let classPlace = 1
    /// The place of the record's name in a persistent id.
    static let keyPlace = 2
    /// The place of the device tag in a persistent id.
    static let locationPlace = 3
    /// The place of the number of elements in a persistent id.
    static let countPlace = 4

    /// The device tag in a persistent id.
    static func location(_ identifier: NodeID, in graph: PickleGraph) -> NodeID? {
        guard let items = graph.items(identifier), items.count > locationPlace else { return nil }
        return items[items.startIndex + locationPlace]
    }

    /// Checks that a device tag can be saved.
    static func check(_ device: Device) throws(CheckpointError) {
        let tag = device.rawValue.utf8
        guard 1...maximumTextByteCount ~= tag.count, tag.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw CheckpointError(
                .invalidStorage, "a device tag has to be printable ASCII characters without spaces",
                advice: "Name a device as torch does: cpu, cuda:0")
        }
    }

    /// The longest key or location, in bytes.
    static let maximumTextByteCount = 1024

    /// Checks that a reference agrees with the storage's bytes.
    func check(_ storage: Storage) throws(CheckpointError) {
        guard storage.byteCount == byteCount else {
            throw Self.invalid(
                "storage '\(key)' has \(storage.byteCount) bytes, but the pickle says \(byteCount)")
        }
    }

    private static func invalid(_ what: String) -> CheckpointError {
        CheckpointError(
            .invalidStorage, what, advice: "The file is damaged or was not written by torch")
    }
}

extension PickleGraph {
    // Each reference has a key and a location; a long one, shared by many references, would be
    // copied for each.
    //
    // Only ASCII, because Swift takes other texts for equal that Python tells apart.
    fileprivate func shortString(_ id: NodeID) -> String? {
        guard withBytes(of: id, { $0.byteCount }) <= StorageIdentifier.maximumTextByteCount,
            let text = string(id)
        else { return nil }
        return text.utf8.allSatisfy { $0 < 0x80 } ? text : nil
    }
}
