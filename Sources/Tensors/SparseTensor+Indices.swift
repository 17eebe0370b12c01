import ByteIO

extension SparseTensor {
    /// Checks what the indices say, as `torch.sparse.check_sparse_tensor_invariants` does.
    ///
    /// Coordinates lie inside the shape, and are in order without duplicates where ``isCoalesced`` is
    /// true. Compressed indices start with 0, end with the number of values and never go down; plain
    /// indices lie inside the shape, and go up within each row or column.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` with what is wrong.
    /// - Complexity: O(*n*) in the number of indices.
    public func validateIndices() throws {
        _ = try validatedPlaces()
    }

    /// For each value in order, the place of its batch, row and column, or of its coordinates, in
    /// the dimensions in front of the dense ones, in row-major order and in units of blocks.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor``.
    func validatedPlaces() throws -> [Int] {
        switch indices {
        case .coordinates(let coordinates, let isCoalesced):
            try checkSize(coordinates)
            return try places(of: coordinates, areInOrder: isCoalesced == true)
        case .compressed(let compressed, let plain):
            try checkSize(compressed)
            try checkSize(plain)
            return try places(compressed, plain)
        }
    }

    /// The most indices that an expanded view of fewer may stand for.
    static let maximumExpandedIndices = 1 << 22

    // A place is made of each, and nobody saves indices that are all the same.
    private func checkSize(_ indices: Tensor) throws(CheckpointError) {
        let stored = indices.storage.byteCount / indices.dtype.itemSize
        guard indices.hasData, indices.elementCount > max(stored, Self.maximumExpandedIndices)
        else { return }
        throw CheckpointError(
            .limitExceeded,
            "a tensor of layout \(layout.rawValue) has \(indices.elementCount) indices, of which "
                + "\(stored) are stored",
            advice: "The file may have been made to exhaust memory")
    }

    private func places(of coordinates: Tensor, areInOrder: Bool) throws -> [Int] {
        let sizes = sparseShape
        let numbers = try coordinates.array(converting: Int64.self)
        let count = storedCount
        // Without sparse dimensions all values are at the only place there is.
        var places = [Int](repeating: 0, count: numbers.isEmpty ? try checkedCount() : count)
        for (dimension, size) in sizes.enumerated() {
            for place in 0..<count {
                let index = Int(numbers[dimension * count + place])
                guard 0..<size ~= index else {
                    throw CheckpointError.invalidSparse(
                        layout,
                        "has the index \(index) in dimension \(dimension), whose size is "
                            + "\(size)")
                }
                // Stays below the product of the sizes, none of which is 0 here.
                places[place] = try places[place].multipliedChecked(by: size).addingChecked(index)
            }
        }
        if areInOrder, let wrong = zip(places, places.dropFirst()).firstIndex(where: >=) {
            throw CheckpointError.invalidSparse(
                layout,
                "is said to be coalesced, but indices \(wrong) and \(wrong + 1) are not in "
                    + "order")
        }
        return places
    }

    /// The number of values, where it is not bounded by that of the indices.
    private func checkedCount() throws(CheckpointError) -> Int {
        guard storedCount > values.storage.byteCount else { return storedCount }
        throw .invalidSparse(layout, "has \(storedCount) values without indices or bytes")
    }

    private func places(_ compressed: Tensor, _ plain: Tensor) throws -> [Int] {
        let starts = try compressed.array(converting: Int64.self)
        let others = try plain.array(converting: Int64.self)
        let rows = compressed.shape[batchDimensionCount] - 1
        let columns =
            sparseShape[layout.compressesRows ? 1 : 0]
            / blockSize[
                layout.compressesRows ? 1 : 0]
        let batches = rows < 0 ? 0 : starts.count / (rows + 1)
        var places: [Int] = []
        places.reserveCapacity(others.count)
        for batch in 0..<batches {
            let first = batch * (rows + 1)
            let range = try checkedStarts(starts[first...(first + rows)])
            guard range else { continue }
            for row in 0..<rows {
                var last: Int64 = -1
                for place in starts[first + row]..<starts[first + row + 1] {
                    let column = others[batch * storedCount + Int(place)]
                    guard column > last, column < columns else {
                        throw CheckpointError.invalidSparse(
                            layout, "has the plain index \(column) behind \(last), of \(columns)")
                    }
                    last = column
                    try places.append(
                        self.place(batch: batch, row, Int(column), rows: rows, columns: columns))
                }
            }
        }
        return places
    }

    private func place(
        batch: Int, _ compressed: Int, _ plain: Int, rows: Int, columns: Int
    ) throws(CheckpointError) -> Int {
        let base = try batch.multipliedChecked(by: rows).multipliedChecked(by: columns)
        let place =
            layout.compressesRows
            ? try compressed.multipliedChecked(by: columns).addingChecked(plain)
            : try plain.multipliedChecked(by: rows).addingChecked(compressed)
        return try base.addingChecked(place)
    }

    /// Checks the compressed indices of one batch; false when there is nothing in it.
    private func checkedStarts(_ starts: ArraySlice<Int64>) throws(CheckpointError) -> Bool {
        guard starts.first == 0, starts.last == Int64(storedCount) else {
            throw .invalidSparse(
                layout,
                "has compressed indices from \(starts.first ?? 0) to \(starts.last ?? 0) "
                    + "instead of 0 to \(storedCount)")
        }
        guard zip(starts, starts.dropFirst()).allSatisfy(<=) else {
            throw .invalidSparse(layout, "has compressed indices that go down")
        }
        return storedCount > 0
    }
}

extension Sequence {
    /// The place of the first element for which a condition holds.
    fileprivate func firstIndex<First, Second>(
        where holds: (First, Second) -> Bool
    ) -> Int? where Element == (First, Second) {
        for (place, pair) in enumerated() where holds(pair.0, pair.1) { return place }
        return nil
    }
}
