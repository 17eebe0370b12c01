public import Foundation

extension URL: CheckpointCodable {
    /// Reads a `str`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``; ``CheckpointError/Code/invalidValue`` when
    ///   the text is no URL.
    public init(checkpointValue value: CheckpointValue) throws {
        guard let url = URL(string: try String(decoding: value)) else {
            throw CheckpointError(
                .invalidValue, "\(value.shortRepr) is no URL",
                offset: value.graph.place(of: value.id))
        }
        self = url
    }

    /// The `str`.
    public func checkpointValue() throws -> CheckpointValue { CheckpointValue(absoluteString) }
}
