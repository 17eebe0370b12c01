import ByteIO
import Pickle
import Tensors

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
        let itemSize = dtype?.itemSize ?? 1
        guard storage.byteCount % itemSize == 0 else {
            throw CheckpointError(
                .invalidStorage,
                "a storage of \(storage.byteCount) bytes can't be saved as elements of "
                    + "\(itemSize) bytes", advice: "Copy the tensor into a storage of its own")
        }
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
