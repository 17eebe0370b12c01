public import ByteIO
public import Foundation
public import OrderedCollections
public import Safetensors

extension SafetensorsFile {
    /// Opens the safetensors file at a file URL, as ``init(contentsOf:fileAccess:)-(FilePath,_)``
    /// does with a path.
    ///
    /// - Throws: ``CheckpointError``; its code is ``CheckpointError/Code/fileSystem`` when the URL
    ///   is not one of a file.
    public init(contentsOf url: URL, fileAccess: FileAccess = .mapped) throws {
        try self.init(contentsOf: url.pathToRead(), fileAccess: fileAccess)
    }
}

extension StateDict {
    /// Writes the tensors to a safetensors file at a file URL, as
    /// ``writeSafetensors(to:sharedStorage:metadata:progress:)-(FilePath,_,_,_)`` does with a path.
    ///
    /// - Throws: ``CheckpointError``, ``CheckpointError/Code/fileSystem`` when the URL is not one
    ///   of a file, and what `progress` throws.
    public func writeSafetensors(
        to url: URL, sharedStorage: SharedStoragePolicy = .reject,
        metadata: OrderedDictionary<String, String> = ["format": "pt"],
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try writeSafetensors(
            to: url.pathToWrite(), sharedStorage: sharedStorage, metadata: metadata,
            progress: progress)
    }
}
