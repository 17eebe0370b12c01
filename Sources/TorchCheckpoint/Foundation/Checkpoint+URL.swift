public import Foundation

extension Checkpoint {
    /// Opens the checkpoint at a file URL, as ``init(contentsOf:range:options:)`` does with a path.
    ///
    /// - Throws: ``CheckpointError``; its code is ``CheckpointError/Code/fileSystem`` when the URL
    ///   is not one of a file.
    public init(
        contentsOf url: URL, range: Range<Int>? = nil, options: LoadOptions = LoadOptions()
    ) throws {
        try self.init(contentsOf: url.pathToRead(), range: range, options: options)
    }

    /// Saves the checkpoint to a file URL, as ``write(to:options:progress:)`` does to a path.
    ///
    /// - Throws: as ``write(to:options:progress:)``; ``CheckpointError/Code/fileSystem`` when the
    ///   URL is not one of a file.
    public func write(
        to url: URL, options: SaveOptions = SaveOptions(),
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try write(to: url.pathToWrite(), options: options, progress: progress)
    }
}
