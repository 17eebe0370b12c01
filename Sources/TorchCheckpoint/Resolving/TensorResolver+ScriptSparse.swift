import ByteIO
import Tensors

// TorchScript's pickler calls `_rebuild_sparse_tensor` with other arguments than Python's:
// (layout, size, requires_grad, …parts, hooks).
extension TensorResolver {
    /// The sparse tensor of such a call.
    func scriptSparse(
        _ call: RebuildCall, _ requiresGrad: Bool, _ isParameter: Bool
    ) throws(CheckpointError) -> SparseTensor {
        let layout: SparseLayout
        let indices: SparseTensor.Indices
        // The numbers are those of c10::Layout.
        switch try (integer(call, 0), call.count) {
        case (1, 6):
            // torch takes none of them for coalesced.
            (layout, indices) = (.coo, .coordinates(try part(call, 3), isCoalesced: false))
        case (2, 7):
            (layout, indices) = (.csr, .compressed(try part(call, 3), plain: try part(call, 4)))
        case (let number, let count):
            throw .invalidCall(call, "has \(count) arguments, which do not fit layout \(number)")
        }
        return try SparseTensor(
            layout: layout, shape: integers(call, 1), indices: indices,
            values: part(call, call.count - 2), requiresGrad: bool(call, 2) || requiresGrad,
            isParameter: isParameter)
    }

    private func part(_ call: RebuildCall, _ place: Int) throws(CheckpointError) -> Tensor {
        try part(graphItem(call, place), of: call)
    }
}
