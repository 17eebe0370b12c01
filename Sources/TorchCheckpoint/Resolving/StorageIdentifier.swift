import ByteIO
import Pickle
import Tensors

/// What a persistent id says of a storage.
struct StorageIdentifier {
    /// The text that is the name of the storage's record.
    let key: NodeID
    /// The device tag in the file.
    let device: Device
    /// The element type; nil for an untyped storage, which counts bytes.
    let dtype: DType?
    /// The size in bytes.
    let byteCount: Int

    /// - Parameter known: The device of another storage of the graph, which is likely to be this
    ///   one's, too.
    init(
        _ load: NodeID, in graph: PickleGraph, roles: [GlobalRole], known: Device
    ) throws(CheckpointError) {
        guard let identifier = graph.persistentID(load), graph.kind(of: identifier) == .tuple,
            let first = graph.item(0, of: identifier), graph.isText(first, "storage"),
            let name = graph.item(Self.classPlace, of: identifier),
            let key = graph.item(Self.keyPlace, of: identifier),
            let location = graph.item(Self.locationPlace, of: identifier),
            let number = graph.item(Self.countPlace, of: identifier)
        else {
            throw Self.invalid("a persistent id is not ('storage', class, key, location, numel)")
        }
        guard let className = graph.globalIndex(name), case .storage(let dtype) = roles[className]
        else { throw Self.invalid("a persistent id names no known class of storages") }
        guard graph.isStorageText(key), graph.isStorageText(location) else {
            throw Self.invalid("a storage has no key or location of up to 1024 ASCII characters")
        }
        guard let count = graph.integer(number), count >= 0 else {
            throw Self.invalid(
                "storage '\(graph.string(key) ?? "")' has no valid number of elements")
        }
        self.key = key
        self.dtype = dtype
        device =
            graph.isText(location, known.rawValue)
            ? known : Device(rawValue: graph.plainString(location) ?? "")
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

    /// Checks that a reference agrees with a storage.
    func check(_ slot: StorageTable.Slot, in graph: PickleGraph) throws(CheckpointError) {
        guard graph.isText(key, slot.key) else {
            throw Self.invalid(
                "storages '\(slot.key)' and '\(graph.string(key) ?? "")' are one record")
        }
        guard slot.storage.byteCount == byteCount else {
            throw Self.invalid(
                "storage '\(slot.key)' has \(slot.storage.byteCount) bytes, but the pickle says "
                    + "\(byteCount)", underlying: StorageSizeMismatch())
        }
    }

    private static func invalid(
        _ what: String, underlying: (any Error)? = nil
    ) -> CheckpointError {
        CheckpointError(
            .invalidStorage, what, advice: "The file is damaged or was not written by torch",
            underlying: underlying)
    }
}

extension PickleGraph {
    /// Whether it is a text that can be the key of a storage, or its device tag.
    // Each reference has a key and a location; a long one, shared by many references, would be
    // copied for each.
    //
    // Only ASCII, because Swift takes other texts for equal that Python tells apart.
    func isStorageText(_ id: NodeID) -> Bool {
        guard kind(of: id) == .text || kind(of: id) == .byteString else { return false }
        return withBytes(of: id) { bytes in
            bytes.byteCount <= StorageIdentifier.maximumTextByteCount && bytes.isASCII
        }
    }
}
