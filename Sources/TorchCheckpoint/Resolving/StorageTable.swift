import ByteIO
import Pickle
import Tensors

/// The storages that a pickle refers to, each once, and what each reference says of them.
///
/// A reference is a persistent id `("storage", class, key, location, numel)`. Layout and checks:
/// `Specs/tensors.md`.
struct StorageTable: Sendable {
    /// One reference to a storage: the same storage may be seen as elements of several types.
    struct Reference: Sendable {
        let storage: Storage
        /// The element type that the class of the reference stands for; nil when it is untyped.
        let dtype: DType?
    }

    private var references: [Reference] = []

    /// A table without references, for pickles that have no storages beside them.
    init() {}

    /// Reads all references of `graph` and finds their records.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` or
    ///   ``CheckpointError/Code/missingRecord``.
    /// - Complexity: O(*n*) in the number of references; no contents are read.
    init(
        _ graph: PickleGraph, roles: [GlobalRole], source: some StorageSource,
        mapLocation: LocationMap
    ) throws(CheckpointError) {
        var storages: [String: Storage] = [:]
        references.reserveCapacity(graph.persistentLoads.count)
        for load in graph.persistentLoads {
            let offset = graph.offset(of: load)
            do throws(CheckpointError) {
                let identifier = try StorageIdentifier(load, in: graph, roles: roles)
                let storage: Storage
                if let known = storages[identifier.key] {
                    storage = known
                } else {
                    let device = mapLocation(identifier.device)
                    storage = try source.storage(for: identifier, device: device)
                    storages[identifier.key] = storage
                }
                try identifier.check(storage)
                references.append(Reference(storage: storage, dtype: identifier.dtype))
            } catch {
                throw error.atOffset(offset)
            }
        }
    }

    /// The storage that a persistent object of the graph stands for, or nil when there is none.
    func reference(_ id: NodeID, in graph: PickleGraph) -> Reference? {
        guard let ordinal = graph.persistentOrdinal(id), ordinal < references.count else {
            return nil
        }
        return references[ordinal]
    }
}

/// Where the bytes of storages come from.
protocol StorageSource {
    /// The storage with the given key and device tag.
    func storage(
        for identifier: StorageIdentifier, device: Device
    ) throws(CheckpointError) -> Storage
}

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
        guard let identifier = graph.persistentID(load), let items = graph.items(identifier),
            items.count >= 5, let first = items.first, graph.isText(first, "storage")
        else {
            throw Self.invalid("a persistent id is not ('storage', class, key, location, numel)")
        }
        let part = { (index: Int) in items[items.startIndex + index] }
        guard let className = graph.globalIndex(part(1)),
            case .storage(let dtype) = roles[className]
        else { throw Self.invalid("a persistent id names no known class of storages") }
        guard let key = graph.shortString(part(2)), let location = graph.shortString(part(3)) else {
            throw Self.invalid("a storage has no key or location of up to 1024 ASCII characters")
        }
        guard let count = graph.integer(part(4)), count >= 0 else {
            throw Self.invalid("storage '\(key)' has no valid number of elements")
        }
        self.key = key
        self.dtype = dtype
        device = Device(rawValue: location)
        byteCount = try count.multipliedChecked(by: dtype?.itemSize ?? 1)
    }

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
        guard withBytes(of: id, { $0.byteCount }) <= 1024, let text = string(id) else { return nil }
        return text.utf8.allSatisfy { $0 < 0x80 } ? text : nil
    }
}

/// Storages that are records `data/<key>` of an archive.
struct ArchiveStorageSource: StorageSource {
    let records: RecordArchive
    let byteOrder: ByteOrder

    func storage(
        for identifier: StorageIdentifier, device: Device
    ) throws(CheckpointError) -> Storage {
        let entry = try records.requireEntry("data/\(identifier.key)")
        if entry.compression == .stored {
            return try Storage(
                key: identifier.key, device: device, region: records.contents(of: entry),
                byteOrder: byteOrder)
        }
        let records = records
        return Storage(
            key: identifier.key, device: device, byteCount: entry.byteCount, byteOrder: byteOrder
        ) { () throws(CheckpointError) in
            try records.contents(of: entry)
        }
    }
}
