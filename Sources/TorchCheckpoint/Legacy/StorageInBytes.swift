import ByteIO
import Pickle
import Tensors

/// A storage that a plain pickle has as the bytes of a whole file:
/// `torch.storage._load_from_bytes(b"…")`.
///
/// Forms: `Specs/tensors.md`, "Storages in plain pickles".
struct StorageInBytes {
    let storage: Storage
    /// The element type that the class of the storage stands for; nil when it is untyped.
    let dtype: DType?

    /// - Parameters:
    ///   - file: The whole file, at hand.
    ///   - key: What tells the storage from others.
    /// - Throws: What opening the file throws; ``CheckpointError/Code/invalidStorage`` when it holds
    ///   something else than a storage.
    init(
        _ file: ByteRegion, key: String, _ options: LoadOptions
    ) throws(CheckpointError) {
        if FileSignature(of: file) == .zip {
            let contents = try CheckpointContents(
                archive: file, filePath: nil, options: options)
            try contents.graph.checkNames(\.isStorageClass)
            let root = contents.graph.root
            guard let found = contents.storages.reference(root, in: contents.graph) else {
                throw Self.isNone()
            }
            self.init(storage: found.storage, dtype: found.dtype)
            return
        }
        let head = try Head(file, options)
        let bytes = try file.slice(at: head.dataOffset, count: head.byteCount)
        let storage = Storage(key: key, device: head.device, region: bytes)
        self.init(storage: storage, dtype: head.dtype)
    }

    /// - Parameters:
    ///   - text: The whole file as the text that `_codecs.encode(text, "latin1")` makes bytes of; it is
    ///     decoded when the storage is read.
    ///   - key: What tells the storage from others.
    /// - Throws: As ``init(_:key:_:)``.
    init(
        latin1 text: ByteRegion, key: String, _ options: LoadOptions
    ) throws(CheckpointError) {
        let start = try LatinText(text).bytes(first: Self.headByteCount)
        guard text.count > Self.headByteCount, let head = try? Head(start, options),
            head.dataOffset.addingCapped(head.byteCount) <= text.count
        else {
            try self.init(LatinText(text).bytes(), key: key, options)
            return
        }
        let (offset, byteCount) = (head.dataOffset, head.byteCount)
        let storage = Storage(
            key: key, device: head.device, byteCount: byteCount, byteOrder: .little
        ) { () throws(CheckpointError) in
            try LatinText(text).bytes().slice(at: offset, count: byteCount)
        }
        self.init(storage: storage, dtype: head.dtype)
    }

    private init(storage: Storage, dtype: DType?) {
        (self.storage, self.dtype) = (storage, dtype)
    }

    // The pickles before the data take a few hundred bytes.
    private static let headByteCount = 4096

    private static func isNone() -> CheckpointError {
        CheckpointError(
            .invalidStorage, "bytes that are to be a storage hold something else",
            advice: "The file is damaged or was not written by torch")
    }

    /// What comes before the bytes of the storage.
    private struct Head {
        let dtype: DType?
        let device: Device
        let dataOffset: Int
        let byteCount: Int

        init(_ region: ByteRegion, _ options: LoadOptions) throws(CheckpointError) {
            let file = try LegacyFile(region, options)
            let graph = file.graph
            try graph.checkNames(\.isStorageClass)
            let roles = graph.globalNames.map(GlobalRole.init)
            guard graph.kind(of: graph.root) == .persistent else { throw isNone() }
            let stated = try StorageIdentifier(graph.root, in: graph, roles: roles, known: .cpu)
            let view = graph.persistentID(graph.root).flatMap {
                graph.item(LegacyIdentifiers.viewPlace, of: $0)
            }
            guard view == nil || view == NodeID.none, file.keys.count == 1,
                file.keys[0] == graph.string(stated.key)
            else { throw isNone() }
            var data = PickleSequence(
                region, at: file.dataOffset, limits: options.pickleLimits)
            let count = try Int(checked: data.readInteger(Int64.self))
            dtype = stated.dtype
            device = stated.device
            byteCount = stated.byteCount
            dataOffset = data.position
            guard try count.multipliedChecked(by: dtype?.itemSize ?? 1) == byteCount else {
                throw CheckpointError(
                    .invalidStorage,
                    "a storage has \(count) elements, but its pickle says \(byteCount) bytes",
                    advice: "The file is damaged or was not written by torch")
            }
        }
    }
}

/// Text of the characters U+0000 to U+00FF, as the bytes that they stand for.
private struct LatinText {
    let utf8: ByteRegion

    init(_ utf8: ByteRegion) { self.utf8 = utf8 }

    /// The first bytes, or all.
    func bytes(first count: Int = .max) throws(CheckpointError) -> ByteRegion {
        guard let bytes = utf8.bytes.latin1FromUTF8(first: count) else {
            throw CheckpointError(
                .invalidStorage, "text that is to be bytes has characters beyond U+00FF",
                advice: "The file is damaged or was not written by Python")
        }
        return try ByteRegion(copying: bytes)
    }
}
