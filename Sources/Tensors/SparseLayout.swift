/// How a sparse tensor says where its values are; named as in torch.
///
/// The Python counterpart is `torch.layout`; the raw value is its name without `torch.`.
public enum SparseLayout: String, Sendable, CaseIterable {
    /// The coordinates of each value.
    case coo = "sparse_coo"
    /// The columns of the values of each row.
    case csr = "sparse_csr"
    /// The rows of the values of each column.
    case csc = "sparse_csc"
    /// As ``csr``, of blocks.
    case bsr = "sparse_bsr"
    /// As ``csc``, of blocks.
    case bsc = "sparse_bsc"

    /// Whether the compressed indices stand for rows; false for ``coo``.
    package var compressesRows: Bool { self == .csr || self == .bsr }

    /// Whether the values are blocks.
    package var hasBlocks: Bool { self == .bsr || self == .bsc }
}
