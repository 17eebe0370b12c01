public import ByteIO

// The codes of the tensor layer.
extension CheckpointError.Code {
    /// A tensor's shape, strides or offset make no sense or reach outside its storage.
    public static let invalidTensor = Self(rawValue: "invalidTensor")
    /// The elements were asked for as a type that does not hold the tensor's dtype.
    public static let dtypeMismatch = Self(rawValue: "dtypeMismatch")
    /// A contiguous tensor was asked for and this one is a strided view.
    public static let notContiguous = Self(rawValue: "notContiguous")
    /// A value has no counterpart in the type that it is converted to.
    public static let inconvertible = Self(rawValue: "inconvertible")
    /// A tensor has not the number of elements that was asked for.
    public static let shapeMismatch = Self(rawValue: "shapeMismatch")
    /// Elements were asked for of a tensor that has a shape and no data, as those on `meta` do.
    public static let noData = Self(rawValue: "noData")
}

extension CheckpointError {
    static var noData: CheckpointError {
        CheckpointError(
            .noData, "the tensor has a shape and no data: it was saved without its elements",
            advice: "Take it from a checkpoint that was saved with data")
    }
}
