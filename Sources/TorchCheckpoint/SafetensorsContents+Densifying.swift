import ByteIO
import Tensors

extension Checkpoint.SafetensorsContents {
    /// Dequantizes quantized tensors, and makes sparse ones dense.
    ///
    /// Nested tensors stay ``unsupported``: their components have no common shape.
    ///
    /// - Throws: as ``Tensor/dequantized()`` and ``SparseTensor/dense(maximumByteCount:)``;
    ///   ``CheckpointError/Code/limitExceeded`` also when all of them together are out of proportion
    ///   to what is stored.
    /// - Complexity: O(*n*) in the number of elements of these tensors.
    public mutating func densify() throws {
        try checkDenseSize()
        for (name, tensor) in tensors where tensor.quantization != nil {
            tensors[name] = try tensor.dequantized()
        }
        for case (let name, .sparse(let tensor)) in unsupported {
            tensors[name] = try tensor.dense()
        }
        unsupported.removeAll {
            if case .sparse = $0.value { true } else { false }
        }
    }

    // Each may stay below its own limit, and a thousand of them not.
    private func checkDenseSize() throws(CheckpointError) {
        var result = 0
        var parts: [Tensor] = []
        for tensor in tensors.values where tensor.quantization != nil {
            let count = try tensor.elementCount.multipliedChecked(by: tensor.dtype.numbersPerByte)
            result = try result.addingChecked(count.multipliedChecked(by: DType.float32.itemSize))
            parts.append(tensor)
        }
        for case .sparse(let tensor) in unsupported.values {
            let count = try TensorLayout(rowMajor: tensor.shape).elementCount
            result = try result.addingChecked(count.multipliedChecked(by: tensor.dtype.itemSize))
            parts += tensor.parts.map(\.tensor)
        }
        // All of them are in memory at once.
        try Tensor.checkTotalSize(result, of: parts, free: SparseTensor.maximumDenseByteCount)
        // All that is stored of each is gone through.
        try Tensor.checkTotalSize(of: parts)
    }

    /// Checks that nothing would be left out silently.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` that names the sparse and nested tensors.
    public func checkSupported() throws {
        guard !unsupported.isEmpty else { return }
        let names = unsupported.map { "\($0.key) (\($0.value.layoutName))" }
        throw CheckpointError(
            .unsupportedDType, "safetensors has no way to hold \(names.listed(4))",
            advice: "Leave them out (pth convert --skip-unsupported), or make sparse ones dense "
                + "(--densify)")
    }
}
