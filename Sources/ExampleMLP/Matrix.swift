public import TorchCheckpoint

/// Numbers in rows: a batch of samples, or the weight of a layer.
public struct Matrix<Scalar: NetworkScalar>: Sendable, Hashable {
    /// The number of rows.
    public let rows: Int
    /// The number of numbers in a row.
    public let columns: Int
    /// The numbers, one row after the other.
    public private(set) var elements: [Scalar]

    /// Creates a matrix.
    ///
    /// - Throws: `shapeMismatch` when there are not `rows` times `columns` elements.
    public init(rows: Int, columns: Int, elements: [Scalar]) throws {
        let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflows, count == elements.count else {
            throw CheckpointError(
                .shapeMismatch, "\(elements.count) elements are no \(rows) rows of \(columns)")
        }
        self.init(rows: rows, columns: columns, checked: elements)
    }

    /// Creates a matrix of the numbers of a tensor of two dimensions.
    ///
    /// - Throws: `shapeMismatch` for another number of dimensions; as `Tensor.array(of:)`.
    /// - Complexity: O(*n*) in the number of elements.
    public init(_ tensor: Tensor) throws {
        guard tensor.rank == 2 else {
            throw CheckpointError(
                .shapeMismatch, "a tensor of shape \(tensor.shape) is no matrix",
                advice: "One of two dimensions is needed: rows, and what is in a row")
        }
        try self.init(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.array())
    }

    /// For elements of which there are as many as there have to be.
    init(rows: Int, columns: Int, checked elements: [Scalar]) {
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// The matrix as a tensor of two dimensions.
    ///
    /// - Throws: as `Tensor.init`.
    public func tensor() throws -> Tensor { try Tensor(elements, shape: [rows, columns]) }

    /// The rows in a range, which has to be one of rows that there are.
    func rows(in range: Range<Int>) -> Matrix {
        let part = elements[range.lowerBound * columns..<range.upperBound * columns]
        return Matrix(rows: range.count, columns: columns, checked: Array(part))
    }

    /// - Throws: `shapeMismatch` unless there is a target for each row, and at least one.
    func checkTargets(_ targets: [Int]) throws {
        guard rows == targets.count, !targets.isEmpty else {
            throw CheckpointError(
                .shapeMismatch, "there are \(targets.count) targets for \(rows) samples",
                advice: "Give each sample a target, and at least one sample")
        }
    }

    /// A matrix of the same size with other elements.
    func mapElements(_ transform: (Int, Scalar) -> Scalar) -> Matrix {
        let changed = elements.indices.map { transform($0, elements[$0]) }
        return Matrix(rows: rows, columns: columns, checked: changed)
    }
}
