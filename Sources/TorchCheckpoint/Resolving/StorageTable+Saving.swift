import ByteIO
import Pickle
import Tensors

// What a file that is saved has of the storages.
extension StorageTable {
    /// A storage and the name of its record, without the root folder.
    struct Record {
        let name: String
        let storage: Storage
        /// Whether the bytes are no longer those of the file's record.
        let isRewritten: Bool
    }

    /// The records of all storages, referred to or not.
    var recordNames: Set<String> { Set(slots.map { Self.recordName($0.key) }) }

    private static func recordName(_ key: String) -> String { "data/" + key }

    /// The storages that `loads` refer to, in that order.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when something else is referred to.
    func records(
        of loads: [NodeID], in graph: PickleGraph
    ) throws(CheckpointError) -> [Record] {
        var isKnown = [Bool](repeating: false, count: slots.count)
        var records: [Record] = []
        for id in loads {
            let index = try requirePlace(id, in: graph).slot
            guard !isKnown[index] else { continue }
            isKnown[index] = true
            let slot = slots[index]
            records.append(
                Record(
                    name: Self.recordName(slot.key), storage: slot.storage,
                    isRewritten: slot.isRewritten))
        }
        return records
    }

    /// As ``records(of:in:)``, with the storages numbered in that order, in the graph too.
    ///
    /// - Returns: The records, and whether that made the graph another one.
    func renumbered(
        _ loads: [NodeID], in graph: inout PickleGraph
    ) throws(CheckpointError) -> (records: [Record], isChanged: Bool) {
        var (records, isChanged) = ([Record](), false)
        var keys = [(key: String, text: NodeID?)?](repeating: nil, count: slots.count)
        for id in loads {
            let slot = try requirePlace(id, in: graph).slot
            var (key, text) = keys[slot] ?? (String(records.count), nil)
            if keys[slot] == nil {
                records.append(
                    Record(
                        name: Self.recordName(key), storage: slots[slot].storage,
                        isRewritten: true))
            }
            if slots[slot].key != key {
                let known = if let text { text } else { try graph.addText(key) }
                text = known
                graph.replaceItem(ofIdentifierOf: id, at: StorageIdentifier.keyPlace, by: known)
                isChanged = true
            }
            keys[slot] = (key, text)
        }
        return (records, isChanged)
    }

    /// - Throws: ``CheckpointError/Code/invalidStorage`` when a storage is seen as elements of several
    ///   classes, of which torch would take the first for all.
    func checkClasses(_ loads: [NodeID], in graph: PickleGraph) throws(CheckpointError) {
        var dtypes = [DType??](repeating: nil, count: slots.count)
        for id in loads {
            let (slot, dtype) = try requirePlace(id, in: graph)
            let known = dtypes[slot]
            dtypes[slot] = .some(dtype)
            guard let known, known != dtype else { continue }
            let names = [known, dtype].map { $0?.rawValue ?? "bytes" }
            throw CheckpointError(
                .invalidStorage,
                "storage \(slots[slot].key) is seen as \(names[0]) and as \(names[1]), "
                    + "and torch would read it as one of them", offset: graph.offset(of: id),
                advice: "Copy the tensors into storages of their own")
        }
    }

    private func requirePlace(
        _ id: NodeID, in graph: PickleGraph
    ) throws(CheckpointError) -> (slot: Int, dtype: DType?) {
        if let place = place(id, in: graph) { return place }
        throw CheckpointError(
            .invalidStorage, "refers to something outside the pickle that is no storage",
            offset: graph.offset(of: id), advice: "It can't be saved; remove what refers to it")
    }
}
