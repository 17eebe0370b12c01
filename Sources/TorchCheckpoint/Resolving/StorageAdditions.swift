import ByteIO
import Pickle
import Tensors

/// What it takes to add references to storages as torch's pickler writes them.
///
/// Which texts of a persistent id are one object in Python: `Specs/saving.md`, "What is one object".
struct StorageAdditions: Sendable {
    // The table keeps the storages, so no other can be made at the address of one.
    private var slots: [ObjectIdentifier: Int] = [:]
    // The texts of the keys, by the slots; nil where the graph has none yet.
    private var keyTexts: [NodeID?] = []
    // No slot has this number as its key, or a larger one, but for `oddKeys`.
    private var nextNumber = 0
    // Numbers that torch never comes to.
    private var oddKeys: Set<String> = []
    private var storageWord: NodeID?
    private var cpuWord: NodeID?
    private var classes: [DType?: NodeID] = [:]

    init(_ table: StorageTable, _ graph: PickleGraph) {
        for (index, slot) in table.slots.enumerated() {
            slots[ObjectIdentifier(slot.storage)] = index
            note(slot.key)
        }
        keyTexts = Array(repeating: nil, count: table.slots.count)
        for load in graph.persistentLoads {
            guard let reference = table.reference(load, in: graph),
                let identifier = graph.persistentID(load)
            else { continue }
            note(identifier, of: reference, in: graph)
        }
    }

    // A key that is no number of torch's is just taken.
    private mutating func note(_ key: String) {
        guard let number = Int(key) else { return }
        if number < Int(UInt32.max) {
            nextNumber = max(nextNumber, number + 1)
        } else {
            oddKeys.insert(key)
        }
    }

    private mutating func note(
        _ identifier: NodeID, of reference: StorageTable.Reference, in graph: PickleGraph
    ) {
        guard let word = graph.item(0, of: identifier),
            let key = graph.item(StorageIdentifier.keyPlace, of: identifier),
            let location = graph.item(StorageIdentifier.locationPlace, of: identifier),
            graph.item(StorageIdentifier.countPlace, of: identifier) != nil
        else { return }
        keyTexts[reference.slot] = keyTexts[reference.slot] ?? key
        storageWord = storageWord ?? word
        if reference.storage.device == .cpu { cpuWord = cpuWord ?? location }
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
        var key = takeNumber()
        while oddKeys.contains(key) || isTaken(key) { key = takeNumber() }
        add(StorageTable.Slot(storage: storage, key: key))
        keyTexts.append(nil)
        slots[ObjectIdentifier(storage)] = keyTexts.count - 1
        return keyTexts.count - 1
    }

    private mutating func takeNumber() -> String {
        defer { nextNumber += 1 }
        return String(nextNumber)
    }

    /// Adds `("storage", class, key, location, numel)`.
    mutating func identifier(
        of slot: StorageTable.Slot, _ index: Int, dtype: DType?, in graph: inout PickleGraph
    ) throws(CheckpointError) -> NodeID {
        let device = slot.storage.device
        return try graph.addTuple([
            Self.shared(&storageWord, "storage", in: &graph), storageClass(dtype, in: &graph),
            Self.shared(&keyTexts[index], slot.key, in: &graph),
            device == .cpu
                ? Self.shared(&cpuWord, device.rawValue, in: &graph)
                : graph.addText(device.rawValue),
            graph.addInteger(slot.storage.byteCount / (dtype?.itemSize ?? 1)),
        ])
    }

    private mutating func storageClass(_ dtype: DType?, in graph: inout PickleGraph) -> NodeID {
        if let known = classes[dtype] { return known }
        let name = dtype.flatMap(GlobalRole.storageClass) ?? GlobalRole.untypedStorage
        let id = graph.addGlobal(name)
        classes[dtype] = id
        return id
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
