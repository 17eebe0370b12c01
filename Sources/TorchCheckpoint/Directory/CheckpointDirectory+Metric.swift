extension CheckpointDirectory {
    /// A number that tells how good a checkpoint is.
    public struct Metric: Hashable, Sendable {
        /// Which numbers are good.
        public enum Direction: Hashable, Sendable {
            /// The smaller the better, as for a loss.
            case minimizing
            /// The larger the better, as for an accuracy.
            case maximizing
        }

        /// The name, which is part of the files' names: ASCII letters, digits, `_` and `.`.
        public let name: String
        /// Which numbers are good.
        public let direction: Direction

        /// Creates a metric.
        public init(_ name: String, _ direction: Direction) {
            (self.name, self.direction) = (name, direction)
        }

        /// A metric that is the better the smaller it is.
        public static func minimizing(_ name: String = "loss") -> Metric {
            Metric(name, .minimizing)
        }

        /// A metric that is the better the larger it is.
        public static func maximizing(_ name: String) -> Metric { Metric(name, .maximizing) }

        /// Whether one number is better than another; none is better than NaN, and NaN than none.
        func isBetter(_ left: Double, than right: Double) -> Bool {
            switch direction {
            case .minimizing: left < right
            case .maximizing: left > right
            }
        }
    }

    /// What a checkpoint has to stand to be taken for whole.
    public enum Verification: Hashable, Sendable {
        /// It opens, and every tensor lies inside a storage that is there.
        ///
        /// Takes reading the pickle. Tells a file that was cut off, not one with a flipped bit.
        case structure
        /// The same, and the contents of every record have the checksum that is there for them.
        ///
        /// Takes reading the file. See ``Checkpoint/verifyChecksums()``.
        case checksums
    }
}
