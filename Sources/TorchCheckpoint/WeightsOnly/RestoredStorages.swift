import ByteIO
import Pickle
import Tensors

/// The storages that a machine finds behind persistent ids.
struct RestoredStorages {
    let contents: CheckpointContents
    let map: LocationMap
    var isLegacy: Bool { contents.source.format == .legacy }
    /// By the slots of the contents: the storage of the machine.
    var known: [UInt32?]
    /// By the keys of storages, the slots; nil where the order of loading tells.
    private let places: [String: Int]?

    /// The storages of a file that was read.
    init(_ contents: CheckpointContents, _ map: LocationMap) {
        self.init(contents, map, places: nil)
    }

    /// The storages of a pickle that was written of the contents.
    init(written contents: CheckpointContents) {
        let keys = contents.storages.slots.enumerated().map { ($1.key, $0) }
        self.init(contents, .preserve, places: Dictionary(keys) { first, _ in first })
    }

    private init(_ contents: CheckpointContents, _ map: LocationMap, places: [String: Int]?) {
        self.contents = contents
        self.map = map
        self.places = places
        known = Array(repeating: nil, count: contents.storages.slots.count)
    }

    /// The slot of the storage that is loaded as the number so many.
    func slot(ofLoad number: Int, key: @autoclosure () -> String?) -> Int? {
        if let places { return key().flatMap { places[$0] } }
        let loads = contents.graph.persistentLoads
        guard number < loads.count else { return nil }
        return contents.storages.place(loads[number], in: contents.graph)?.slot
    }
}
