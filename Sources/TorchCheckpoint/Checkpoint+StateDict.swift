import ByteIO
import Pickle

extension Checkpoint {
    /// The state dict that was saved by itself: `torch.save(model.state_dict(), path)`.
    ///
    /// - Throws: as ``stateDict(at:)``.
    public func stateDict() throws -> StateDict { try stateDict(at: []) }

    /// The state dict under a key, such as `model_state_dict`.
    ///
    /// - Throws: as ``stateDict(at:)``.
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    public func stateDict(_ key: String) throws -> StateDict { try stateDict(at: [.string(key)]) }

    /// The state dict some steps in: `checkpoint.stateDict("models", 0, "encoder")`.
    ///
    /// - Throws: as ``stateDict(at:)``.
    public func stateDict(_ keys: CheckpointKey...) throws -> StateDict {
        try stateDict(at: CheckpointPath(keys))
    }

    /// The state dict at the end of a path.
    ///
    /// Any dictionary with string keys will do that has a tensor, or is empty, and has no state dict
    /// inside; what is no tensor is in ``StateDict/extras``, and so are sparse and nested ones. So
    /// will a whole module, of any class, which gives what its `state_dict()` does:
    /// ``CheckpointValue/moduleStateDict()``.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` or ``CheckpointError/Code/typeMismatch`` that
    ///   lists the paths that would work.
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    public func stateDict(at path: CheckpointPath) throws -> StateDict {
        guard let value = self[path] else {
            let error = CheckpointError(
                .keyNotFound, "there is nothing at \(path)", advice: stateDictAdvice())
            throw contents.locating(error, at: nil)
        }
        if let stateDict = try torchScriptStateDict(of: value, at: path) { return stateDict }
        if value.isModule { return try value.moduleStateDict() }
        guard let stateDict = try StateDict(value, at: path) else {
            let place = path.keys.isEmpty ? "the root" : "\(path)"
            let error = CheckpointError(
                .typeMismatch, "\(place) is a \(value.typeName), not a state dict",
                offset: graph.offset(of: value.id), advice: stateDictAdvice())
            throw contents.locating(error, at: nil)
        }
        return stateDict
    }

    /// The paths of what looks like a state dict, and of whole modules, in file order.
    ///
    /// That is a dictionary with string keys and at least one tensor, whose other values, if any,
    /// belong to `_extra_state` keys. What is inside a module is not listed.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when objects are nested too deep.
    public func stateDictPaths() throws -> [CheckpointPath] {
        var traversal = Traversal(root, enters: \.isContainer)
        var paths: [CheckpointPath] = []
        while let visit = try traversal.next() {
            guard !visit.isRepeated else { continue }
            if visit.value.isModule {
                traversal.leaveOut { _ in true }
                paths.append(traversal.path)
            } else if visit.value.isStateDict {
                paths.append(traversal.path)
            }
        }
        return paths
    }

    /// Where there are state dicts, for those who looked in another place.
    func stateDictAdvice() -> String {
        let paths = ((try? stateDictPaths()) ?? []).filter {
            !$0.keys.contains(CheckpointPath.argumentsKey)
        }
        guard !paths.isEmpty else { return "The checkpoint holds no state dict" }
        if paths.count == 1, let path = paths.first, !path.keys.isEmpty {
            return "There is a state dict at \(path): stateDict(\(path.swiftArguments))"
        }
        // The states of an optimizer's parameters look the same, and are meant least often.
        let named = paths.filter { !$0.hasPlaces } + paths.filter(\.hasPlaces)
        let list = named.prefix(8).map { $0.keys.isEmpty ? "the root itself" : "\($0)" }
        return "There are state dicts at \(list.joined(separator: ", "))"
            + (paths.count > 8 ? " and \(paths.count - 8) more places" : "")
    }
}

extension CheckpointValue {
    /// Whether this is a dictionary of tensors by name.
    var isStateDict: Bool {
        guard kind == .dictionary, let entries = entryIDs else { return false }
        var hasTensor = false
        for entry in entries.entryPairs {
            guard graph.kind(of: entry.key).isText else { return false }
            let isTensor = value(entry.value).isAnyTensor
            let isExtra = graph.withBytes(of: entry.key) { $0.hasSuffix("_extra_state") }
            guard isTensor || isExtra else { return false }
            hasTensor = hasTensor || isTensor
        }
        return hasTensor
    }
}

extension PickleKind {
    fileprivate var isText: Bool { self == .text || self == .byteString }
}

extension RawSpan {
    fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
        let count = suffix.utf8CodeUnitCount
        return byteCount >= count && extracting(last: count).elementsEqual(suffix)
    }
}

extension StateDict {
    /// Reads a dictionary of tensors; nil when `value` is none.
    init?(
        _ value: CheckpointValue, at path: CheckpointPath
    ) throws(CheckpointError) {
        guard value.kind == .dictionary, let entries = value.entryIDs else { return nil }
        let contents = value.contents
        let (graph, resolver) = (contents.graph, contents.resolver)
        tensors = [:]
        extras = [:]
        tensors.reserveCapacity(entries.count / 2)
        for entry in entries.entryPairs {
            // A name with lone surrogates is no Swift string, and no other will do in its place.
            guard let name = graph.string(entry.key) else { return nil }
            do throws(CheckpointError) {
                if let tensor = try resolver.tensor(entry.value) {
                    try set(tensor, under: name)
                    continue
                }
                let extra = value.value(entry.value)
                guard !extra.isStateDict else { return nil }
                try checkForm(name)
                extras[name] = extra
            } catch {
                throw contents.locating(error, at: path.appending(.string(name)))
            }
        }
        guard !tensors.isEmpty || entries.isEmpty || extras.values.contains(where: \.isAnyTensor)
        else { return nil }
        metadata = value.fields["_metadata"]
    }

    // In Python, the later one of two values under a key wins and has the place of the earlier.
    private mutating func set(_ tensor: Tensor, under name: String) throws(CheckpointError) {
        let isKnown = tensors.updateValue(tensor, forKey: name) != nil
        if isKnown { try checkForm(name) }
    }

    // Swift takes two names for equal that are the same text in different Unicode forms, and one of
    // the tensors would be lost.
    private func checkForm(_ name: String) throws(CheckpointError) {
        guard let index = tensors.index(forKey: name),
            !tensors.keys[index].utf8.elementsEqual(name.utf8)
        else { return }
        throw CheckpointError(
            .duplicateName, "'\(name)' is the name of two tensors, in different Unicode forms",
            advice: "Take them one by one from the checkpoint's dictionary")
    }
}

extension CheckpointPath {
    /// The steps as they are written in Swift.
    fileprivate var swiftArguments: String {
        keys.map { key in
            if case .string(let text) = key { String(reflecting: text) } else { key.pythonRepr }
        }.joined(separator: ", ")
    }
}
