import ByteIO
import Pickle
public import Tensors

extension Checkpoint {
    /// Converts all floating-point tensors to another dtype.
    ///
    /// Whole storages are converted, so that tensors share what they shared, with the same shapes,
    /// strides and offsets. Complex, integer, boolean and quantized tensors stay as they are. The
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
        let groups = try TensorCalls(contents).groups.filter { try $0.isCast(to: dtype) }
        guard !groups.isEmpty else { return 0 }
        try edit { (contents) throws(CheckpointError) in
            for group in groups { try contents.cast(group, to: dtype) }
        }
        return groups.reduce(0) { $0 + $1.calls.count }
    }
}

extension DType {
    /// Whether single elements are floating-point numbers.
    fileprivate var isCastable: Bool { isFloatingPoint && self != .float4E2M1FNx2 }
}

extension TensorCalls.Group {
    /// - Throws: ``CheckpointError/Code/invalidStorage``.
    fileprivate func isCast(to dtype: DType) throws(CheckpointError) -> Bool {
        let dtypes = Set(calls.map(\.tensor.dtype))
        guard !isQuantizer, dtypes.contains(where: { $0.isCastable && $0 != dtype }) else {
            return false
        }
        guard dtypes.count == 1 else {
            throw CheckpointError(
                .invalidStorage,
                "storage \(storage.key ?? "?") is seen as elements of "
                    + "\(dtypes.map(\.rawValue).sorted().listed(5)), so it can't be cast",
                advice: "Replace all but one of its tensors by copies first")
        }
        return true
    }
}

extension CheckpointContents {
    fileprivate func cast(_ group: TensorCalls.Group, to dtype: DType) throws(CheckpointError) {
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
        var arguments = Array(call.rebuild.arguments)
        if !wasTyped { arguments.remove(at: RebuildCall.dtypePlace) }
        if !isTyped {
            // The oldest function takes no more than the first four.
            if arguments.count < 5 { arguments.append(PickleGraph.bool(false)) }
            if arguments.count < 6 {
                arguments.append(graph.addCall(graph.addGlobal(.orderedDict)))
            }
            let name = GlobalName(module: "torch", name: dtype.rawValue)
            arguments.insert(graph.addGlobal(name), at: RebuildCall.dtypePlace)
        }
        replace(
            call, function: isTyped ? .rebuildTensorV2 : .rebuildTensorV3, arguments: arguments)
    }
}
