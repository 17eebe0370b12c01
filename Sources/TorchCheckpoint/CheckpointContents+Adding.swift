import ByteIO
import Pickle
import Tensors

// Adding objects to what was read. Only on contents that nobody else has.
extension CheckpointContents {
    /// Adds a tensor; its storage is shared with the tensors that have it already.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType``, ``CheckpointError/Code/invalidStorage``.
    func add(_ tensor: Tensor) throws(CheckpointError) -> NodeID {
        defer { updateRoles() }
        var names = TensorNames()
        return try add(tensor, &names)
    }

    /// As ``add(_:)-(Tensor)``, for many tensors; ``updateRoles()`` is to be called behind them.
    func add(_ tensor: Tensor, _ names: inout TensorNames) throws(CheckpointError) -> NodeID {
        guard tensor.hasData else { return try addWithoutData(tensor, &names) }
        let reducer = try TensorReducer(tensor)
        let storage = try storages.addReference(
            to: tensor.storage, dtype: reducer.storageDType, in: &graph
        ) { hasRecord($0) }
        var quantizer: NodeID?
        if let quantization = tensor.quantization {
            quantizer = try addQuantizer(quantization, &names)
        }
        return try reducer.add(to: &graph, storage: storage, quantizer: quantizer, &names)
    }

    /// Adds a copy of a value of another checkpoint; a storage that was added before is shared.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when it refers to something outside the
    ///   pickle that is no storage.
    func add(_ value: CheckpointValue) throws(CheckpointError) -> NodeID {
        guard value.contents !== self else { return value.id }
        return try add([value.id], of: value.contents)[0]
    }

    /// Adds copies of values; neighbours from one checkpoint share what they share there.
    ///
    /// - Throws: as ``add(_:)-(CheckpointValue)``.
    /// - Complexity: O(*n*) in the number of objects.
    func add(_ values: [CheckpointValue]) throws(CheckpointError) -> [NodeID] {
        var ids: [NodeID] = []
        ids.reserveCapacity(values.count)
        var rest = values[...]
        while let contents = rest.first?.contents {
            let neighbours = rest.prefix { $0.contents === contents }
            rest = rest.dropFirst(neighbours.count)
            try ids += add(neighbours.map(\.id), of: contents)
        }
        return ids
    }

    private func add(
        _ ids: [NodeID], of other: CheckpointContents
    ) throws(CheckpointError) -> [NodeID] {
        guard other !== self else { return ids }
        if let failure = other.failedEdit { throw failure }
        defer { updateRoles() }
        return try graph.copy(ids, from: other.graph) {
            (graph, load) throws(CheckpointError) in
            guard let reference = other.storages.reference(load, in: other.graph) else {
                throw CheckpointError(
                    .invalidStorage, "refers to something outside its pickle that is no storage",
                    advice: "It can't be copied; take the values inside it one by one")
            }
            return try storages.addReference(
                to: reference.storage, dtype: reference.dtype, in: &graph, isTaken: hasRecord)
        }
    }

    /// Adds the `str` or `int` that a key is.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for another key, of which only the repr is
    ///   known.
    func add(_ key: CheckpointKey) throws(CheckpointError) -> NodeID {
        switch key {
        case .string(let text): return try graph.addText(text)
        case .integer(let value): return graph.addInteger(value)
        case .other(let repr): throw CheckpointKey.unmakeable(repr)
        }
    }

    /// Changes the device tags of storages, and the devices that calls state.
    func map(_ map: LocationMap) throws(CheckpointError) {
        if try storages.map(map, in: &graph) { isEdited = true }
        if try mapStatedDevices(map) { isEdited = true }
    }

    // A record that no reference names keeps its name.
    private func hasRecord(_ key: String) -> Bool { source.records?.has("data/\(key)") ?? false }
}
