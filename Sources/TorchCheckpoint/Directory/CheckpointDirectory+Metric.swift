extension CheckpointDirectory {
    /// A number that tells how good a checkpoint is.
    public struct Metric: Hashable, Sendable {
        /// The name, which is part of the files' names: ASCII letters, digits, `_` and `.`.
        public let name: String
        private let isMinimized: Bool

        /// A metric that is the better the smaller it is, as a loss.
        public static func minimizing(_ name: String = "loss") -> Metric {
            Metric(name: name, isMinimized: true)
        }

        /// A metric that is the better the larger it is, as an accuracy.
        public static func maximizing(_ name: String) -> Metric {
            Metric(name: name, isMinimized: false)
        }

        /// Whether one number is better than another; NaN is neither better nor worse than any.
        func isBetter(_ left: Double, than right: Double) -> Bool {
            isMinimized ? left < right : left > right
        }
    }
}
