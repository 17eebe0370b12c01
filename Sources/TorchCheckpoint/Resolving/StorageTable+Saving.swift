import ByteIO
import Pickle
import Tensors

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
