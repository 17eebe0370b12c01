import ByteIO
import Pickle
import Tensors

/// What was read from a file, and what was changed since: the graph and what is needed to make sense
/// of it.
///
/// Shared by checkpoints, their values and their tensors. A checkpoint changes it only while nobody
/// else has it (``Checkpoint/edit(_:)``), so for everybody it is immutable, which makes it
/// `Sendable`.
final class CheckpointContents: @unchecked Sendable {
    let source: CheckpointSource
    var graph: PickleGraph
    /// What each of the graph's global names means.
    private(set) var roles: [GlobalRole]
    var storages: StorageTable
    /// What going through the values may cost.
    let limits: ValueLimits
    let latinTexts = LatinTexts()
    /// What the archive has beside the object, from another pickle.
    var constants: CheckpointContents?
    /// What wrote the file and its version, where the file says so.
    var producer: String?
    /// Whether something is no longer as it is in the file.
    var isEdited = false
    /// The first edit that a subscript could not do.
    var failedEdit: CheckpointError?

    /// What was read from a file.
    init(
        _ source: CheckpointSource, graph: PickleGraph, options: LoadOptions
    ) throws(CheckpointError) {
        try options.globals.check(graph)
        self.source = source
        self.graph = graph
        limits = options.valueLimits
        self.graph.encoding = options.encoding
        roles = graph.globalNames.map(GlobalRole.init)
        try graph.checkArguments(
            ofNames: roles.map(\.hasReadArguments), tensors: roles.map(\.tensorCount))
        guard let records = source.records else {
            storages = StorageTable()
            return
        }
        storages = try StorageTable(
            graph, roles: roles,
            source: ArchiveStorageSource(
                records: records, folder: source.part.folder, byteOrder: source.byteOrder))
        try map(options.mapLocation)
    }

    /// What a reader makes of records that are no pickle, by adding values to an empty graph.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - addRoot: Adds everything, and gives the object that is the root.
    convenience init(
        _ source: CheckpointSource, options: LoadOptions,
        addRoot: (CheckpointContents) throws(CheckpointError) -> NodeID
    ) throws(CheckpointError) {
        self.init(source, PickleGraph(), options.valueLimits)
        graph.root = try addRoot(self)
        updateRoles()
        try options.globals.check(graph)
        try map(options.mapLocation)
    }

    private init(_ source: CheckpointSource, _ graph: PickleGraph, _ limits: ValueLimits) {
        self.source = source
        self.limits = limits
        self.graph = graph
        roles = graph.globalNames.map(GlobalRole.init)
        storages = StorageTable()
    }

    /// Something made in Swift.
    init(_ graph: PickleGraph = PickleGraph()) {
        source = CheckpointSource()
        limits = .default
        self.graph = graph
        roles = graph.globalNames.map(GlobalRole.init)
        storages = StorageTable()
        isEdited = true
    }

    /// A copy that changes by itself.
    init(copying other: CheckpointContents) {
        source = other.source
        limits = other.limits
        graph = other.graph
        roles = other.roles
        storages = other.storages
        (constants, producer) = (other.constants, other.producer)
        isEdited = other.isEdited
        failedEdit = other.failedEdit
    }

    /// Looks up what names mean that were added to the graph.
    func updateRoles() {
        roles += graph.globalNames[roles.count...].map(GlobalRole.init)
    }

    /// What to do about an error of the lower layers, which know only that bytes are not as expected.
    static let adviceOnDamage =
        "The file is damaged or was not written by torch.save; fetch it again, or save it again"

    /// The error with what is known of its place: file, record, and the path in the object graph.
    func locating(_ error: CheckpointError, at path: CheckpointPath?) -> CheckpointError {
        var error = error.inFile(source.filePath).advising(Self.adviceOnDamage)
        if source.records != nil { error = error.inRecord(source.part.pickle) }
        if source.format == .tar { error = error.inRecord("pickle") }
        if let legacy = source.legacy { error = error.movingOffset(by: legacy.objectOffset) }
        guard let path, !path.keys.isEmpty else { return error }
        return error.atKeyPath(path.excerpt)
    }

    var resolver: TensorResolver { TensorResolver(self) }

    /// What kind of tensor an object is, or nil when it is none.
    func tensorKind(_ id: NodeID) -> TensorKind? {
        if let call = RebuildCall.data(of: id, in: graph, roles: roles)?.data {
            return call.rebuilder.kind
        }
        return TensorForm(id, in: graph, roles: roles)?.kind
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
