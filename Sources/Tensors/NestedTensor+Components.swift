import ByteIO

extension NestedTensor {
    /// The components as views of the values, which share their storage: `tensor.unbind()`.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when a component is not inside the values;
    ///   ``CheckpointError/Code/limitExceeded`` when there are more than the offsets have bytes.
    /// - Complexity: O(*n*) in the number of components; no element of them is read.
    public func components() throws -> [Tensor] {
        try checkCount()
        switch form {
        case .strided(let sizes, let strides, let offsets):
            return try components(sizes, strides, offsets)
        case .jagged(let offsets, let lengths, let dimension):
            return try components(offsets, lengths, along: dimension - 1)
        }
    }

    // Offsets that are an expanded view are a few bytes and any number of components.
    private func checkCount() throws(CheckpointError) {
        let offsets =
            switch form {
            case .strided(_, _, let offsets), .jagged(let offsets, _, _): offsets
            }
        guard offsets.hasData, componentCount > offsets.storage.byteCount else { return }
        throw CheckpointError(
            .limitExceeded,
            "a nested tensor has \(componentCount) components, but offsets of "
                + "\(offsets.storage.byteCount) bytes",
            advice: "The file may have been made to exhaust memory")
    }

    private func components(_ sizes: Tensor, _ strides: Tensor, _ offsets: Tensor) throws
        -> [Tensor]
    {
        let starts = try offsets.array(converting: Int64.self)
        guard !starts.isEmpty else { return [] }
        let rank = sizes.shape[1]
        let (sizes, strides) = try (
            sizes.array(converting: Int64.self), strides.array(converting: Int64.self)
        )
        let end = values.shape[0]
        return try starts.enumerated().map { place, start in
            let range = place * rank..<(place + 1) * rank
            let layout = try TensorLayout(
                shape: sizes[range].map { Int($0) }, strides: strides[range].map { Int($0) },
                offset: Int(start))
            guard try layout.elementCount == 0 || layout.extent().upperBound <= end else {
                throw CheckpointError.invalidNested(
                    "has the component \(place) of shape \(layout.shape), strides "
                        + "\(layout.strides) and offset \(start) in a buffer of \(end) elements")
            }
            let step = values.strides[0]
            return try view(
                layout.shape, layout.strides.map { try $0.multipliedChecked(by: step) },
                offset: layout.offset.multipliedChecked(by: step))
        }
    }

    private func components(
        _ offsets: Tensor, _ lengths: Tensor?, along dimension: Int
    ) throws -> [Tensor] {
        let starts = try offsets.array(converting: Int64.self)
        let lengths = try lengths?.array(converting: Int64.self)
        let (end, step) = (values.shape[dimension], values.strides[dimension])
        return try (0..<componentCount).map { place in
            let start = starts[place]
            let length =
                lengths?[place]
                ?? starts[place + 1].subtractingReportingOverflow(start).partialValue
            guard start >= 0, length >= 0, start <= end, length <= Int64(end) - start else {
                throw CheckpointError.invalidNested(
                    "has the component \(place) from \(start) with \(length) places of \(end)")
            }
            var shape = values.shape
            shape[dimension] = Int(length)
            return try view(
                shape, values.strides, offset: Int(start).multipliedChecked(by: step))
        }
    }

    private func view(_ shape: [Int], _ strides: [Int], offset: Int) throws -> Tensor {
        try Tensor(
            storage: values.storage, dtype: dtype,
            layout: TensorLayout(
                shape: shape, strides: strides,
                offset: values.storageOffset.addingChecked(offset)),
            pendingOperations: values.pendingOperations)
    }
}
