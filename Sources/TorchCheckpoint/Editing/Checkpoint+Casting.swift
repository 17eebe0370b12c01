import ByteIO
import Pickle
public import Tensors

extension Checkpoint {
    /// Converts all floating-point tensors to another dtype.
    ///
    /// Whole storages are converted, so that tensors share what they shared, with the same shapes,
    /// strides and offsets. Complex, integer, boolean, quantized and meta tensors stay as they are. The
    /// elements are converted when they are read or saved. The Python counterpart is
    /// `module.to(dtype)`, which leaves complex tensors alone, too, when the dtype is real.
    ///
    /// - Parameter dtype: A floating-point dtype other than ``DType/float4E2M1FNx2``.
    /// - Returns: The number of tensors that changed.
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when `dtype` is another;
    ///   ``CheckpointError/Code/invalidStorage`` when a storage is seen as elements of several
    ///   dtypes, one of them to be converted.
    /// - Complexity: O(*n*) in the number of objects.
    @discardableResult
    public mutating func castFloatingPoint(to dtype: DType) throws -> Int {
        guard dtype.isCastable else {
            throw CheckpointError(
                .dtypeMismatch, "tensors can't be cast to \(dtype)",
                advice: "Choose one of float64, float32, float16, bfloat16 and the 8-bit floats")
        }
        let (copy, count) = try locatingErrors { () throws(CheckpointError) in
            try casting(to: dtype)
        }
        if count > 0 { self = copy }
        return count
    }

    private func casting(to dtype: DType) throws(CheckpointError) -> (Checkpoint, count: Int) {
        var (copy, count) = (self, 0)
        // These first: afterwards nothing needs what they were made of.
        let stated = try contents.statedCasts(to: dtype)
        if !stated.isEmpty {
            try copy.edit { (contents) throws(CheckpointError) in
                for cast in stated { try contents.apply(cast, dtype) }
            }
            count += stated.count
        }
        var groups: [TensorCalls.Group] = []
        for group in try TensorCalls(copy.contents).groups where try group.isCast(to: dtype) {
            groups.append(group)
        }
        guard !groups.isEmpty else { return (copy, count) }
        try copy.edit { (contents) throws(CheckpointError) in
            for group in groups { try contents.cast(group, to: dtype) }
        }
        return (copy, groups.reduce(count) { $0 + $1.calls.count })
    }
}

extension DType {
    /// Whether tensors can be cast to and from it: single floating-point numbers.
    package var isCastable: Bool { isFloatingPoint && self != .float4E2M1FNx2 }
}

extension TensorCalls.Group {
    /// - Throws: ``CheckpointError/Code/invalidStorage``.
    fileprivate func isCast(to dtype: DType) throws(CheckpointError) -> Bool {
        let dtypes = Set(calls.map(\.tensor.dtype))
        guard !isQuantizer, dtypes.contains(where: { $0.isCastable && $0 != dtype }) else {
            return false
        }
        let seen = dtypes.union(bareDTypes.compactMap(\.self))
        guard seen.count == 1 else {
            throw CheckpointError(
                .invalidStorage,
                "storage \(key) is seen as elements of "
                    + "\(seen.map(\.rawValue).sorted().listed(5)), so it can't be cast",
                advice: "Replace all but one of its tensors by copies first")
        }
        // All references to a storage have one class in torch, so without a class for the dtype
        // what is no tensor here would become bytes; and bytes would become numbers.
        let isTyped = GlobalRole.storageClass(of: dtype) != nil
        guard bareDTypes.allSatisfy({ ($0 != nil) == isTyped }) else {
            throw CheckpointError(
                .invalidStorage,
                "storage \(key) is there without a tensor, so it can't be cast to \(dtype)",
                advice: "Remove what refers to it, or choose another dtype")
        }
        return true
    }
}

extension CheckpointContents {
    fileprivate func cast(_ group: TensorCalls.Group, to dtype: DType) throws(CheckpointError) {
        // All tensors are of one dtype, or the group would not be cast.
        guard let source = group.calls.first?.tensor.dtype else { return }
        let count = group.storage.byteCount / source.itemSize
        let whole = try Tensor(
            storage: group.storage, dtype: source, layout: TensorLayout(rowMajor: [count]))
        let storage = Storage(
            key: group.storage.key, device: group.storage.device,
            byteCount: try count.multipliedChecked(by: dtype.itemSize), byteOrder: .native
        ) { () throws(CheckpointError) in
            try whole.bytes(converting: dtype)
        }
        let isTyped = GlobalRole.storageClass(of: dtype) != nil
        replace(group, by: storage) { _ in isTyped ? dtype : nil }
        for call in group.calls { retype(call, to: dtype, isTyped: isTyped) }
    }

    /// Has a call make a tensor of another dtype, which the typed storage says or an argument.
    private func retype(_ call: TensorCalls.Call, to dtype: DType, isTyped: Bool) {
        let wasTyped = call.rebuild.rebuilder != .tensorV3
        guard !(isTyped && wasTyped) else { return }
        var arguments = Array(graph.items(call.rebuild.arguments) ?? [])
        if !wasTyped { arguments.remove(at: RebuildCall.dtypePlace) }
        if !isTyped {
            // The oldest function takes no more than the first four.
            if arguments.count <= RebuildCall.requiresGradPlace {
                arguments.append(PickleGraph.bool(false))
            }
            if arguments.count <= RebuildCall.hooksPlace {
                arguments.append(graph.addCall(graph.addGlobal(.orderedDict)))
            }
            let name = GlobalName(module: "torch", name: dtype.rawValue)
            arguments.insert(graph.addGlobal(name), at: RebuildCall.dtypePlace)
        }
        replace(
            call, function: isTyped ? .rebuildTensorV2 : .rebuildTensorV3, arguments: arguments)
    }
}
