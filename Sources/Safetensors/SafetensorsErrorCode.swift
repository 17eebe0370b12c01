public import ByteIO

// The codes of the safetensors layer.
extension CheckpointError.Code {
    /// Tensors share memory, which the format can't express, and no policy says what to do.
    public static let sharedStorage = Self(rawValue: "sharedStorage")
    /// A dtype that the format does not have.
    public static let unsupportedDType = Self(rawValue: "unsupportedDType")
    /// A safetensors file whose header or layout breaks the format's rules.
    public static let invalidSafetensors = Self(rawValue: "invalidSafetensors")
}
