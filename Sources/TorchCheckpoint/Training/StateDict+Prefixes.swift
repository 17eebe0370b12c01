extension StateDict {
    /// The state dict with a prefix removed from the names that have it.
    ///
    /// A model inside `torch.nn.DataParallel` has `module.` before all names. Names without the
    /// prefix stay, and come first. The modules in ``metadata`` are renamed, too; where two would
    /// have one name, the renamed one stays. The Python counterpart is
    /// `torch.nn.modules.utils.consume_prefix_in_state_dict_if_present`, which overwrites tensors.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateName`` when two entries would have one name.
    /// - Complexity: O(*n*) in the number of names; no elements are read.
    public func strippingPrefix(_ prefix: String) throws -> StateDict {
        guard !prefix.isEmpty else { return self }
        var result = StateDict(
            metadata: metadata?.renamingModules { $0.removing(modulePrefix: prefix) ?? $0 })
        // In Python, an entry that gets another name goes to the end.
        for isRenamed in [false, true] {
            try result.add(self) { name in
                let stripped = name.removing(prefix: prefix).map(String.init)
                return isRenamed ? stripped : stripped == nil ? name : nil
            }
        }
        return result
    }

    /// The state dict with a prefix before all names.
    ///
    /// With `module.` it is that of a model inside `torch.nn.DataParallel`: ``metadata``, if there
    /// are any, have the modules that the prefix names, with torch's version 1 of a module. The
    /// names are those of `module.state_dict(prefix=…)` in Python, whose `_metadata` lack those
    /// modules.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateName`` when two entries would have one name, in
    ///   different Unicode forms.
    /// - Complexity: O(*n*) in the number of names; no elements are read.
    public func addingPrefix(_ prefix: String) throws -> StateDict {
        guard !prefix.isEmpty else { return self }
        var result = StateDict(metadata: metadata?.addingModules(prefix))
        try result.add(self) { prefix + $0 }
        return result
    }

    /// The entries whose names have a prefix, without it: the state dict of a part of the model.
    ///
    /// With `encoder.` it is what `model.encoder.state_dict()` would be, modules in ``metadata``
    /// included. Names that differ stay different.
    ///
    /// - Complexity: O(*n*) in the number of names; no elements are read.
    public func subset(withPrefix prefix: String) -> StateDict {
        guard !prefix.isEmpty else { return self }
        var result = StateDict(
            metadata: metadata?.renamingModules { $0.removing(modulePrefix: prefix) })
        for (name, tensor) in tensors {
            if let name = name.removing(prefix: prefix) { result.tensors[String(name)] = tensor }
        }
        for (name, value) in extras {
            if let name = name.removing(prefix: prefix) { result.extras[String(name)] = value }
        }
        return result
    }

    /// Adds the state dict of a part of the model behind what there is.
    ///
    /// A model that is made of others has their state dicts behind its own tensors:
    ///
    ///     func stateDict() throws -> StateDict {
    ///         var stateDict = StateDict(["gain": try Tensor(gain)])
    ///         stateDict.metadata = .moduleVersions(["": 1])
    ///         try stateDict.append(encoder.stateDict(), withPrefix: "encoder.")
    ///         try stateDict.append(head.stateDict(), withPrefix: "head.")
    ///         return stateDict
    ///     }
    ///
    /// ``subset(withPrefix:)`` takes the part out again. The modules in the part's ``metadata``
    /// are renamed and added, too, and so are the modules that the prefix names, of version 1,
    /// unless they are there. A module that both name is as the part has it.
    ///
    /// The Python counterpart is `part.state_dict(destination=state_dict, prefix=prefix)`, which
    /// overwrites tensors.
    ///
    /// - Parameters:
    ///   - part: The state dict of the part.
    ///   - prefix: What is put before its names: the name of the part and a dot.
    /// - Throws: ``CheckpointError/Code/duplicateName`` when two entries would have one name;
    ///   nothing is added then.
    /// - Complexity: O(*n* + *m*) in the numbers of names and modules; no elements are read.
    public mutating func append(_ part: StateDict, withPrefix prefix: String) throws {
        var result = self
        try result.add(part) { prefix + $0 }
        if let modules = part.metadata, modules.kind == .dictionary {
            result.metadata = (metadata ?? .moduleVersions([:])).appending(modules, prefix)
        }
        self = result
    }

    /// The entries whose names fulfil a condition; ``metadata`` stay whole.
    ///
    /// The Python counterpart is `{k: v for k, v in state_dict.items() if …}`, which loses
    /// `_metadata`.
    ///
    /// - Throws: what `isIncluded` throws.
    /// - Complexity: O(*n*) in the number of names; no elements are read.
    public func subset(where isIncluded: (String) throws -> Bool) rethrows -> StateDict {
        var result = self
        result.tensors = try tensors.filter { try isIncluded($0.key) }
        result.extras = try extras.filter { try isIncluded($0.key) }
        return result
    }

    /// Adds the entries of another state dict under other names, without those that get none.
    private mutating func add(
        _ other: StateDict, _ newName: (String) -> String?
    ) throws(CheckpointError) {
        for (name, tensor) in other.tensors {
            guard let name = newName(name) else { continue }
            try checkIsFree(name)
            tensors[name] = tensor
        }
        for (name, value) in other.extras {
            guard let name = newName(name) else { continue }
            try checkIsFree(name)
            extras[name] = value
        }
    }

    private func checkIsFree(_ name: String) throws(CheckpointError) {
        guard tensors[name] != nil || extras[name] != nil else { return }
        throw CheckpointError(
            .duplicateName, "two entries would have the name \(PythonRepr.quote(name))",
            advice: "Rename or drop one of them first")
    }
}
