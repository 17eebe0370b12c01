import Pickle
import Tensors

/// A PyTorch checkpoint: what `torch.save` wrote, opened without Python.
///
/// Opening maps the file and reads its pickle; no tensor is read before its elements are asked for,
/// and nothing that the pickle names is ever called or imported.
///
///     let checkpoint = try Checkpoint(contentsOf: "runs/epoch-12.pth")
///     let epoch = checkpoint["epoch"]?.int
///     let weights = try checkpoint.stateDict("model_state_dict")
///     let bias: [Float] = try weights.tensor("encoder.bias").array()
///
/// The Python counterpart is what `torch.load` returns. The format: `Specs/archive.md` and
/// `Specs/pickle.md`.
public struct Checkpoint: Sendable {
    var contents: CheckpointContents

    /// The object that was saved.
    public var root: CheckpointValue {
        CheckpointValue(contents: contents, id: contents.graph.root)
    }

    /// The objects of the pickle, as they refer to each other.
    public var graph: PickleGraph { contents.graph }

    /// The archive that the checkpoint is in, or nil when it is a pickle without one.
    public var archive: ZipArchive? { contents.source.records?.archive }

    /// What the small records of the archive say of it, or nil when there is no archive.
    public var archiveInfo: ArchiveInfo? { contents.source.archiveInfo }

    /// The format of the file.
    public var format: FileFormat { contents.source.format }

    /// The byte order of the tensors' elements in the file.
    public var byteOrder: ByteOrder { contents.source.byteOrder }

    /// The value under a string key of the saved dictionary, or nil; setting nil removes it.
    ///
    /// A subscript can't throw: what can't be set is reported when the checkpoint is saved. Use
    /// ``set(_:at:)-(CheckpointValue,_)`` to know at once.
    ///
    /// - Complexity: O(*n*) in the number of entries.
    public subscript(key: String) -> CheckpointValue? {
        get { root[key] }
        set { assign(newValue, at: [.string(key)]) }
    }

    /// The value at a place of the saved list or tuple, or nil; setting nil removes it.
    ///
    /// What can't be set is reported when the checkpoint is saved.
    public subscript(index: Int) -> CheckpointValue? {
        get { root[index] }
        set { assign(newValue, at: [.integer(index)]) }
    }

    /// The value at the end of a path, or nil; setting nil removes it.
    ///
    /// What can't be set is reported when the checkpoint is saved.
    public subscript(path: CheckpointPath) -> CheckpointValue? {
        get { path.keys.reduce(Optional(root)) { $0?[$1] } }
        set { assign(newValue, at: path) }
    }
}

extension Checkpoint {
    /// A tensor and where it is.
    public struct TensorEntry: Sendable {
        /// The steps from the root.
        public let path: CheckpointPath
        /// The tensor.
        public let tensor: Tensor
    }

    /// All tensors, in the order in which they are reached, at every path that reaches them.
    ///
    /// Each container is walked once, at its first path. What is below the constructor arguments of
    /// an object whose class is not known is below the step `<args>`.
    ///
    /// - Throws: ``CheckpointError`` with the path of a tensor that makes no sense;
    ///   ``CheckpointError/Code/limitExceeded`` when objects are nested too deep to be listed.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    public func tensors() throws -> [TensorEntry] {
        let resolver = contents.resolver
        return try entries(TensorEntry.init) { (id) throws(CheckpointError) in
            try resolver.tensor(id)
        }
    }

    /// Checks that containers are not nested deeper than ``ValueLimits/depth``.
    ///
    /// Nothing here calls itself, so that a file may be nested as deep as it is long. A function of
    /// yours that calls itself for what is in a container can ask before.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` with the path of what is too deep.
    /// - Complexity: O(*n*) in the number of objects.
    public func checkDepth() throws {
        var traversal = Traversal(root)
        do throws(CheckpointError) {
            while try traversal.next() != nil {}
        } catch {
            throw contents.locating(error, at: traversal.path)
        }
    }

    /// What is found at the places of a checkpoint, with its path.
    func entries<Found, Entry>(
        _ entry: (CheckpointPath, Found) -> Entry,
        finding: (NodeID) throws(CheckpointError) -> Found?
    ) throws -> [Entry] {
        var traversal = Traversal(root)
        var entries: [Entry] = []
        do throws(CheckpointError) {
            while let visit = try traversal.next() {
                guard let found = try finding(visit.value.id) else { continue }
                try entries.append(entry(traversal.takePath(), found))
            }
        } catch {
            throw contents.locating(error, at: traversal.path)
        }
        return entries
    }
}
