import ByteIO
import Pickle
import Tensors

/// A type whose values take so much reading that it is counted.
protocol CountedCodable: CheckpointCodable {
    init(checkpointValue: CheckpointValue, _ effort: inout Effort) throws
}

/// What decoding has made and looked at so far.
final class DecodingWork {
    /// A value that was made of an object once, and serves wherever the object is met again.
    private struct Made: Hashable {
        let type: ObjectIdentifier
        let id: NodeID
    }

    private var made: [Made: any CheckpointCodable] = [:]
    private var effort: Effort
    /// The containers and long texts that were looked at.
    private var seen: Set<NodeID> = []
    /// The storages that were inflated, which the checkpoint keeps, and the last of them.
    private var inflatedBefore: Set<ObjectIdentifier> = []
    private var inflated: (storage: Storage, region: ByteRegion)?

    init(_ graph: PickleGraph) { effort = Effort(for: graph, countsElements: true) }

    /// Counts the elements of a container, from the second time on that it is looked at, or that
    /// what it is made of is; and long keys, likewise.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    func enter(_ container: CheckpointValue) throws(CheckpointError) {
        var isNew = true
        for id in container.containerIDs where !seen.insert(id).inserted { isNew = false }
        if !isNew { try effort.spend(container.partCount + 1, on: container) }
        for entry in (container.entryIDs ?? []).entryPairs { try readText(entry.key, container) }
    }

    private func readText(_ id: NodeID, _ value: CheckpointValue) throws(CheckpointError) {
        let length = value.graph.textLength(of: id)
        guard length > CodingLimits.freeTextLength, !seen.insert(id).inserted else { return }
        try effort.spend(length / CodingLimits.freeTextLength, on: value)
    }

    /// Counts what it takes to read a value that has no parts.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``; ``CheckpointError`` when a storage can't be
    ///   inflated.
    func read(_ value: CheckpointValue) throws(CheckpointError) {
        guard value.isTensor else {
            let contents = value.contents
            let text = contents.numPyData(value.id) ?? contents.argument(0, of: value.id)
            return try readText(text ?? value.id, value)
        }
        let storage = try value.tensor(at: nil).storage
        guard storage.isInflatedOnDemand, storage !== inflated?.storage else { return }
        if !inflatedBefore.insert(ObjectIdentifier(storage)).inserted {
            try effort.spend(storage.byteCount / CodingLimits.pageSize, on: value)
        }
        // Kept for the next one, which is often a view of the same.
        inflated = try (storage, storage.region())
    }

    /// The value of a type that an object is, made once for all places of the object.
    func make<Value: CheckpointCodable>(
        _ type: Value.Type, of value: CheckpointValue
    ) throws -> Value {
        // Only containers are worth it.
        guard value.isContainer else {
            // A tensor is no more than a view; its elements are not read.
            if !value.isTensor { try read(value) }
            return try type.init(checkpointValue: value)
        }
        let key = Made(type: ObjectIdentifier(type), id: value.id)
        if let known = made[key] as? Value { return known }
        let new =
            if let counted = type as? any CountedCodable.Type {
                ValueDecoder.cast(try counted.init(checkpointValue: value, &effort)) as Value
            } else {
                try type.init(checkpointValue: value)
            }
        made[key] = new
        return new
    }
}

extension CheckpointValue {
    /// The containers that a container is made of: an object has those that its constructor and its
    /// states are given.
    fileprivate var containerIDs: [NodeID] {
        guard let call = graph.call(id) else { return [id] }
        let arguments = (graph.items(call.arguments) ?? []).filter { value($0).isContainer }
        let data = contents.numPyData(id).map { [$0] } ?? []
        return (data.isEmpty ? [id] : data) + arguments + fieldDictionaries
    }

    /// The number of elements, entries and fields.
    fileprivate var partCount: Int {
        (itemIDs?.count ?? 0) + (entryIDs?.count ?? 0) / 2
            + (graph.call(id) == nil ? 0 : stateEntries.count)
            + (contents.numPyData(id).map(graph.textLength) ?? 0)
    }
}
