import ByteIO
import Foundation
import SystemPackage

extension URL {
    /// The path of a file that is to be read.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when this is not the URL of a file.
    func pathToRead() throws(CheckpointError) -> FilePath {
        try path(orAdvice: "Download it first")
    }

    /// The path of a file that is to be written.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when this is not the URL of a file.
    func pathToWrite() throws(CheckpointError) -> FilePath {
        try path(orAdvice: "Write a file, and upload that")
    }

    private func path(orAdvice advice: String) throws(CheckpointError) -> FilePath {
        guard isFileURL else {
            throw CheckpointError(.fileSystem, "is not the URL of a file", advice: advice)
                .inFile(absoluteString)
        }
        return FilePath(path)
    }
}
