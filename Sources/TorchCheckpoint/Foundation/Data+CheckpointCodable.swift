public import Foundation

extension Data: CheckpointCodable {
    /// Reads a `bytes` or `bytearray`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    /// - Complexity: O(*n*) in the length.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let bytes = value.bytes else { throw value.mismatch("a bytes") }
        self.init(bytes)
    }

    /// The `bytes`.
    ///
    /// - Complexity: O(*n*) in the length.
    public func checkpointValue() throws -> CheckpointValue { CheckpointValue(bytes: self) }
}
