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

        /// Opens the checkpoint.
        ///
        /// - Throws: as ``Checkpoint/init(contentsOf:range:options:)-(FilePath,_,_)``; with advice
        ///   when the file was removed since it was found.
        /// - Complexity: as ``Checkpoint/init(contentsOf:range:options:)-(FilePath,_,_)``.
        public func open(options: LoadOptions = LoadOptions()) throws -> Checkpoint {
            do {
                return try Checkpoint(contentsOf: path, options: options)
            } catch let error as CheckpointError where path.isGone {
                throw CheckpointError(
                    .fileSystem, "is no longer there, though it was when it was looked for",
                    advice: "A save that keeps newer ones has removed it; ask for latest() again",
                    underlying: error
                ).inFile(path.string)
            }
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
