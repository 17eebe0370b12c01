package import ByteIO

/// A list of tensors of one rank and dtype and of different sizes, kept in one buffer.
///
/// The Python counterpart is what `torch.nested.nested_tensor` makes.
public struct NestedTensor: Sendable {
    /// How the components are kept.
    public enum Form: Sendable {
        /// `torch.strided`: sizes and strides `[n, rank]`, and offsets `[n]` into the buffer.
        case strided(sizes: Tensor, strides: Tensor, offsets: Tensor)
        /// `torch.jagged`: the components follow each other along a dimension of the values, from
        /// one of `n + 1` offsets to the next, or as long as the lengths say. `raggedDimension` is
        /// that dimension among those of the nested tensor, of which the first is for the
        /// components.
        case jagged(offsets: Tensor, lengths: Tensor?, raggedDimension: Int)
    }

    /// The elements of all components.
    public let values: Tensor
    /// How the components are kept.
    public let form: Form
    /// Whether gradients are recorded.
    public let requiresGrad: Bool
    /// Whether it is a `torch.nn.Parameter`.
    public let isParameter: Bool

    /// The type of the elements.
    public var dtype: DType { values.dtype }
    /// The device tag of the values.
    public var device: Device { values.device }
    /// The name of the layout: `nested` for the strided form, `jagged`.
    public var layoutName: String {
        if case .strided = form { "nested" } else { "jagged" }
    }
    /// The number of components.
    public var componentCount: Int {
        switch form {
        case .strided(_, _, let offsets): offsets.shape.first ?? 0
        case .jagged(let offsets, _, _): max((offsets.shape.first ?? 0) - 1, 0)
        }
    }

    /// The parts with the names that torch has for them.
    public var parts: [(name: String, tensor: Tensor)] {
        switch form {
        case .strided(let sizes, let strides, let offsets):
            return [
                ("buffer", values), ("sizes", sizes), ("strides", strides), ("offsets", offsets),
            ]
        case .jagged(let offsets, let lengths, _):
            var parts = [("values", values), ("offsets", offsets)]
            if let lengths { parts.append(("lengths", lengths)) }
            return parts
        }
    }

    /// Creates a nested tensor after checking that the shapes of its parts fit.
    ///
    /// What the sizes and offsets say is checked by ``components()``.
    ///
    /// - Throws: ``CheckpointError/Code/invalidTensor`` when the parts do not fit.
    public init(
        values: Tensor, form: Form, requiresGrad: Bool = false, isParameter: Bool = false
    ) throws {
        try self.init(
            checked: values, form: form, requiresGrad: requiresGrad, isParameter: isParameter)
    }

    package init(
        checked values: Tensor, form: Form, requiresGrad: Bool, isParameter: Bool
    ) throws(CheckpointError) {
        switch form {
        case .strided(let sizes, let strides, let offsets):
            try Self.checkStrided(values, sizes, strides, offsets)
        case .jagged(let offsets, let lengths, let dimension):
            try Self.checkJagged(values, offsets, lengths, dimension)
        }
        self.values = values
        self.form = form
        self.requiresGrad = requiresGrad
        self.isParameter = isParameter
    }

    private static func checkStrided(
        _ buffer: Tensor, _ sizes: Tensor, _ strides: Tensor, _ offsets: Tensor
    ) throws(CheckpointError) {
        // Of no components, torch makes sizes and strides without dimensions.
        let isEmpty = offsets.shape == [0] && sizes.rank == 0
        guard buffer.rank == 1, offsets.rank == 1, sizes.shape == strides.shape,
            isEmpty || sizes.rank == 2 && sizes.shape[0] == offsets.shape[0],
            isEmpty || [sizes, strides, offsets].allSatisfy({ $0.dtype == .int64 })
        else {
            throw .invalidNested(
                "has a buffer of shape \(buffer.shape), sizes \(sizes.shape), strides "
                    + "\(strides.shape) and offsets \(offsets.shape)")
        }
    }

    private static func checkJagged(
        _ values: Tensor, _ offsets: Tensor, _ lengths: Tensor?, _ dimension: Int
    ) throws(CheckpointError) {
        let indices = [offsets] + (lengths.map { [$0] } ?? [])
        guard offsets.rank == 1, offsets.shape[0] >= 1, 1...max(values.rank, 1) ~= dimension,
            values.rank >= 1, lengths.map({ $0.shape == [offsets.shape[0] - 1] }) ?? true,
            indices.allSatisfy({ $0.dtype == .int64 || $0.dtype == .int32 })
        else {
            throw .invalidNested(
                "has values of shape \(values.shape), offsets \(offsets.shape), "
                    + (lengths.map { "lengths \($0.shape), " } ?? "")
                    + "and the ragged dimension \(dimension)")
        }
    }
}

extension CheckpointError {
    static func invalidNested(_ what: String) -> CheckpointError {
        CheckpointError(
            .invalidTensor, "a nested tensor \(what)",
            advice: "The file is damaged or was not written by torch")
    }
}

extension NestedTensor: CustomStringConvertible {
    /// One line without elements, such as `nested float32 of 3 cpu`.
    public var description: String { "\(layoutName) \(dtype) of \(componentCount) \(device)" }
}
