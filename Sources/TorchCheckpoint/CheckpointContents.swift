import ByteIO
import Pickle
import Tensors

/// What was read from a file: the graph and what is needed to make sense of it.
///
/// Immutable, and shared by the checkpoint, its values and its tensors.
final class CheckpointContents: Sendable {
    let format: FileFormat
    /// The file, for errors; nil when the checkpoint was opened from memory.
    let filePath: String?
    let graph: PickleGraph
    /// What each of the graph's global names means.
    let roles: [GlobalRole]
    let byteOrder: ByteOrder
    let records: RecordArchive?
    let archiveInfo: ArchiveInfo?
    private let storages: StorageTable

    init(
        format: FileFormat, filePath: String?, graph: PickleGraph, byteOrder: ByteOrder,
        records: RecordArchive?, options: LoadOptions
    ) throws(CheckpointError) {
        try options.globals.check(graph)
        self.format = format
        self.filePath = filePath
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

    /// What to do about an error of the lower layers, which know only that bytes are not as expected.
    static let adviceOnDamage =
        "The file is damaged or was not written by torch.save; fetch it again, or save it again"

    /// The error with what is known of its place: file, record, and the path in the object graph.
    func locating(_ error: CheckpointError, at path: CheckpointPath?) -> CheckpointError {
        var error = error.inFile(filePath).advising(Self.adviceOnDamage)
        if records != nil { error = error.inRecord("data.pkl") }
        guard let path, !path.keys.isEmpty else { return error }
        return error.atKeyPath(path.description)
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
