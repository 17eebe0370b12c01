import ByteIO
import Pickle
import Tensors

/// What it takes to add references to storages as torch's pickler writes them.
///
/// Which texts of a persistent id are one object in Python: `Specs/saving.md`, "What is one object".
struct StorageAdditions: Sendable {
    // The table keeps the storages, so no other can be made at the address of one.
    private var slots: [ObjectIdentifier: Int] = [:]
    private var keys: Set<String> = []
    private var keyTexts: [Int: NodeID] = [:]
    private var nextNumber = 0
    private var storageWord: NodeID?
    private var cpuWord: NodeID?

    init(_ table: StorageTable, _ graph: PickleGraph) {
        for (index, slot) in table.slots.enumerated() {
            slots[ObjectIdentifier(slot.storage)] = index
            keys.insert(slot.key)
            // A key that is no number of torch's is just taken.
            if let number = Int(slot.key), number < Int(UInt32.max) {
                nextNumber = max(nextNumber, number + 1)
            }
        }
        for load in graph.persistentLoads {
            guard let reference = table.reference(load, in: graph),
                let items = graph.persistentID(load).flatMap(graph.items),
                items.count > StorageIdentifier.countPlace
            else { continue }
            let part = { (place: Int) in items[items.startIndex + place] }
            keyTexts[reference.slot] =
                keyTexts[reference.slot] ?? part(StorageIdentifier.keyPlace)
            storageWord = storageWord ?? items.first
            if reference.storage.device == .cpu {
                cpuWord = cpuWord ?? part(StorageIdentifier.locationPlace)
            }
        }
    }

    /// The slot of a storage, added with a new key when there is none.
    ///
    /// - Parameters:
    ///   - isTaken: Whether a key is not free although no slot has it.
    ///   - add: Adds a slot behind all others.
    mutating func slot(
        of storage: Storage, isTaken: (String) -> Bool, add: (StorageTable.Slot) -> Void
    ) -> Int {
        if let known = slots[ObjectIdentifier(storage)] { return known }
        while keys.contains("\(nextNumber)") || isTaken("\(nextNumber)") { nextNumber += 1 }
        keys.insert("\(nextNumber)")
        add(StorageTable.Slot(storage: storage, key: "\(nextNumber)"))
        slots[ObjectIdentifier(storage)] = slots.count
        return slots.count - 1
    }

    /// Adds `("storage", class, key, location, numel)`.
    mutating func identifier(
        of slot: StorageTable.Slot, _ index: Int, dtype: DType?, in graph: inout PickleGraph
    ) throws(CheckpointError) -> NodeID {
        let name = dtype.flatMap(GlobalRole.storageClass) ?? GlobalRole.untypedStorage
        let device = slot.storage.device
        return try graph.addTuple([
            Self.shared(&storageWord, "storage", in: &graph), graph.addGlobal(name),
            Self.shared(&keyTexts[index], slot.key, in: &graph),
            device == .cpu
                ? Self.shared(&cpuWord, device.rawValue, in: &graph)
                : graph.addText(device.rawValue),
            graph.addInteger(slot.storage.byteCount / (dtype?.itemSize ?? 1)),
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
