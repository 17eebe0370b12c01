import ByteIO
import Pickle
import Tensors

/// What was read from a file: the graph and what is needed to make sense of it.
///
/// Immutable, and shared by the checkpoint, its values and its tensors.
final class CheckpointContents: Sendable {
    let format: FileFormat
    let graph: PickleGraph
    /// What each of the graph's global names means.
    let roles: [GlobalRole]
    let byteOrder: ByteOrder
    let records: RecordArchive?
    let archiveInfo: ArchiveInfo?
    private let storages: StorageTable

    init(
        format: FileFormat, graph: PickleGraph, byteOrder: ByteOrder, records: RecordArchive?,
        options: LoadOptions
    ) throws(CheckpointError) {
        try options.globals.check(graph.globalNames)
        self.format = format
        self.graph = graph
        self.byteOrder = byteOrder
        self.records = records
        archiveInfo = if let records { try ArchiveInfo(records) } else { nil }
        roles = graph.globalNames.map(GlobalRole.init)
        guard let records else {
            storages = StorageTable()
            return
        }
        storages = try StorageTable(
            graph, roles: roles,
            source: ArchiveStorageSource(records: records, byteOrder: byteOrder),
            mapLocation: options.mapLocation)
    }

    var resolver: TensorResolver {
        TensorResolver(graph: graph, roles: roles, storages: storages)
    }

    func storage(_ id: NodeID) -> Storage? { storages.reference(id, in: graph)?.storage }

    /// What a class or function means; `other` when `id` is none.
    func role(ofGlobal id: NodeID) -> GlobalRole {
        graph.globalIndex(id).map { roles[$0] } ?? .other
    }

    /// What the class or function means that would make an object; `other` when `id` is no object.
    func role(ofObject id: NodeID) -> GlobalRole {
        graph.call(id).map { role(ofGlobal: $0.callable) } ?? .other
    }

    /// Whether `id` is an object of a class that means nothing to this library.
    func isOpaque(_ id: NodeID) -> Bool {
        guard graph.kind(of: id) == .object else { return false }
        return CheckpointValue(contents: self, id: id).kind == .object
    }

    /// An argument of the call that would make an object, or nil when there is none.
    func argument(_ place: Int, of id: NodeID) -> NodeID? {
        guard let call = graph.call(id), let arguments = graph.items(call.arguments),
            place < arguments.count
        else { return nil }
        return arguments[arguments.startIndex + place]
    }

    /// A dictionary's key as a step of a path.
    func key(_ id: NodeID) -> CheckpointKey {
        if let string = graph.string(id) { return .string(string) }
        if let integer = graph.integer(id) { return .integer(integer) }
        return .other(CheckpointValue(contents: self, id: id).keyRepr)
    }
}
