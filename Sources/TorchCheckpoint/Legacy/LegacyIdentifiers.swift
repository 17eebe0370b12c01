import ByteIO
import Pickle

/// What the persistent ids of a legacy file say, before the bytes of the storages are known.
///
/// Their forms: `Specs/tensors.md`, "Storages in legacy files".
struct LegacyIdentifiers {
    /// A storage that is a part of another one.
    struct View {
        let load: NodeID
        /// The number of the whole one's key.
        let root: Int
        let itemSize: Int
        /// The number of elements of the whole one.
        let rootCount: Int
        let key: NodeID
        let offset: Int
        let count: Int
    }

    /// The persistent objects that stand for storages.
    private(set) var storages: [NodeID] = []
    /// Those among them that are parts of others.
    private(set) var views: [View] = []
    /// The element size of each storage, by the number of its key: that of its first mention counts.
    private(set) var itemSizes: [Int?]
    /// The classes that other persistent objects stand for.
    private(set) var classes: [NodeID: NodeID] = [:]
    /// The persistent ids with the source code of these classes.
    private(set) var classIdentifiers: [NodeID: NodeID] = [:]

    private let graph: PickleGraph
    private let roles: [GlobalRole]

    /// - Parameter keys: The numbers of the keys.
    /// - Throws: ``CheckpointError/Code/invalidStorage``, ``CheckpointError/Code/missingRecord``.
    init(_ graph: PickleGraph, keys: [String: Int]) throws(CheckpointError) {
        self.graph = graph
        roles = graph.globalNames.map(GlobalRole.init)
        itemSizes = Array(repeating: nil, count: keys.count)
        for load in graph.persistentLoads {
            do throws(CheckpointError) {
                try note(load, keys)
            } catch {
                throw error.atOffset(graph.offset(of: load))
            }
        }
    }

    private mutating func note(_ load: NodeID, _ keys: [String: Int]) throws(CheckpointError) {
        let identifier = graph.persistentID(load) ?? .none
        guard let word = graph.item(0, of: identifier), graph.isText(word, "module") else {
            storages.append(load)
            return try note(storage: load, identifier, keys)
        }
        guard graph.kind(of: identifier) == .tuple, graph.itemCount(of: identifier) == 4,
            let name = graph.item(1, of: identifier)
        else { throw Self.invalid("a persistent id is not ('module', class, file, source)") }
        classes[load] = name
        let texts = [graph.item(2, of: identifier), graph.item(3, of: identifier)]
        let isPlain = texts.allSatisfy {
            $0.map { [.none, .text, .byteString].contains(graph.kind(of: $0)) } ?? false
        }
        guard isPlain, graph.globalIndex(name) != nil else { return }
        classIdentifiers[name] = classIdentifiers[name] ?? identifier
    }

    private mutating func note(
        storage load: NodeID, _ identifier: NodeID, _ keys: [String: Int]
    ) throws(CheckpointError) {
        let stated = try StorageIdentifier(load, in: graph, roles: roles, known: .cpu)
        let key = graph.string(stated.key) ?? ""
        guard let number = keys[key] else {
            throw CheckpointError(
                .missingRecord, "storage '\(key)' is not in the list of those that follow",
                advice: "The file is damaged or was not written by torch")
        }
        let itemSize = stated.dtype?.itemSize ?? 1
        itemSizes[number] = itemSizes[number] ?? itemSize
        guard let metadata = graph.item(Self.viewPlace, of: identifier), metadata != .none else {
            return
        }
        guard graph.kind(of: metadata) == .tuple, graph.itemCount(of: metadata) == 3,
            let viewKey = graph.item(0, of: metadata), graph.isStorageText(viewKey),
            let offset = graph.item(1, of: metadata).flatMap(graph.integer),
            let count = graph.item(2, of: metadata).flatMap(graph.integer),
            offset >= 0, count >= 0
        else { throw Self.invalid("what a storage is a part of is not (key, offset, numel)") }
        views.append(
            View(
                load: load, root: number, itemSize: itemSize,
                rootCount: stated.byteCount / itemSize, key: viewKey, offset: offset,
                count: count))
    }

    /// Where an id says that a storage is a part of another one; `None` where it is whole.
    static let viewPlace = 5

    static func invalid(_ what: String) -> CheckpointError {
        CheckpointError(
            .invalidStorage, what, advice: "The file is damaged or was not written by torch")
    }
}
