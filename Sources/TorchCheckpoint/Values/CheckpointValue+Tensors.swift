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
        try tensor(at: nil)
    }

    /// The tensor that this value is, with its path in errors.
    func tensor(at path: CheckpointPath?) throws(CheckpointError) -> Tensor {
        do throws(CheckpointError) {
            if let tensor = try contents.resolver.tensor(id) { return tensor }
            guard isAnyTensor else { throw mismatch("a tensor") }
            throw mismatch(
                "a strided tensor", advice: "tensorValue() gives sparse and nested tensors")
        } catch {
            throw contents.locating(error, at: path)
        }
    }

    /// The storage that this value is, when it is one without a tensor around it.
    public var storage: Storage? { contents.storage(id) }
}
