import ByteIO
import Pickle
import Tensors

/// The storages that a pickle refers to, each once, and what each reference says of them.
///
/// A reference is a persistent id `("storage", class, key, location, numel)`. Layout and checks:
/// `Specs/tensors.md`.
struct StorageTable: Sendable {
    /// One reference to a storage: the same storage may be seen as elements of several types.
    struct Reference: Sendable {
        var storage: Storage
        /// The element type that the class of the reference stands for; nil when it is untyped.
        let dtype: DType?
    }

    /// By the order in which the graph's persistent objects were loaded; nil where one is unknown.
    var references: [Reference?] = []
    /// The keys of storages that are not from the file, or have another one here.
    var keys: [ObjectIdentifier: String] = [:]
    /// The storages that took the place of others with the same record.
    var rewritten: Set<ObjectIdentifier> = []
    /// What is needed to add references, made when the first is added.
    var additions: StorageAdditions?
    /// All storages, while there are additions.
    var known: Set<ObjectIdentifier> = []

    /// A table without references, for pickles that have no storages beside them.
    init() {}

    /// Reads all references of `graph` and finds their records.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` or
    ///   ``CheckpointError/Code/missingRecord``.
    /// - Complexity: O(*n*) in the number of references; no contents are read.
    init(
        _ graph: PickleGraph, roles: [GlobalRole], source: some StorageSource
    ) throws(CheckpointError) {
        var storages: [String: Storage] = [:]
        references.reserveCapacity(graph.persistentLoads.count)
        for load in graph.persistentLoads {
            let offset = graph.offset(of: load)
            do throws(CheckpointError) {
                let identifier = try StorageIdentifier(load, in: graph, roles: roles)
                let storage: Storage
                if let known = storages[identifier.key] {
                    storage = known
                } else {
                    storage = try source.storage(for: identifier)
                    storages[identifier.key] = storage
                }
                try identifier.check(storage)
                references.append(Reference(storage: storage, dtype: identifier.dtype))
            } catch {
                throw error.atOffset(offset)
            }
        }
    }

    /// The storage that a persistent object of the graph stands for, or nil when there is none.
    func reference(_ id: NodeID, in graph: PickleGraph) -> Reference? {
        guard let ordinal = graph.persistentOrdinal(id), ordinal < references.count else {
            return nil
        }
        return references[ordinal]
    }
}
