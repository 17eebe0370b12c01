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
        func linear(_ name: String, hasBias: Bool) throws -> Linear<Scalar> {
            let weight = try stateDict.tensor("\(name).weight")
            guard weight.rank == 2 else {
                throw CheckpointError(
                    .shapeMismatch, "'\(name).weight' has the shape \(weight.shape)",
                    advice: "That of a linear layer has two dimensions")
            }
            let matrix = try Matrix<Scalar>(
                rows: weight.shape[0], columns: weight.shape[1],
                elements: weight.array(converting: Scalar.self))
            return try Linear(weight: matrix, hasBias: hasBias)
        }
        let names = (0...).lazy.map { "layers.\($0).linear" }
        let blocks = try names.prefix { stateDict["\($0).weight"] != nil }.map { name in
            try Block(linear(name, hasBias: stateDict["\(name).bias"] != nil))
        }
        try self.init(blocks: blocks, head: linear("head", hasBias: true), dropout: dropout)
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
        var tensors: OrderedDictionary<String, Tensor> = [:]
        func add(_ linear: Linear<Scalar>, _ name: String) throws {
            tensors["\(name).weight"] = try linear.weight.tensor()
            tensors["\(name).bias"] = try linear.bias?.tensor()
        }
        for (index, block) in blocks.enumerated() {
            try add(block.linear, "layers.\(index).linear")
            let norm = "layers.\(index).norm"
            tensors["\(norm).weight"] = try block.norm.weight.tensor()
            tensors["\(norm).bias"] = try block.norm.bias.tensor()
            tensors["\(norm).running_mean"] = try Tensor(block.norm.runningMean)
            tensors["\(norm).running_var"] = try Tensor(block.norm.runningVariance)
            tensors["\(norm).num_batches_tracked"] = try Tensor([block.norm.batchCount], shape: [])
        }
        try add(head, "head")
        return StateDict(tensors, metadata: .moduleVersions(moduleVersions))
    }

    // Version 2 of batch norm is the one that counts batches.
    private var moduleVersions: OrderedDictionary<String, Int> {
        var versions: OrderedDictionary = ["": 1, "layers": 1]
        for index in blocks.indices {
            let name = "layers.\(index)"
            versions[name] = 1
            versions["\(name).linear"] = 1
            versions["\(name).norm"] = 2
            versions["\(name).dropout"] = 1
        }
        versions["head"] = 1
        return versions
    }

    /// Takes over the tensors of a state dict of this model, which `load(_:)` has checked.
    ///
    /// - Throws: `CheckpointError` for tensors that are missing or do not fit.
    public mutating func update(with stateDict: StateDict) throws {
        func update(_ linear: inout Linear<Scalar>, _ name: String) throws {
            try linear.weight.copy(stateDict.tensor("\(name).weight"))
            if var bias = linear.bias {
                try bias.copy(stateDict.tensor("\(name).bias"))
                linear.bias = bias
            }
        }
        for index in blocks.indices {
            try update(&blocks[index].linear, "layers.\(index).linear")
            try blocks[index].norm.update(with: stateDict, "layers.\(index).norm")
        }
        try update(&head, "head")
    }
}

extension BatchNorm {
    fileprivate mutating func update(with stateDict: StateDict, _ name: String) throws {
        func buffer(_ name: String) throws -> [Scalar] {
            let tensor = try stateDict.tensor(name)
            try tensor.checkShape([features])
            return try tensor.array(converting: Scalar.self)
        }
        try weight.copy(stateDict.tensor("\(name).weight"))
        try bias.copy(stateDict.tensor("\(name).bias"))
        runningMean = try buffer("\(name).running_mean")
        runningVariance = try buffer("\(name).running_var")
        batchCount = try stateDict.tensor("\(name).num_batches_tracked").item()
    }
}
