import Tensors

extension StateDict {
    /// The same tensors in memory of their own, as if the file had been read whole.
    ///
    /// Each storage is copied once and whole: tensors that shared one share its copy, and a tensor
    /// that was a slice of one still is. Names, order, layouts, dtypes, device tags,
    /// `requires_grad` and what is a parameter stay. The file may be changed or removed afterwards,
    /// unless there are tensors inside of ``extras``: those and ``metadata`` stay what they are.
    /// The Python counterpart is `copy.deepcopy(state_dict)`.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``; ``CheckpointError`` when a deflated record
    ///   can't be inflated.
    /// - Complexity: O(*n*) in the size of the storages. Several threads share the work when there
    ///   is much of it.
    public func copied() throws -> StateDict {
        var storages: [Storage] = []
        var places: [ObjectIdentifier: Int] = [:]
        for tensor in tensors.values {
            let storage = tensor.storage
            guard places[ObjectIdentifier(storage)] == nil else { continue }
            places[ObjectIdentifier(storage)] = storages.count
            storages.append(storage)
        }
        let copies = try Storage.copies(of: storages)
        var result = self
        result.tensors = try tensors.mapValues { tensor in
            guard let place = places[ObjectIdentifier(tensor.storage)] else { return tensor }
            return try tensor.onto(copies[place]).withCopiedScales()
        }
        return result
    }
}
