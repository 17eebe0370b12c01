import ByteIO

/// The check that the parts of a sparse tensor fit.
///
/// What torch calls its invariants, as far as they are about shapes and dtypes. No element is read.
struct SparseStructure {
    let batchCount: Int
    let denseCount: Int

    /// - Throws: ``CheckpointError/Code/invalidTensor``.
    init(
        layout: SparseLayout, shape: [Int], indices: SparseTensor.Indices, values: Tensor
    ) throws(CheckpointError) {
        guard shape.allSatisfy({ $0 >= 0 }), shape.count <= TensorLayout.maximumRank else {
            throw .invalidSparse(layout, "has the shape \(shape)")
        }
        // For the overflow check.
        _ = try TensorLayout(rowMajor: shape)
        switch (layout, indices) {
        case (.coo, .coordinates(let coordinates, _)):
            self = try Self.coordinates(coordinates, values, shape)
        case (.csr, .compressed(let compressed, let plain)),
            (.csc, .compressed(let compressed, let plain)),
            (.bsr, .compressed(let compressed, let plain)),
            (.bsc, .compressed(let compressed, let plain)):
            self = try Self.compressed(layout, compressed, plain, values, shape)
        default: throw .invalidSparse(layout, "has indices of another layout")
        }
    }

    private init(batchCount: Int, denseCount: Int) {
        self.batchCount = batchCount
        self.denseCount = denseCount
    }

    private static func coordinates(
        _ coordinates: Tensor, _ values: Tensor, _ shape: [Int]
    ) throws(CheckpointError) -> Self {
        guard coordinates.dtype.isIndex, coordinates.rank == 2, values.rank >= 1 else {
            throw .invalidSparse(
                .coo,
                "has \(coordinates.dtype) indices of shape \(coordinates.shape) and values "
                    + "of shape \(values.shape): indices are integers, sparse dimensions × nnz")
        }
        let sparse = coordinates.shape[0]
        guard sparse <= shape.count else {
            throw .invalidSparse(.coo, "has indices for \(sparse) dimensions of \(shape)")
        }
        let expected = [coordinates.shape[1]] + shape[sparse...]
        guard values.shape == expected else {
            throw .invalidSparse(.coo, "has values of shape \(values.shape) instead of \(expected)")
        }
        return Self(batchCount: 0, denseCount: shape.count - sparse)
    }

    private static func compressed(
        _ layout: SparseLayout, _ compressed: Tensor, _ plain: Tensor, _ values: Tensor,
        _ shape: [Int]
    ) throws(CheckpointError) -> Self {
        let batch = compressed.rank - 1
        let blocks = layout.hasBlocks ? 2 : 0
        let dense = values.rank - batch - 1 - blocks
        guard compressed.dtype.isIndex, plain.dtype.isIndex else {
            throw .invalidSparse(
                layout, "has \(compressed.dtype) and \(plain.dtype) indices, not integers")
        }
        guard batch >= 0, plain.rank == batch + 1, dense >= 0, shape.count == batch + 2 + dense
        else {
            throw .invalidSparse(
                layout,
                "of shape \(shape) has indices of shape \(compressed.shape) and "
                    + "\(plain.shape), and values of shape \(values.shape)")
        }
        let block = layout.hasBlocks ? Array(values.shape[(batch + 1)..<(batch + 3)]) : [1, 1]
        guard block.allSatisfy({ $0 > 0 }), shape[batch] % block[0] == 0,
            shape[batch + 1] % block[1] == 0
        else {
            throw .invalidSparse(layout, "of shape \(shape) can't be of blocks of \(block)")
        }
        let counts = [shape[batch] / block[0], shape[batch + 1] / block[1]]
        let batches = Array(shape[..<batch])
        let nnz = plain.shape[batch]
        let tail = (layout.hasBlocks ? block : []) + Array(shape[(batch + 2)...])
        let rows = try counts[layout.compressesRows ? 0 : 1].addingChecked(1)
        guard compressed.shape == batches + [rows], plain.shape == batches + [nnz],
            values.shape == batches + [nnz] + tail
        else {
            throw .invalidSparse(
                layout,
                "of shape \(shape) has indices of shape \(compressed.shape) and "
                    + "\(plain.shape), and values of shape \(values.shape)")
        }
        return Self(batchCount: batch, denseCount: dense)
    }
}

extension DType {
    /// Whether the numbers can be indices; torch keeps them as `int64` or `int32`.
    fileprivate var isIndex: Bool {
        switch self {
        case .int64, .int32, .int16, .int8, .uint8: true
        default: false
        }
    }
}

extension CheckpointError {
    static func invalidSparse(_ layout: SparseLayout, _ what: String) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "a tensor of layout \(layout.rawValue) \(what)",
            advice: "The file is damaged or was not written by torch")
    }
}
