public import Foundation

extension CheckpointDirectory {
    /// Names the folder at a file URL, as the initializer that takes a path does.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the URL is not one of a file; as the
    ///   initializer that takes a path.
    public init(
        _ url: URL, metric: Metric? = nil, keepingLast: Int? = 3, keepingBest: Int = 1,
        every: Int = 1, fileExtension: String = "pth", verification: Verification = .checksums,
        loadOptions: LoadOptions = LoadOptions()
    ) throws {
        try self.init(
            url.pathToWrite(), metric: metric, keepingLast: keepingLast,
            keepingBest: keepingBest, every: every, fileExtension: fileExtension,
            verification: verification, loadOptions: loadOptions)
    }
}
