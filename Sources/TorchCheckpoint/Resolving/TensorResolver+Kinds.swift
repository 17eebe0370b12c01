import ByteIO
import Pickle
import Tensors

// Tensors that are not simply a view of a storage.
extension TensorResolver {
    /// The tensor of any kind that an object would be, or nil when it is something else.
    ///
    /// - Throws: ``CheckpointError`` when it is a tensor, but one that makes no sense. No indices
    ///   are read.
    func value(_ id: NodeID) throws(CheckpointError) -> TensorValue? {
        if let tensor = try tensor(id) { return .strided(tensor) }
        guard graph.kind(of: id) == .object,
            let form = TensorForm(id, in: graph, roles: roles)
        else { return nil }
        do throws(CheckpointError) {
            return try value(form)
        } catch {
            throw error.atOffset(graph.offset(of: id))
        }
    }

    private func value(_ form: TensorForm) throws(CheckpointError) -> TensorValue? {
        let requiresGrad = try requiresGrad(form)
        switch form.source {
        case .object(let id, let dtype, isSparse: true):
            return try .sparse(sparseObject(id, dtype, requiresGrad, form.isParameter))
        case .object: return nil
        case .uninitialized:
            return .uninitialized(
                UninitializedTensor(requiresGrad: requiresGrad, isParameter: form.isParameter))
        case .call(let call):
            switch call.rebuilder {
            case .sparse: return try .sparse(sparse(call, requiresGrad, form.isParameter))
            case .nested: return try .nested(nested(call, requiresGrad, form.isParameter))
            case .jagged: return try .nested(jagged(call, form))
            default: return nil
            }
        }
    }

    func requiresGrad(_ form: TensorForm) throws(CheckpointError) -> Bool {
        switch form.gradients {
        case nil: return false
        case .recorded: return true
        case .said(let id):
            guard let value = graph.truth(id) else {
                throw CheckpointError(
                    .invalidTensor, "a parameter has no boolean for requires_grad",
                    advice: "The file is damaged or was not written by torch")
            }
            return value
        }
    }

    /// A tensor that another kind of tensor is made of: one that is a view of a storage itself, so
    /// that nothing nests.
    func part(_ id: NodeID?, of call: RebuildCall) throws(CheckpointError) -> Tensor {
        guard let id, let part = try plainTensor(id) else {
            throw .invalidCall(call, "has something other than a tensor as a part")
        }
        return part
    }

    func plainTensor(_ id: NodeID) throws(CheckpointError) -> Tensor? {
        guard let form = TensorForm(id, in: graph, roles: roles) else { return nil }
        let grad = try form.gradients == nil ? nil : requiresGrad(form)
        switch form.source {
        case .object(let id, let dtype, isSparse: false):
            return try object(id, dtype, grad ?? false, form.isParameter)
        case .call(let call) where call.rebuilder.isOfStorage && call.rebuilder != .quantized:
            return try data(call, parameterGrad: form.isParameter ? grad : nil)
        default: return nil
        }
    }

    // MARK: Sparse
    // What is made of values that record gradients records them, too.

    private func sparse(
        _ call: RebuildCall, _ requiresGrad: Bool, _ isParameter: Bool
    ) throws(CheckpointError) -> SparseTensor {
        guard call.count == 2 else { return try scriptSparse(call, requiresGrad, isParameter) }
        guard let layout = layout(try graphItem(call, 0)).flatMap(SparseLayout.init(rawValue:))
        else { throw .invalidCall(call, "has no layout of sparse tensors as its first argument") }
        let data = try graphItem(call, 1)
        let count = graph.itemCount(of: data) ?? 0
        let first = try part(graph.item(0, of: data), of: call)
        let second = try part(graph.item(1, of: data), of: call)
        guard layout == .coo ? 3...4 ~= count : count == 4 else {
            throw .invalidCall(
                call, "has \(count) parts, which is not right for \(layout.rawValue)")
        }
        if layout == .coo {
            let flag = count == 4 ? graph.item(3, of: data) : nil
            return try SparseTensor(
                layout: layout, shape: shape(graph.item(2, of: data), of: call),
                indices: .coordinates(first, isCoalesced: flag.flatMap { graph.bool($0) }),
                values: second,
                requiresGrad: isParameter ? requiresGrad : requiresGrad || second.requiresGrad,
                isParameter: isParameter)
        }
        let values = try part(graph.item(2, of: data), of: call)
        return try SparseTensor(
            layout: layout, shape: shape(graph.item(3, of: data), of: call),
            indices: .compressed(first, plain: second), values: values,
            requiresGrad: isParameter ? requiresGrad : requiresGrad || values.requiresGrad,
            isParameter: isParameter)
    }

