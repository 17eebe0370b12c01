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
        var storage: Storage
        /// The element type that the class of the reference stands for; nil when it is untyped.
        let dtype: DType?
    }

    /// By the order in which the graph's persistent objects were loaded; nil where one is unknown.
    private(set) var references: [Reference?] = []
    /// The keys of storages that are not from the file, or have another one here.
    private var keys: [ObjectIdentifier: String] = [:]
    /// The storages that took the place of others with the same record.
    private(set) var rewritten: Set<ObjectIdentifier> = []
    /// What is needed to add references, made when the first is added.
    private var additions: StorageAdditions?
    /// All storages, while there are additions.
    private var known: Set<ObjectIdentifier> = []

    /// A table without references, for pickles that have no storages beside them.
    init() {}

    /// Reads all references of `graph` and finds their records.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` or
    ///   ``CheckpointError/Code/missingRecord``.
    /// - Complexity: O(*n*) in the number of references; no contents are read.
    init(
        _ graph: PickleGraph, roles: [GlobalRole], source: some StorageSource
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
                    storage = try source.storage(for: identifier)
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

// Changing what the references of a graph mean, and adding more.
extension StorageTable {
    /// Adds a reference to a storage, which may be one of another checkpoint.
    ///
    /// A storage that is not in this checkpoint gets the next number that is free as its key.
    ///
    /// - Parameters:
    ///   - storage: The storage.
    ///   - dtype: The element type that it is seen as; nil for untyped bytes.
    ///   - graph: The graph that this table is for.
    ///   - isTaken: Whether a key is not free although no reference has it.
    /// - Returns: The persistent object that stands for it.
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when its size is no multiple of an element's.
    mutating func addReference(
        to storage: Storage, dtype: DType?, in graph: inout PickleGraph,
        isTaken: (String) -> Bool
    ) throws(CheckpointError) -> NodeID {
        if additions == nil {
            additions = StorageAdditions(self, graph)
            known = Set(references.compactMap { $0.map { ObjectIdentifier($0.storage) } })
        }
        if known.insert(ObjectIdentifier(storage)).inserted {
            keys[ObjectIdentifier(storage)] = additions?.newKey(isTaken: isTaken)
        }
        let key = key(of: storage)
        let identifier = try additions?.identifier(of: storage, key: key, dtype: dtype, in: &graph)
        guard let identifier else { return .none }
        let id = graph.addPersistent(identifier)
        let ordinal = graph.persistentLoads.count - 1
        references += repeatElement(nil, count: ordinal - references.count)
        references.append(Reference(storage: storage, dtype: dtype))
        return id
    }

    /// Changes the device tags of storages, here and in the graph.
    ///
    /// - Returns: Whether any changed.
    mutating func map(
        _ map: LocationMap, in graph: inout PickleGraph
    ) throws(CheckpointError) -> Bool {
        guard !map.isIdentity else { return false }
        var changed = false
        try replaceStorages { (storage) throws(CheckpointError) in
            let device = map(storage.device)
            guard device != storage.device else { return storage }
            changed = true
            return Storage(storage, device: device)
        }
        if changed { try writeLocations(to: &graph) }
        return changed
    }

    private func writeLocations(to graph: inout PickleGraph) throws(CheckpointError) {
        var cpu: NodeID?
        for (load, reference) in zip(graph.persistentLoads, references) {
            guard let reference, let identifier = graph.persistentID(load),
                let location = StorageIdentifier.location(identifier, in: graph),
                graph.string(location) != reference.storage.device.rawValue
            else { continue }
            let isCPU = reference.storage.device == .cpu
            let known = isCPU ? cpu : nil
            let text =
                if let known { known } else {
                    try graph.addText(reference.storage.device.rawValue)
                }
            if isCPU { cpu = text }
            graph.replaceItem(ofTuple: identifier, at: StorageIdentifier.locationPlace, by: text)
        }
    }

    /// Has a reference mean other bytes, or the same as elements of another dtype.
    mutating func replace(_ id: NodeID, in graph: PickleGraph, by reference: Reference) {
        guard let ordinal = graph.persistentOrdinal(id), ordinal < references.count,
            let old = references[ordinal]
        else { return }
        keys[ObjectIdentifier(reference.storage)] = key(of: old.storage)
        references[ordinal] = reference
        rewritten.insert(ObjectIdentifier(reference.storage))
        additions = nil
    }

    /// Replaces storages; what `transform` gives for one is used for all its references.
    private mutating func replaceStorages(
        _ transform: (Storage) throws(CheckpointError) -> Storage
    ) throws(CheckpointError) {
        var replaced: [ObjectIdentifier: Storage] = [:]
        for index in references.indices {
            guard let old = references[index]?.storage else { continue }
            let known = replaced[ObjectIdentifier(old)]
            let new = if let known { known } else { try transform(old) }
            replaced[ObjectIdentifier(old)] = new
            keys[ObjectIdentifier(new)] = key(of: old)
            if rewritten.contains(ObjectIdentifier(old)) { rewritten.insert(ObjectIdentifier(new)) }
            references[index]?.storage = new
        }
        additions = nil
    }
}

// What a file that is saved has of the storages.
extension StorageTable {
    /// A storage and the record that it is in, or is to be in.
    struct Record {
        let name: String
        let storage: Storage
        /// Whether its bytes are no longer those of the file's record.
        let isRewritten: Bool
    }

    /// The name of the record that a storage is in, or is to be in, behind `data/`.
    func key(of storage: Storage) -> String {
        keys[ObjectIdentifier(storage)] ?? storage.key ?? ""
    }

    /// The records of all storages, referred to or not.
    var recordNames: Set<String> {
        Set(references.lazy.compactMap { $0?.storage }.map { Self.recordName(key(of: $0)) })
    }

    private static func recordName(_ key: String) -> String { "data/\(key)" }

    /// The storages that are referred to, in the order in which `nodes` meet them.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when something else is referred to.
    func reachable(
        _ nodes: [NodeID], in graph: PickleGraph
    ) throws(CheckpointError) -> [Record] {
        var seen: Set<ObjectIdentifier> = []
        var records: [Record] = []
        for id in nodes where graph.kind(of: id) == .persistent {
            let storage = try requireReference(id, in: graph).storage
            guard seen.insert(ObjectIdentifier(storage)).inserted else { continue }
            records.append(
                Record(
                    name: Self.recordName(key(of: storage)), storage: storage,
                    isRewritten: rewritten.contains(ObjectIdentifier(storage))))
        }
        return records
    }

    /// As ``reachable(_:in:)``, with the storages numbered in that order, here and in the graph.
    func renumbered(
        _ nodes: [NodeID], in graph: inout PickleGraph
    ) throws(CheckpointError) -> [Record] {
        var records: [Record] = []
        var keys: [ObjectIdentifier: (key: String, text: NodeID?)] = [:]
        for id in nodes where graph.kind(of: id) == .persistent {
            let storage = try requireReference(id, in: graph).storage
            var (key, text) = keys[ObjectIdentifier(storage)] ?? ("\(records.count)", nil)
            if keys[ObjectIdentifier(storage)] == nil {
                records.append(
                    Record(name: Self.recordName(key), storage: storage, isRewritten: true))
            }
            if self.key(of: storage) != key, let identifier = graph.persistentID(id) {
                let known = if let text { text } else { try graph.addText(key) }
                text = known
                graph.replaceItem(
                    ofTuple: identifier, at: StorageIdentifier.keyPlace, by: known)
            }
            keys[ObjectIdentifier(storage)] = (key, text)
        }
        return records
    }

    private func requireReference(
        _ id: NodeID, in graph: PickleGraph
    ) throws(CheckpointError) -> Reference {
        if let reference = reference(id, in: graph) { return reference }
        throw CheckpointError(
            .invalidStorage, "refers to something outside the pickle that is no storage",
            offset: graph.offset(of: id), advice: "It can't be saved; remove what refers to it")
    }
}

/// Where the bytes of storages come from.
protocol StorageSource {
    /// The storage with the given key.
    func storage(for identifier: StorageIdentifier) throws(CheckpointError) -> Storage
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
        guard let className = graph.globalIndex(part(Self.classPlace)),
            case .storage(let dtype) = roles[className]
        else { throw Self.invalid("a persistent id names no known class of storages") }
        guard let key = graph.shortString(part(Self.keyPlace)), let location = graph.shortString(part(Self.locationPlace)) else {
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

    func storage(for identifier: StorageIdentifier) throws(CheckpointError) -> Storage {
        let entry = try records.requireEntry("data/\(identifier.key)")
        if entry.compression == .stored {
            return try Storage(
                key: identifier.key, device: identifier.device, region: records.contents(of: entry),
                byteOrder: byteOrder)
        }
        let records = records
        return Storage(
            key: identifier.key, device: identifier.device, byteCount: entry.byteCount,
            byteOrder: byteOrder
        ) { () throws(CheckpointError) in
            try records.contents(of: entry)
        }
    }
}
