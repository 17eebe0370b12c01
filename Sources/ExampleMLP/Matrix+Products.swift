extension Matrix {
    /// The number of the greatest element of each row, the first of several: `argmax(dim=1)`.
    public var greatestColumns: [Int] {
        (0..<rows).map { row in
            let start = row * columns
            return (0..<columns).max { elements[start + $0] < elements[start + $1] } ?? 0
        }
    }

    /// Rows become columns.
    var transposed: Matrix {
        var result: [Scalar] = []
        result.reserveCapacity(elements.count)
        for column in 0..<columns {
            for row in 0..<rows { result.append(elements[row * columns + column]) }
        }
        return Matrix(rows: columns, columns: rows, checked: result)
    }

    /// The products of all rows with all rows of `other`, as `self @ other.T` in Python.
    ///
    /// Each is summed up in `Double` and rounded once. Both have the same number of columns.
    ///
    /// - Parameter offsets: What each column of the result starts with: the bias of a layer.
    /// - Complexity: O(*n* · *m* · *k*).
    func times(rowsOf other: Matrix, offsets: [Scalar]? = nil) -> Matrix {
        let (left, right) = (elements.map(\.widened), other.elements.map(\.widened))
        let starts =
            offsets?.map(\.widened) ?? Array(repeating: 0, count: other.rows)
        var result: [Scalar] = []
        result.reserveCapacity(rows * other.rows)
        for row in 0..<rows {
            for otherRow in 0..<other.rows {
                let (first, second) = (row * columns, otherRow * columns)
                var sum = starts[otherRow]
                for place in 0..<columns { sum += left[first + place] * right[second + place] }
                result.append(Scalar(rounding: sum))
            }
        }
        return Matrix(rows: rows, columns: other.rows, checked: result)
    }

    /// The sum of each column.
    var columnSums: [Scalar] {
        wideColumns.map { Scalar(rounding: $0.reduce(0, +)) }
    }

    /// The columns as `Double`, for what is computed over a batch.
    var wideColumns: [[Double]] {
        let wide = elements.map(\.widened)
        return (0..<columns).map { column in
            (0..<rows).map { wide[$0 * columns + column] }
        }
    }

    /// Creates a matrix of columns that are all `rows` long, each number rounded once.
    init(rows: Int, wideColumns: [[Double]]) {
        var elements: [Scalar] = []
        elements.reserveCapacity(rows * wideColumns.count)
        for row in 0..<rows {
            for column in wideColumns { elements.append(Scalar(rounding: column[row])) }
        }
        self.init(rows: rows, columns: wideColumns.count, checked: elements)
    }
}