    // torch.sparse.FloatTensor(indices, values, size)
    private func sparseObject(
        _ id: NodeID, _ dtype: DType?, _ requiresGrad: Bool, _ isParameter: Bool
    ) throws(CheckpointError) -> SparseTensor {
        guard let arguments = graph.call(id)?.arguments,
            let call = RebuildCall(rebuilder: .sparse, arguments: arguments, in: graph)
        else { throw CheckpointError(.invalidTensor, "a sparse tensor has no arguments") }
        let values = try part(graph.item(1, of: arguments), of: call)
        guard dtype == values.dtype else {
            throw .invalidCall(
                call, "has \(values.dtype) values, but its class is of another dtype")
        }
        return try SparseTensor(
            layout: .coo, shape: shape(graph.item(2, of: arguments), of: call),
            indices: .coordinates(
                part(graph.item(0, of: arguments), of: call), isCoalesced: nil),
            values: values, requiresGrad: requiresGrad, isParameter: isParameter)
    }

    /// The name of a layout, from the call that gives it.
    func layout(_ id: NodeID) -> String? {
        guard let call = graph.call(id), let name = graph.globalIndex(call.callable),
            roles[name] == .layout, let text = graph.item(0, of: call.arguments)
        else { return nil }
        let layouts = ["strided", "jagged"] + SparseLayout.allCases.map(\.rawValue)
        return layouts.first { graph.isText(text, "torch." + $0) }
    }

    private func shape(_ id: NodeID?, of call: RebuildCall) throws(CheckpointError) -> [Int] {
        guard let id, let shape = try sizes(id) else {
            throw .invalidCall(call, "has no size")
        }
        return shape
    }

    // MARK: Nested

    private func nested(
        _ call: RebuildCall, _ requiresGrad: Bool, _ isParameter: Bool
    ) throws(CheckpointError) -> NestedTensor {
        let parts = try [0, 1, 2, 3].mapChecked { (place) throws(CheckpointError) in
            try part(call.argument(place, in: graph), of: call)
        }
        return try NestedTensor(
            checked: parts[0],
            form: .strided(sizes: parts[1], strides: parts[2], offsets: parts[3]),
            requiresGrad: isParameter ? requiresGrad : requiresGrad || parts[0].requiresGrad,
            isParameter: isParameter)
    }

    // _rebuild_njt({"values": …, "offsets": …, "lengths": …, "_ragged_idx": …, …})
    private func jagged(
        _ call: RebuildCall, _ form: TensorForm
    ) throws(CheckpointError) -> NestedTensor {
        guard let entries = graph.entries(try graphItem(call, 0)) else {
            throw .invalidCall(call, "has no dictionary as its first argument")
        }
        func entry(_ name: StaticString) -> NodeID? {
            Array(entries.entryPairs).last { graph.isText($0.key, name) }?.value
        }
        let lengths = entry("lengths").flatMap { $0 == .none ? nil : $0 }
        let grad = entry("requires_grad").flatMap { graph.bool($0) } ?? false
        return try NestedTensor(
            checked: part(entry("values"), of: call),
            form: .jagged(
                offsets: part(entry("offsets"), of: call),
                lengths: lengths.mapChecked { (id) throws(CheckpointError) in
                    try part(id, of: call)
                },
                raggedDimension: entry("_ragged_idx").flatMap { graph.integer($0) } ?? 1),
            requiresGrad: form.gradients == nil ? grad : requiresGrad(form),
            isParameter: form.isParameter)
    }
}

extension Array {
    fileprivate func mapChecked<Result>(
        _ transform: (Element) throws(CheckpointError) -> Result
    ) throws(CheckpointError) -> [Result] {
        var results: [Result] = []
        for element in self { try results.append(transform(element)) }
        return results
    }
}

extension Optional {
    fileprivate func mapChecked<Result>(
        _ transform: (Wrapped) throws(CheckpointError) -> Result
    ) throws(CheckpointError) -> Result? {
        if let value = self { try transform(value) } else { nil }
    }
}
