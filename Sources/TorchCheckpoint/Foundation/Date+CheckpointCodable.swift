public import Foundation

extension Date: CheckpointCodable {
    /// Reads a number: the seconds since 1970, as Python's `time.time()` gives them; or a
    /// `datetime.datetime` or `datetime.date`, as ``CheckpointValue/date``.
    ///
    /// - Throws: as decoding a `Double`.
    public init(checkpointValue value: CheckpointValue) throws {
        if let date = value.date {
            self = date
        } else {
            self.init(timeIntervalSince1970: try Double(decoding: value))
        }
    }

    /// The `float`.
    public func checkpointValue() throws -> CheckpointValue {
        CheckpointValue(timeIntervalSince1970)
    }
}
