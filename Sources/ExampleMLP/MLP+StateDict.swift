public import TorchCheckpoint

extension MLP: StateDictLoadable {
    /// Creates a model of the size and with the weights of a state dict.
    ///
    /// - Parameters:
    ///   - stateDict: The whole state dict of such a model, on whatever device it is tagged with.
    ///   - dropout: The share of numbers that dropout takes away in training, which is not saved.
    /// - Throws: `CheckpointError` that says which tensors are missing, unexpected or of a shape that
    ///   does not fit.
    public init(_ stateDict: StateDict, dropout: Double = 0) throws {
        let dropout = try Dropout(probability: dropout)
        var blocks: [Block<Scalar>] = []
        while let block = try Block<Scalar>(
            sizedAs: stateDict, prefix: "layers.\(blocks.count).", dropout)
        { blocks.append(block) }
        try self.init(
            blocks: blocks, head: Linear(sizedAs: stateDict, prefix: "head.", hasBias: true))
        try checkSizes()
        try load(stateDict)
    }

    // A state dict can't say that the outputs of a layer are the inputs of the next.
    private func checkSizes() throws {
        let layers = blocks.map(\.linear) + [head]
        for (first, second) in zip(layers, layers.dropFirst())
        where first.outputs != second.inputs {
            throw CheckpointError(
                .shapeMismatch,
                "a layer has \(first.outputs) outputs, and the next \(second.inputs) inputs",
                advice: "The state dict is one of another model")
        }
    }

    /// All parameters and buffers, as `model.state_dict()`.
    ///
    /// - Throws: as `Tensor.init`.
    public func stateDict() throws -> StateDict {
        // The list of blocks is a module, too, an `nn.ModuleList`.
        var layers = StateDict(metadata: .moduleVersions(["": 1]))
        for (index, block) in blocks.enumerated() {
            try layers.append(block.stateDict(), withPrefix: "\(index).")
        }
        var stateDict = StateDict(metadata: .moduleVersions(["": 1]))
        try stateDict.append(layers, withPrefix: "layers.")
        try stateDict.append(head.stateDict(), withPrefix: "head.")
        return stateDict
    }

    /// Takes over the tensors of a state dict of this model, which `load(_:)` has checked.
    ///
    /// - Throws: `CheckpointError` for tensors that are missing or do not fit.
    public mutating func update(with stateDict: StateDict) throws {
        let layers = stateDict.subset(withPrefix: "layers.")
        for index in blocks.indices {
            try blocks[index].update(with: layers.subset(withPrefix: "\(index)."))
        }
        try head.update(with: stateDict.subset(withPrefix: "head."))
    }
}
