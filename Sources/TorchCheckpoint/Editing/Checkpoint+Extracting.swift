import ByteIO
import OrderedCollections
import Pickle

extension Checkpoint {
    /// A checkpoint of what is at a path, as if only that had been saved.
    ///
    /// It keeps the layout of this one's file, without the storages that are no longer referred to.
    /// What is inside a program (TorchScript, `torch.export`) makes a checkpoint of `torch.save`; a
    /// module of TorchScript becomes its state dict.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when there is nothing at `path`.
    public func extracting(at path: CheckpointPath) throws -> Checkpoint {
        let value = try value(at: path)
        if !path.keys.isEmpty, contents.source.archiveKind.holdsProgram {
            return try extractingFromProgram(value, at: path)
        }
        let id = value.id
        var result = self
        if !path.keys.isEmpty { result.edit { $0.graph.root = id } }
        return result
    }

    /// Removes the entries of dictionaries, at any depth, for which a predicate holds.
    ///
    /// - Parameter isRemoved: Gets the path of each entry; of a dictionary that is in several places,
    ///   the first.
    /// - Returns: The number of entries that were removed.
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when objects are nested too deep; what the
    ///   predicate throws.
    /// - Complexity: O(*n*) in the number of objects.
    @discardableResult
    public mutating func removeAll(
        where isRemoved: (CheckpointPath) throws -> Bool
    ) throws -> Int {
        var count = 0
        var changes: [(id: NodeID, entries: [NodeID])] = []
        var traversal = Traversal(root)
        while let visit = try traversal.next() {
            guard !visit.isRepeated, visit.value.isContainer else { continue }
            let path = traversal.path
            var removed: Set<CheckpointKey> = []
            for (id, entries) in visit.value.dictionaries {
                let kept = try contents.filter(entries) {
                    let key = contents.key($0)
                    guard try isRemoved(path.appending(key)) else { return true }
                    removed.insert(key)
                    return false
                }
                guard kept.count < entries.count else { continue }
                count += (entries.count - kept.count) / 2
                changes.append((id, kept))
            }
            // What is removed here may be in another place, where it stays whole.
            traversal.leaveOut { removed.contains($0) }
        }
        replaceEntries(changes)
        return count
    }

    /// Gives the string keys of dictionaries, at any depth, other names.
    ///
    /// In the `_metadata` of state dicts, modules are renamed whose tensors would be: `conv` if `conv.`
    /// fits. Where two would have one name, the renamed one stays, as in torch's
    /// `consume_prefix_in_state_dict_if_present`.
    ///
    /// - Parameter newName: Gives the new name for a name, or nil to keep it.
    /// - Returns: The number of entries that were renamed.
    /// - Throws: ``CheckpointError/Code/duplicateName`` when two entries of a dictionary would have
    ///   the same key; ``CheckpointError/Code/limitExceeded`` when objects are nested too deep; what
    ///   `newName` throws.
    /// - Complexity: O(*n*) in the number of objects.
    @discardableResult
    public mutating func renameKeys(_ newName: (String) throws -> String?) throws -> Int {
        var renamed = self
        var count = 0
        var traversal = Traversal(root)
        while let visit = try traversal.next() {
            guard !visit.isRepeated, visit.value.isContainer else { continue }
            let path = traversal.path
            for (id, entries) in visit.value.dictionaries {
                count += try renamed.renameKeys(of: id, entries, at: path, newName)
            }
            if visit.value.kind == .dictionary, let metadata = visit.value.fields["_metadata"] {
                try renamed.renameModules(of: metadata, newName)
            }
        }
        if count > 0 { self = renamed }
        return count
    }

    private mutating func renameKeys(
        of id: NodeID, _ entries: [NodeID], at path: CheckpointPath,
        _ newName: (String) throws -> String?
    ) throws -> Int {
        var entries = entries
        var count = 0
        for place in stride(from: 0, to: entries.count - 1, by: 2) {
            guard let name = contents.graph.string(entries[place]), let new = try newName(name),
                !new.utf8.elementsEqual(name.utf8)
            else { continue }
            try edit { (contents) throws(CheckpointError) in
                entries[place] = try contents.graph.addText(new)
            }
            count += 1
        }
        guard count > 0 else { return 0 }
        try checkKeysDiffer(entries, at: path)
        replaceEntries([(id, entries)])
        return count
    }

    private mutating func renameModules(
        of metadata: CheckpointValue, _ newName: (String) throws -> String?
    ) throws {
        guard let old = metadata.entryIDs else { return }
        var modules: OrderedDictionary<CheckpointKey, (key: NodeID, value: NodeID)> = [:]
        for entry in old.entryPairs {
            var key = entry.key
            if let name = contents.graph.string(key), let new = try Self.module(name, newName) {
                try edit { (contents) throws(CheckpointError) in
                    key = try contents.graph.addText(new)
                }
            }
            modules[contents.key(key)] = (key, entry.value)
        }
        replaceEntries([(metadata.id, modules.values.flatMap { [$0.key, $0.value] })])
    }

    /// The new name of a module, by the names that its tensors would have.
    private static func module(
        _ name: String, _ newName: (String) throws -> String?
    ) rethrows -> String? {
        // A name that no tensor has: where it stays the last part, what is before it is the module.
        let probe = "\0"
        guard let new = try newName((name.isEmpty ? "" : name + ".") + probe),
            new.hasSuffix(probe)
        else { return nil }
        let prefix = new.dropLast()
        return String(prefix.hasSuffix(".") ? prefix.dropLast() : prefix)
    }

    private func checkKeysDiffer(_ entries: [NodeID], at path: CheckpointPath) throws {
        var names: Set<CheckpointKey> = []
        for entry in entries.entryPairs {
            guard let name = contents.graph.string(entry.key),
                !names.insert(.string(name)).inserted
            else { continue }
            let error = CheckpointError(
                .duplicateName, "two entries would have the key \(PythonRepr.quote(name))",
                advice: "Rename or drop one of them first")
            throw contents.locating(error, at: path)
        }
    }

    private mutating func replaceEntries(_ changes: [(id: NodeID, entries: [NodeID])]) {
        guard !changes.isEmpty else { return }
        edit { contents in
            for change in changes { contents.replaceEntries(of: change.id, by: change.entries) }
        }
    }
}

extension CheckpointValue {
    /// The dictionaries that have entries with paths below this value: itself, or the fields of an
    /// object, each with its keys and values in turn.
    fileprivate var dictionaries: [(id: NodeID, entries: [NodeID])] {
        let own = (entryIDs ?? []).isEmpty ? [] : [(id, entryIDs ?? [])]
        guard kind == .object else { return kind == .dictionary ? own : [] }
        return own + fieldDictionaries.map { ($0, graph.entries($0) ?? []) }
    }
}

extension CheckpointContents {
    /// The keys and values in turn whose key fulfils a condition.
    fileprivate func filter(
        _ entries: [NodeID], _ isKept: (NodeID) throws -> Bool
    ) rethrows -> [NodeID] {
        try entries.entryPairs.flatMap { try isKept($0.key) ? [$0.key, $0.value] : [] }
    }
}
