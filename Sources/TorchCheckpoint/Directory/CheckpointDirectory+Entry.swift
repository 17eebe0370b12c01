import ByteIO
public import SystemPackage

extension CheckpointDirectory {
    /// A checkpoint of the folder.
    public struct Entry: Hashable, Sendable {
        /// The file.
        public let path: FilePath
        /// The epoch after which it was saved.
        public let epoch: Int
        /// The metric; nil when it was saved without one, or with another metric than the
        /// directory's.
        public let metric: Double?
        private let loadOptions: LoadOptions

        init(path: FilePath, epoch: Int, metric: Double?, loadOptions: LoadOptions) {
            (self.path, self.epoch, self.metric) = (path, epoch, metric)
            self.loadOptions = loadOptions
        }

        /// Opens the checkpoint.
        ///
        /// - Parameter options: Device mapping, policy and limits; nil for those of the directory.
        /// - Throws: as ``Checkpoint/init(contentsOf:range:options:)-(FilePath,_,_)``; with advice
        ///   when the file was removed since it was found.
        /// - Complexity: as ``Checkpoint/init(contentsOf:range:options:)-(FilePath,_,_)``.
        public func open(options: LoadOptions? = nil) throws -> Checkpoint {
            do {
                return try Checkpoint(contentsOf: path, options: options ?? loadOptions)
            } catch let error as CheckpointError where path.isGone {
                throw CheckpointError(
                    .fileSystem, "is no longer there, though it was when it was looked for",
                    advice: "A save that keeps newer ones has removed it; ask for latest() again",
                    underlying: error
                ).inFile(path.string)
            }
        }

        /// Whether path, epoch and metric are equal.
        public static func == (left: Entry, right: Entry) -> Bool {
            (left.path, left.epoch, left.metric) == (right.path, right.epoch, right.metric)
        }

        /// Hashes path, epoch and metric.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(path)
            hasher.combine(epoch)
            hasher.combine(metric)
        }
    }

    /// A file that is named like a checkpoint and is not a whole one.
    public struct Damaged: Sendable {
        /// The file.
        public let path: FilePath
        /// What is wrong with it.
        public let error: CheckpointError
    }

    /// The checkpoints of the folder.
    public struct Listing: Sendable {
        /// Those that are whole, the latest last.
        public let entries: [Entry]
        /// Those that are not, in the same order.
        public let damaged: [Damaged]
    }
}
