import ByteIO
import OrderedCollections
import Pickle

extension Checkpoint {
    /// The state dict that was saved by itself: `torch.save(model.state_dict(), path)`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` that lists the keys that would work when the
    ///   checkpoint holds more than a state dict.
    public func stateDict() throws -> StateDict { try stateDict(at: []) }

    /// The state dict under a key, such as `model_state_dict`.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` or ``CheckpointError/Code/typeMismatch`` that
    ///   lists the keys that would work.
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    public func stateDict(_ key: String) throws -> StateDict { try stateDict(at: [.string(key)]) }

    /// The state dict some steps in: `checkpoint.stateDict("models", 0, "encoder")`.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` or ``CheckpointError/Code/typeMismatch`` that
    ///   lists the keys that would work.
    public func stateDict(_ keys: CheckpointKey...) throws -> StateDict {
        try stateDict(at: CheckpointPath(keys))
    }

    /// The state dict at the end of a path.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` or ``CheckpointError/Code/typeMismatch`` that
    ///   lists the keys that would work.
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    public func stateDict(at path: CheckpointPath) throws -> StateDict {
        guard let value = self[path] else {
            throw CheckpointError(
                .keyNotFound, "there is nothing at \(path)", advice: stateDictAdvice()
            ).inRecord("data.pkl")
        }
        guard value.isStateDict else {
            let place = path.keys.isEmpty ? "the root" : "\(path)"
            throw CheckpointError(
                .typeMismatch, "\(place) is a \(value.typeName), not a state dict",
                offset: graph.offset(of: value.id), advice: stateDictAdvice()
            ).inRecord("data.pkl")
        }
        do throws(CheckpointError) {
            return try StateDict(value)
        } catch {
            throw error.inRecord("data.pkl").atKeyPath(path.description)
        }
    }

    /// The paths of all state dicts in the checkpoint, in file order.
    ///
    /// A state dict is a dictionary with string keys and at least one tensor, whose other values,
    /// if any, belong to `_extra_state` keys.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when objects are nested too deep.
    public func stateDictPaths() throws -> [CheckpointPath] {
        var traversal = Traversal(root)
        var paths: [CheckpointPath] = []
        while let visit = try traversal.next() {
            if !visit.isRepeated, visit.value.isStateDict { paths.append(traversal.path) }
        }
        return paths
    }

    private func stateDictAdvice() -> String {
        let paths = ((try? stateDictPaths()) ?? []).filter {
            !$0.keys.contains(CheckpointPath.argumentsKey)
        }
        guard !paths.isEmpty else { return "The checkpoint holds no state dict" }
        let list = paths.prefix(8).map { $0.keys.isEmpty ? "the root itself" : "\($0)" }
        return "There are state dicts at \(list.joined(separator: ", "))"
            + (paths.count > 8 ? " and \(paths.count - 8) more places" : "")
    }
}

extension CheckpointValue {
    /// Whether this is a dictionary of tensors by name.
    var isStateDict: Bool {
        guard kind == .dictionary, let entries = entryIDs else { return false }
        var hasTensor = false
        for index in stride(from: 0, to: entries.count - 1, by: 2) {
            guard let kind = contents.stateDictEntryKind(entries[index], entries[index + 1]) else {
                return false
            }
            hasTensor = hasTensor || kind == .tensor
        }
        return hasTensor
    }
}

extension CheckpointContents {
    enum StateDictEntryKind { case tensor, extra }

    /// What an entry is in a state dict, or nil when it does not belong into one.
    func stateDictEntryKind(_ key: NodeID, _ value: NodeID) -> StateDictEntryKind? {
        let keyKind = graph.kind(of: key)
        guard keyKind == .text || keyKind == .byteString else { return nil }
        if case .rebuildTensor = role(ofObject: value) {
            return resolver.isTensor(value) ? .tensor : nil
        }
        return graph.withBytes(of: key) { $0.hasSuffix("_extra_state") } ? .extra : nil
    }
}

extension RawSpan {
    fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
        let count = suffix.utf8CodeUnitCount
        return byteCount >= count && extracting(last: count).elementsEqual(suffix)
    }
}

extension StateDict {
    /// Reads a dictionary that is known to be a state dict.
    fileprivate init(_ value: CheckpointValue) throws(CheckpointError) {
        let contents = value.contents
        let resolver = contents.resolver
        let entries = value.entryIDs ?? []
        tensors = [:]
        extras = [:]
        tensors.reserveCapacity(entries.count / 2)
        for index in stride(from: 0, to: entries.count - 1, by: 2) {
            let name = contents.key(entries[index]).description
            if let tensor = try resolver.tensor(entries[index + 1]) {
                tensors[name] = tensor
            } else {
                extras[name] = value.value(entries[index + 1])
            }
        }
        metadata = value.fields["_metadata"]
    }
}
