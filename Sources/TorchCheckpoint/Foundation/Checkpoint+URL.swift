public import Foundation
import SystemPackage

extension Checkpoint {
    /// Opens the checkpoint at a file URL, as ``init(contentsOf:range:options:)`` does with a path.
    ///
    /// - Throws: ``CheckpointError``; its code is ``CheckpointError/Code/fileSystem`` when the URL
    ///   is not one of a file.
    public init(
        contentsOf url: URL, range: Range<Int>? = nil, options: LoadOptions = LoadOptions()
    ) throws {
        guard url.isFileURL else {
            throw CheckpointError(
                .fileSystem, "is not the URL of a file", advice: "Download it first"
            ).inFile(url.absoluteString)
        }
        try self.init(contentsOf: FilePath(url.path), range: range, options: options)
    }
}
