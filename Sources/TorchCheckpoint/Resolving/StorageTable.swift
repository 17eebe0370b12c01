import ByteIO
import Pickle
import Tensors

/// The storages that a pickle refers to, each once, and what each reference says of them.
///
/// A reference is a persistent id `("storage", class, key, location, numel)`. Layout and checks:
/// `Specs/tensors.md`.
struct StorageTable: Sendable {
    /// A storage and the record that it is in, or is to be in.
    struct Slot: Sendable {
        var storage: Storage
        /// The name of the record behind `data/`.
        let key: String
        /// Whether the bytes are no longer those of the file's record.
        var isRewritten = false
    }

    /// One reference to a storage: the same storage may be seen as elements of several types.
    struct Reference: Sendable {
        let slot: Int
        let storage: Storage
        /// The element type that the class of the reference stands for; nil when it is untyped.
        let dtype: DType?
    }

    // What the graph's persistent object with this ordinal refers to.
    private struct Entry: Sendable {
        let slot: UInt32
        var dtype: DType?
    }

    private(set) var slots: [Slot] = []
    /// By the order in which the graph's persistent objects were loaded; nil where one is unknown.
    private var references: [Entry?] = []
    /// What is needed to add references, made when the first is added.
    private var additions: StorageAdditions?

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
        var source = source
        var slotsOfRecords = [UInt32?](repeating: nil, count: source.recordCount)
        references.reserveCapacity(graph.persistentLoads.count)
        slots.reserveCapacity(min(graph.persistentLoads.count, source.recordCount))
        for load in graph.persistentLoads {
            do throws(CheckpointError) {
                let identifier = try StorageIdentifier(
                    load, in: graph, roles: roles, known: slots.last?.storage.device ?? .cpu)
                let slot = try slot(of: identifier, in: graph, &source, &slotsOfRecords)
                try identifier.check(slots[Int(slot)], in: graph)
                references.append(Entry(slot: slot, dtype: identifier.dtype))
            } catch {
                throw error.atOffset(graph.offset(of: load))
            }
        }
    }

    /// The slot of a storage, added when this is the first that is heard of it.
    private mutating func slot(
        of identifier: StorageIdentifier, in graph: PickleGraph,
        _ source: inout some StorageSource, _ slotsOfRecords: inout [UInt32?]
    ) throws(CheckpointError) -> UInt32 {
        guard let record = graph.withBytes(of: identifier.key, { source.record(ofKey: $0) }) else {
            throw Self.missing(
                source.recordName(ofKey: graph.plainString(identifier.key) ?? ""))
        }
        if let known = slotsOfRecords[record] { return known }
        let key = graph.plainString(identifier.key) ?? ""
        let storage = try source.storage(inRecord: record, key: key, device: identifier.device)
        let slot = UInt32(slots.count)
        slots.append(Slot(storage: storage, key: key))
        slotsOfRecords[record] = slot
        return slot
    }

    @inline(never)
    private static func missing(_ record: String) -> CheckpointError {
        CheckpointError(
            .missingRecord, "there is no record '\(record)', which the pickle refers to",
            advice: "The file is incomplete or was not written by torch.save")
    }

    /// The storage that a persistent object of the graph stands for, or nil when there is none.
    func reference(_ id: NodeID, in graph: PickleGraph) -> Reference? {
        guard let (slot, dtype) = place(id, in: graph) else { return nil }
        return Reference(slot: slot, storage: slots[slot].storage, dtype: dtype)
    }

    /// As ``reference(_:in:)``, without the storage: merely holding one takes time where there are
    /// many, because they are all over the memory.
    func place(_ id: NodeID, in graph: PickleGraph) -> (slot: Int, dtype: DType?)? {
        guard let ordinal = graph.persistentOrdinal(id), ordinal < references.count,
            let entry = references[ordinal]
        else { return nil }
        return (Int(entry.slot), entry.dtype)
    }
}

// Adding references, and changing what they mean.
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
        let itemSize = dtype?.itemSize ?? 1
        guard storage.byteCount % itemSize == 0 else {
            throw CheckpointError(
                .invalidStorage,
                "a storage of \(storage.byteCount) bytes can't be saved as elements of "
                    + "\(itemSize) bytes", advice: "Copy the tensor into a storage of its own")
        }
        try StorageIdentifier.check(storage.device)
        var additions = takeAdditions(for: graph)
        defer { self.additions = additions }
        let slot = additions.slot(of: storage, isTaken: isTaken) { slots.append($0) }
        let identifier = try additions.identifier(
            of: slots[slot], slot, dtype: dtype, in: &graph)
        let id = graph.addPersistent(identifier)
        while references.count < graph.persistentLoads.count - 1 { references.append(nil) }
        references.append(Entry(slot: UInt32(slot), dtype: dtype))
        return id
    }

    // Taken out while it changes, or each change would copy it.
    private mutating func takeAdditions(for graph: PickleGraph) -> StorageAdditions {
        defer { additions = nil }
        return additions ?? StorageAdditions(self, graph)
    }

    /// Changes the device tags of storages, here and in the graph.
    ///
    /// - Returns: Whether any changed.
    mutating func map(
        _ map: LocationMap, in graph: inout PickleGraph
    ) throws(CheckpointError) -> Bool {
        guard !map.isIdentity else { return false }
        var isChanged = false
        for index in slots.indices {
            let storage = slots[index].storage
            let device = map(storage.device)
            guard device != storage.device else { continue }
            try StorageIdentifier.check(device)
            isChanged = true
            slots[index].storage = Storage(storage, device: device)
        }
        guard isChanged else { return false }
        additions = nil
        try writeLocations(to: &graph)
        return true
    }

    private func writeLocations(to graph: inout PickleGraph) throws(CheckpointError) {
        var cpu: NodeID?
        for load in graph.persistentLoads {
            guard let device = reference(load, in: graph)?.storage.device,
                let identifier = graph.persistentID(load),
                let location = StorageIdentifier.location(identifier, in: graph)
            else { continue }
            let isRight = graph.isText(location, device.rawValue)
            if device == .cpu, cpu == nil {
                cpu = try isRight ? location : graph.addText(device.rawValue)
            }
            guard !isRight else { continue }
            let text =
                if device == .cpu, let cpu { cpu } else { try graph.addText(device.rawValue) }
            graph.replaceItem(ofIdentifierOf: load, at: StorageIdentifier.locationPlace, by: text)
        }
    }

    /// Has all references to a storage mean another one in the same record.
    mutating func replaceStorage(inSlot slot: Int, by storage: Storage) {
        slots[slot].storage = storage
        slots[slot].isRewritten = true
        additions = nil
    }

    /// Has a reference see its storage as elements of another dtype.
    mutating func setDType(_ dtype: DType?, of id: NodeID, in graph: PickleGraph) {
        guard let ordinal = graph.persistentOrdinal(id), ordinal < references.count else { return }
        references[ordinal]?.dtype = dtype
    }
}
