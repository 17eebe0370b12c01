extension CheckpointError {
    /// What kind of trouble an error reports.
    ///
    /// The set may grow: switch over it with a `default`. Each code is described in
    /// `Specs/errors.md`.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as in the table of `Specs/errors.md`.
        public let rawValue: String

        /// Creates a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The code's name.
        public var description: String { rawValue }
    }
}

// The codes of the layer that all others stand on: files and byte ranges.
extension CheckpointError.Code {
    /// The operating system could not open, read, map, write or rename a file.
    public static let fileSystem = Self(rawValue: "fileSystem")
    /// Fewer bytes are there than a length or a fixed layout asks for.
    public static let truncated = Self(rawValue: "truncated")
    /// A number from the file is too large, too small, or overflows when combined with others.
    public static let numberOutOfRange = Self(rawValue: "numberOutOfRange")
    /// The memory for a result is not to be had.
    public static let outOfMemory = Self(rawValue: "outOfMemory")
    /// A limit was reached: one of `LoadOptions`, or a fixed one.
    ///
    /// All are in `Specs/limits.md`.
    public static let limitExceeded = Self(rawValue: "limitExceeded")
}
