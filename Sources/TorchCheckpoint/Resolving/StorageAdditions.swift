import ByteIO
import Pickle
import Tensors

/// What it takes to add references to storages as torch's pickler writes them.
///
/// Which texts of a persistent id are one object in Python: `Specs/tensors.md`, "Writing".
struct StorageAdditions: Sendable {
    private var keyTexts: [String: NodeID] = [:]
    private var nextNumber = 0
    private var storageWord: NodeID?
    private var cpuWord: NodeID?

    init(_ table: StorageTable, _ graph: PickleGraph) {
        for (load, reference) in zip(graph.persistentLoads, table.references) {
            guard let storage = reference?.storage,
                let items = graph.persistentID(load).flatMap(graph.items),
                items.count > StorageIdentifier.countPlace
            else { continue }
            let key = table.key(of: storage)
            keyTexts[key] = keyTexts[key] ?? items[items.startIndex + StorageIdentifier.keyPlace]
            storageWord = storageWord ?? items.first
            if storage.device == .cpu {
                cpuWord = items[items.startIndex + StorageIdentifier.locationPlace]
            }
            if let number = Int(key), number >= nextNumber, number < .max {
                nextNumber = number + 1
            }
        }
    }

    /// A key that no storage has; `isTaken` says which others are not free.
    mutating func newKey(isTaken: (String) -> Bool) -> String {
        while keyTexts["\(nextNumber)"] != nil || isTaken("\(nextNumber)") { nextNumber += 1 }
        defer { nextNumber += 1 }
        return "\(nextNumber)"
    }

    /// Adds `("storage", class, key, location, numel)`.
    mutating func identifier(
        of storage: Storage, key: String, dtype: DType?, in graph: inout PickleGraph
    ) throws(CheckpointError) -> NodeID {
        let name = dtype.flatMap(GlobalRole.storageClass) ?? GlobalRole.untypedStorage
        return try graph.addTuple([
            Self.shared(&storageWord, "storage", in: &graph), graph.addGlobal(name),
            Self.shared(&keyTexts[key], key, in: &graph),
            storage.device == .cpu
                ? Self.shared(&cpuWord, Device.cpu.rawValue, in: &graph)
                : graph.addText(storage.device.rawValue),
            graph.addInteger(storage.byteCount / (dtype?.itemSize ?? 1)),
        ])
    }

    private static func shared(
        _ known: inout NodeID?, _ text: String, in graph: inout PickleGraph
    ) throws(CheckpointError) -> NodeID {
        if let known { return known }
        let id = try graph.addText(text)
        known = id
        return id
    }
}
