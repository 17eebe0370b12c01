import ByteIO

extension Checkpoint {
    /// A checkpoint of what `torch.load(weights_only=True)` reads, and what was left out for it.
    public struct ExtractedWeights: Sendable {
        /// The checkpoint, made anew, so that it is laid out as torch lays it out.
        public let checkpoint: Checkpoint
        /// The paths of what was left out.
        public let leftOut: [CheckpointPath]
    }

    /// A checkpoint with state dicts in the place of whole modules, and without anything else that
    /// `torch.load(weights_only=True)` would refuse.
    ///
    /// A module at the root becomes what `torch.save(model.state_dict(), path)` writes. Tensors that
    /// share a storage still do. Of dictionaries, entries are left out; in lists and tuples, `None`
    /// takes the place of what is.
    ///
    ///     let model = try Checkpoint(contentsOf: "yolo.pt").extractingWeights()
    ///     try model.checkpoint.write(to: "weights.pth")
    ///
    /// - Parameter policy: What may be named, which another than the default adds to.
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal`` when the root itself is an object of a
    ///   class that is refused; ``CheckpointError/Code/refusedByWeightsOnly`` when torch would refuse
    ///   what is left; ``CheckpointError`` as ``CheckpointValue/moduleStateDict()``.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    public func extractingWeights(
        _ policy: GlobalPolicy = .weightsOnly
    ) throws -> ExtractedWeights {
        try locatingErrors { () throws(CheckpointError) in
            var replacement = try ModuleReplacement(root, leavingOutBut: policy)
            guard !replacement.leavesOutAll else {
                throw CheckpointError(
                    .forbiddenGlobal,
                    "the root is a \(root.typeName), which the policy does not accept",
                    offset: graph.offset(of: root.id), advice: stateDictAdvice())
            }
            let changed = CheckpointContents(copying: contents)
            try replacement.apply(to: changed)
            let new = CheckpointContents()
            let root = CheckpointValue(contents: changed, id: changed.graph.root)
            new.graph.root = try new.add(root)
            try new.checkWritten(policy)
            return ExtractedWeights(
                checkpoint: Checkpoint(contents: new), leftOut: replacement.leftOut)
        }
    }

    /// A checkpoint with the state dicts of modules in their places, and everything else as it is.
    ///
    /// Modules inside objects that are no modules stay.
    ///
    /// - Throws: as ``CheckpointValue/moduleStateDict()``.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    public func replacingModules() throws -> Checkpoint {
        try locatingErrors { () throws(CheckpointError) in
            var replacement = try ModuleReplacement(root, leavingOutBut: nil)
            guard !replacement.isEmpty else { return self }
            var result = self
            try result.edit { (contents) throws(CheckpointError) in
                try replacement.apply(to: contents)
            }
            return result
        }
    }
}
