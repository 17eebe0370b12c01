import ByteIO
import Pickle
import Tensors

// Adding objects to what was read. Only on contents that nobody else has.
extension CheckpointContents {
    /// Adds a tensor; its storage is shared with the tensors that have it already.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType``, ``CheckpointError/Code/invalidStorage``.
    func add(_ tensor: Tensor) throws(CheckpointError) -> NodeID {
        let reducer = try TensorReducer(tensor)
        let storage = try storages.addReference(
            to: tensor.storage, dtype: reducer.storageDType, in: &graph, isTaken: hasRecord)
        defer { updateRoles() }
        return try reducer.add(to: &graph, storage: storage)
    }

    /// Adds a copy of a value of another checkpoint; a storage that was added before is shared.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when it refers to something outside the
    ///   pickle that is no storage.
    func add(_ value: CheckpointValue) throws(CheckpointError) -> NodeID {
        guard value.contents !== self else { return value.id }
        let other = value.contents
        if let failure = other.failedEdit { throw failure }
        defer { updateRoles() }
        return try graph.copy(value.id, from: other.graph) {
            (graph, load) throws(CheckpointError) in
            guard let reference = other.storages.reference(load, in: other.graph) else {
                throw CheckpointError(
                    .invalidStorage, "a persistent object of the other checkpoint is no storage")
            }
            return try storages.addReference(
                to: reference.storage, dtype: reference.dtype, in: &graph, isTaken: hasRecord)
        }
    }

    /// Changes the device tags of storages.
    func map(_ map: LocationMap) throws(CheckpointError) {
        if try storages.map(map, in: &graph) { isEdited = true }
    }

    // A record that no reference names keeps its name.
    private func hasRecord(_ key: String) -> Bool { source.records?.has("data/\(key)") ?? false }
}
