/// Something in a file that someone who loads it in Python should know.
public struct ScanFinding: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Comparable, Sendable {
        /// Worth knowing; no reason to keep away from the file.
        case note
        /// Nothing that torch writes, or something that could not be judged.
        case warning
        /// Loading the file in Python would do harm, or can't be told not to.
        case danger

        /// Returns whether the first is less bad.
        public static func < (left: Severity, right: Severity) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .danger: 2
            }
        }
    }

    /// What kind of finding it is.
    ///
    /// The set may grow: switch over it with a `default`. Each is described in `Specs/scanning.md`.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as in the table of `Specs/scanning.md`.
        public let rawValue: String

        /// Creates a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The code's name.
        public var description: String { rawValue }
    }

    /// What kind of finding it is.
    public let code: Code
    /// How bad it is.
    public let severity: Severity
    /// The record or member it is in, with those that are around it; nil in a file without any.
    public let record: String?
    /// The byte in the record, or in the file.
    public let offset: Int?
    /// What was found, and what it does.
    public let message: String
    /// Why this library does not read the file; only with the code ``Code/refused``.
    public let error: CheckpointError.Code?
}
