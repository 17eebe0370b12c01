package import ByteIO

/// A tensor of which only some elements are stored, the others being 0.
///
/// The structure is checked when one is made: shapes and dtypes of the parts, and that their sizes
/// agree. What the indices say is not: see ``validateIndices()``. The Python counterparts are
/// `torch.sparse_coo_tensor` and `torch.sparse_compressed_tensor`.
public struct SparseTensor: Sendable {
    /// The indices, in the form of the layout.
    public enum Indices: Sendable {
        /// `[sparse dimensions, nnz]`: the coordinates of each value; `isCoalesced` when the file
        /// says so.
        case coordinates(Tensor, isCoalesced: Bool?)
        /// For each compressed row or column the place of its first value and, at the end, the
        /// number of values: `[…batch, n + 1]`; and the column or row of each: `[…batch, nnz]`.
        case compressed(Tensor, plain: Tensor)
    }

    /// The layout.
    public let layout: SparseLayout
    /// The size of each dimension, as of the dense tensor.
    public let shape: [Int]
    /// Where the values are.
    public let indices: Indices
    /// The values: `[nnz, …dense]`, or `[…batch, nnz, …block, …dense]` for the compressed layouts.
    public let values: Tensor
    /// Whether gradients are recorded.
    public let requiresGrad: Bool
    /// Whether it is a `torch.nn.Parameter`.
    public let isParameter: Bool
    /// The number of dimensions in front of the sparse ones, of each of which the parts have all.
    public let batchDimensionCount: Int
    /// The number of dimensions behind the sparse ones, of each of which the values have all.
    public let denseDimensionCount: Int

    /// The type of the values.
    public var dtype: DType { values.dtype }
    /// The device tag of the values.
    public var device: Device { values.device }
    /// The number of dimensions.
    public var rank: Int { shape.count }
    /// The number of stored values (or blocks), of one batch for the compressed layouts:
    /// `torch.Tensor._nnz()`.
    public var storedCount: Int { values.shape[batchDimensionCount] }
    /// The sparse dimensions: those that the indices are for.
    public var sparseShape: [Int] {
        Array(shape[batchDimensionCount..<(rank - denseDimensionCount)])
    }
    /// The size of a block, `[1, 1]` for the layouts without blocks; empty for ``SparseLayout/coo``.
    public var blockSize: [Int] {
        guard layout != .coo else { return [] }
        guard layout.hasBlocks else { return [1, 1] }
        return Array(values.shape[(batchDimensionCount + 1)..<(batchDimensionCount + 3)])
    }
    /// Whether the coordinates are in order and without duplicates, as far as is said; nil for the
    /// compressed layouts and where the file does not say.
    ///
    /// Of less than two values nobody need say so. The Python counterpart is
    /// `torch.Tensor.is_coalesced()`, which has false for nil.
    public var isCoalesced: Bool? {
        guard case .coordinates(_, let isCoalesced) = indices else { return nil }
        return isCoalesced ?? (storedCount < 2 ? true : nil)
    }

    /// The parts with the names that torch has for them.
    public var parts: [(name: String, tensor: Tensor)] {
        switch indices {
        case .coordinates(let coordinates, _): [("indices", coordinates), ("values", values)]
        case .compressed(let compressed, let plain):
            if layout.compressesRows {
                [("crow_indices", compressed), ("col_indices", plain), ("values", values)]
            } else {
                [("ccol_indices", compressed), ("row_indices", plain), ("values", values)]
            }
        }
    }

    /// Creates a tensor in coordinate form: `torch.sparse_coo_tensor(indices, values, shape)`.
    ///
    /// - Parameters:
    ///   - coordinates: Integers of shape `[sparse dimensions, nnz]`.
    ///   - values: The values, `[nnz, …dense]`.
    ///   - shape: The size of each dimension: the sparse ones, then the dense ones.
    ///   - isCoalesced: Whether the coordinates are in order and without duplicates; nil when
    ///     unknown.
    ///   - requiresGrad: Whether gradients are recorded.
    ///   - isParameter: Whether it is a `torch.nn.Parameter`.
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when the parts do not fit.
    public init(
        coordinates: Tensor, values: Tensor, shape: [Int], isCoalesced: Bool? = nil,
        requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        try self.init(
            layout: .coo, shape: shape,
            indices: .coordinates(coordinates, isCoalesced: isCoalesced), values: values,
            requiresGrad: requiresGrad, isParameter: isParameter)
    }

    /// Creates a tensor in a compressed form: `torch.sparse_compressed_tensor`.
    ///
    /// - Parameters:
    ///   - layout: Any but ``SparseLayout/coo``.
    ///   - compressed: Integers of shape `[…batch, n + 1]`.
    ///   - plain: Integers of shape `[…batch, nnz]`.
    ///   - values: The values, `[…batch, nnz, …block, …dense]`.
    ///   - shape: The size of each dimension: batches, two sparse ones, dense ones.
    ///   - requiresGrad: Whether gradients are recorded.
    ///   - isParameter: Whether it is a `torch.nn.Parameter`.
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when the parts do not fit.
    public init(
        layout: SparseLayout, compressed: Tensor, plain: Tensor, values: Tensor, shape: [Int],
        requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        try self.init(
            layout: layout, shape: shape, indices: .compressed(compressed, plain: plain),
            values: values, requiresGrad: requiresGrad, isParameter: isParameter)
    }

    package init(
        layout: SparseLayout, shape: [Int], indices: Indices, values: Tensor,
        requiresGrad: Bool, isParameter: Bool
    ) throws(CheckpointError) {
        let structure = try SparseStructure(
            layout: layout, shape: shape, indices: indices, values: values)
        self.layout = layout
        self.shape = shape
        self.indices = indices
        self.values = values
        self.requiresGrad = requiresGrad
        self.isParameter = isParameter
        batchDimensionCount = structure.batchCount
        denseDimensionCount = structure.denseCount
    }
}

extension SparseTensor: CustomStringConvertible {
    /// One line without elements, such as `sparse_csr float32 [3, 4] cpu (nnz 5)`.
    public var description: String {
        "\(layout.rawValue) \(dtype) \(shape) \(device) (nnz \(storedCount))"
    }
}
