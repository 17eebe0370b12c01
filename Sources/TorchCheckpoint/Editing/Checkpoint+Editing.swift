import ByteIO
import Pickle

// Values can be set, inserted, removed and renamed at any depth. A checkpoint is a value: changing
// one never changes a copy of it. Inside one checkpoint Python's identity rules: a dictionary that is
// in two places is one dictionary, and both places see its change.
extension Checkpoint {
    /// Creates a checkpoint of a value that was made in Swift, or is in another checkpoint.
    ///
    /// - Throws: as ``set(_:at:)-(CheckpointValue,_)``.
    public init(_ value: CheckpointValue) throws {
        contents = CheckpointContents()
        contents.graph.root = try contents.add(value)
    }

    /// Creates a checkpoint of a state dict, as `torch.save(model.state_dict(), path)` does.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(StateDict)``.
    /// - Complexity: O(*n*) in the number of tensors.
    public init(_ stateDict: StateDict) throws {
        // Made for this alone, so it need not be copied.
        let value = try CheckpointValue(stateDict)
        contents = value.contents
        contents.graph.root = value.id
    }

    /// Sets the value at a path: the entry of a dictionary, which is added when it is not there, the
    /// element of a list or tuple, the field of an object.
    ///
    /// A tuple can't be changed in Python, so it is replaced by a new one where the path leads, and
    /// stays as it is in other places. An empty path replaces the root.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when the path leads nowhere before its last
    ///   step, or the last is no place in a list or tuple; ``CheckpointError/Code/typeMismatch``
    ///   when what it leads to holds no values by key; ``CheckpointError/Code/invalidStorage`` when
    ///   the value refers to something outside its pickle that is no storage.
    /// - Complexity: O(*n*) in the number of entries of the dictionary, so make a large one by
    ///   ``CheckpointValue/dictionary(_:)``, and in the size of a value of another checkpoint;
    ///   O(size of the object graph) when a copy of the checkpoint, or a value of it, is in use.
    public mutating func set(_ value: CheckpointValue, at path: CheckpointPath) throws {
        try edit(.set(newValue(value)), at: path)
    }

    /// Adds a value that is not there: to a list or tuple before the element at the last step, to a
    /// dictionary at its end.
    ///
    /// - Throws: as ``set(_:at:)-(CheckpointValue,_)``; ``CheckpointError/Code/duplicateName`` when
    ///   the key is there.
    /// - Complexity: as ``set(_:at:)-(CheckpointValue,_)``.
    public mutating func insert(_ value: CheckpointValue, at path: CheckpointPath) throws {
        try edit(.insert(newValue(value)), at: path)
    }

    /// Adds a value to the end of the list or tuple at a path.
    ///
    /// - Throws: as ``set(_:at:)-(CheckpointValue,_)``.
    /// - Complexity: as ``set(_:at:)-(CheckpointValue,_)``.
    public mutating func append(_ value: CheckpointValue, to path: CheckpointPath) throws {
        let end = try elementCount(at: path)
        try edit(.insert(newValue(value)), at: path.appending(.integer(end)))
    }

    private func elementCount(at path: CheckpointPath) throws -> Int {
        let list = try value(at: path)
        guard list.kind == .list || list.kind == .tuple, let count = list.itemIDs?.count else {
            throw list.unchangeable("appended to", at: path)
        }
        return count
    }

    /// Removes the value at a path.
    ///
    /// - Returns: The value as it was.
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when there is none;
    ///   ``CheckpointError/Code/typeMismatch`` when it can't be taken out of what holds it.
    /// - Complexity: as ``set(_:at:)-(CheckpointValue,_)``; use ``removeAll(where:)`` for many.
    @discardableResult
    public mutating func remove(at path: CheckpointPath) throws -> CheckpointValue {
        // Taken of the contents afterwards, which need not be copied when nobody keeps it.
        let id = try value(at: path).id
        try edit(.remove, at: path)
        return CheckpointValue(contents: contents, id: id)
    }

    /// Gives the entry at a path another key; it keeps its place in the dictionary.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when there is none;
    ///   ``CheckpointError/Code/duplicateName`` when there is an entry with the new key.
    /// - Complexity: as ``set(_:at:)-(CheckpointValue,_)``; use ``renameKeys(_:)`` for many.
    public mutating func renameKey(at path: CheckpointPath, to key: CheckpointKey) throws {
        _ = try value(at: path)
        guard path.keys.last != key else { return }
        try edit(.rename(to: key), at: path)
    }

    /// A value of this checkpoint is the same object in it; one of another is copied.
    private func newValue(_ value: CheckpointValue) -> Change.NewValue {
        value.contents === contents ? .own(value.id) : .foreign(value)
    }

    private mutating func edit(
        _ change: Change, at path: CheckpointPath
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            try edit { (contents) throws(CheckpointError) in try contents.change(change, at: path) }
        } catch {
            throw contents.locating(error, at: path)
        }
    }

    /// Changes the contents, after copying them when a copy of this checkpoint, or a value of it, is
    /// in use elsewhere.
    mutating func edit<Failure: Error>(
        _ change: (CheckpointContents) throws(Failure) -> Void
    ) throws(Failure) {
        if !isKnownUniquelyReferenced(&contents) {
            contents = CheckpointContents(copying: contents)
        }
        try change(contents)
        contents.isEdited = true
    }

    /// Calls `body`; its errors say which file they are about.
    func locatingErrors<Result>(
        _ body: () throws(CheckpointError) -> Result
    ) throws(CheckpointError) -> Result {
        do throws(CheckpointError) {
            return try body()
        } catch {
            throw contents.locating(error, at: nil)
        }
    }

    /// What subscripts do, which can't throw: an edit that can't be done is reported when the
    /// checkpoint is saved.
    mutating func assign(_ value: CheckpointValue?, at path: CheckpointPath) {
        do throws(CheckpointError) {
            if let value {
                try edit(.set(newValue(value)), at: path)
            } else if self[path] != nil {
                try edit(.remove, at: path)
            }
        } catch {
            edit { $0.failedEdit = $0.failedEdit ?? error }
        }
    }
}
