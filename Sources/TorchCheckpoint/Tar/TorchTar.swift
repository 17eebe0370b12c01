import ByteIO
import Pickle
import Tensors

/// The storages and tensors in a tar archive of torch 0.1, by the numbers that the pickle has for
/// them.
///
/// Layout: `Specs/archive.md`, "Tar".
struct TorchTar {
    /// A storage and the element type that its class stands for.
    struct TypedStorage {
        let storage: Storage
        let dtype: DType?
    }

    /// The pickle of the object.
    let pickle: ByteRegion
    private(set) var storages: [Int: TypedStorage] = [:]
    var tensors: [Int: Tensor] = [:]
    private let options: LoadOptions

    /// - Throws: ``CheckpointError/Code/unsupportedFormat`` when the archive is none of torch;
    ///   ``CheckpointError/Code/invalidStorage``, ``CheckpointError/Code/invalidTensor``,
    ///   ``CheckpointError/Code/forbiddenGlobal``; what parsing throws.
    init(_ archive: TarArchive, _ options: LoadOptions) throws(CheckpointError) {
        self.options = options
        pickle = try archive.requireContents(of: "pickle")
        let (storages, tensors) = try (
            archive.requireContents(of: "storages"), archive.requireContents(of: "tensors")
        )
        try Self.inMember("storages") { () throws(CheckpointError) in
            var table = PickleSequence(storages, limits: options.pickleLimits)
            try readStorages(&table)
        }
        try Self.inMember("tensors") { () throws(CheckpointError) in
            var table = PickleSequence(tensors, limits: options.pickleLimits)
            try readTensors(&table)
        }
    }

    private static func inMember(
        _ name: String, _ body: () throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            try body()
        } catch {
            throw error.inRecord(name)
        }
    }

    // Entries are a few texts and numbers.
    private static let usualByteCount = 1024

    func next(_ table: inout PickleSequence) throws(CheckpointError) -> PickleGraph {
        let graph = try table.next(expecting: Self.usualByteCount)
        try graph.checkNames { $0.isStorageClass || $0.isTensorClass }
        try options.globals.check(graph)
        return graph
    }

    func readCount(_ table: inout PickleSequence) throws(CheckpointError) -> Int {
        let start = table.position
        let graph = try next(&table)
        guard let count = graph.integer(graph.root), count >= 0 else {
            throw Self.invalid("the table does not begin with the number of its entries", start)
        }
        return count
    }

    static func invalid(_ what: String, _ offset: Int) -> CheckpointError {
        CheckpointError(
            .invalidStorage, what, offset: offset,
            advice: "The file is damaged or was not written by torch 0.1")
    }
}

// The table of storages: their number; of each a pickle (key, device, class), the number of its
// elements and these; then a list of those that are parts of others.
extension TorchTar {
    private mutating func readStorages(_ table: inout PickleSequence) throws(CheckpointError) {
        var rest = try readCount(&table)
        while rest > 0 {
            rest -= 1
            let start = table.position
            let graph = try next(&table)
            guard let (key, location, name) = graph.triple(graph.root),
                let number = graph.integer(key), graph.isStorageText(location),
                let name = graph.global(name), case .storage(let dtype) = GlobalRole(name)
            else { throw Self.invalid("an entry is not (key, location, class)", start) }
            let bytes = try table.readStorage(itemSize: dtype?.itemSize ?? 1)
            let device = Device(rawValue: graph.string(location) ?? "")
            let storage = Storage(key: "\(number)", device: device, region: bytes)
            try add(TypedStorage(storage: storage, dtype: dtype), number, start)
        }
        try readViews(&table)
    }

    private mutating func add(
        _ storage: TypedStorage, _ number: Int, _ offset: Int
    ) throws(CheckpointError) {
        guard storages.updateValue(storage, forKey: number) == nil else {
            throw Self.invalid("storage \(number) is there twice", offset)
        }
    }

    private mutating func readViews(_ table: inout PickleSequence) throws(CheckpointError) {
        let start = table.position
        let graph = try next(&table)
        guard let views = graph.items(graph.root) else {
            throw Self.invalid("there is no list of the storages that are parts of others", start)
        }
        for view in views {
            let items = graph.items(view)?.map { graph.integer($0) } ?? []
            guard items.count == 4, let key = items[0], let root = items[1],
                let offset = items[2], let count = items[3], offset >= 0, count >= 0
            else { throw Self.invalid("a part is not (key, whole, offset, numel)", start) }
            guard let whole = storages[root] else {
                throw Self.invalid("storage \(key) is a part of \(root), which is not there", start)
            }
            let size = whole.dtype?.itemSize ?? 1
            let (from, length) = try (
                offset.multipliedChecked(by: size), count.multipliedChecked(by: size)
            )
            let all = whole.storage.byteCount
            guard from <= all, length <= all - from else {
                throw Self.invalid("storage \(key) reaches beyond the end of \(root)", start)
            }
            let part = try Storage(
                key: "\(key)", device: whole.storage.device,
                region: whole.storage.region().slice(at: from, count: length))
            try add(TypedStorage(storage: part, dtype: whole.dtype), key, start)
        }
    }
}

extension TarArchive {
    fileprivate func requireContents(of name: String) throws(CheckpointError) -> ByteRegion {
        if let contents = contents(of: name) { return contents }
        let list = names.prefix(3).joined(separator: ", ")
        throw CheckpointError(
            .unsupportedFormat,
            "is a tar archive, but not one of torch 0.1: it has no member '\(name)', but "
                + (names.isEmpty ? "none" : "\(list)\(names.count > 3 ? ", …" : "")"),
            advice: "Unpack it, or name a file that torch.save has written")
    }
}

extension PickleGraph {
    /// The items of a tuple of three.
    func triple(_ id: NodeID) -> (NodeID, NodeID, NodeID)? {
        guard kind(of: id) == .tuple, itemCount(of: id) == 3, let first = item(0, of: id),
            let second = item(1, of: id), let third = item(2, of: id)
        else { return nil }
        return (first, second, third)
    }
}
