import Pickle
public import Tensors

extension CheckpointValue {
    /// Whether this is a tensor.
    public var isTensor: Bool { kind == .tensor }

    /// The tensor that this value is; none of its elements are read.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when this is something else;
    ///   ``CheckpointError/Code/invalidTensor`` when shape, strides or offset make no sense.
    public func tensor() throws -> Tensor {
        guard let tensor = try contents.resolver.tensor(id) else {
            throw CheckpointError(
                .typeMismatch, "a tensor was asked for, but a \(typeName) is there",
                offset: graph.offset(of: id))
        }
        return tensor
    }

    /// The storage that this value is, when it is one without a tensor around it.
    public var storage: Storage? { contents.storage(id) }
}
