import ByteIO
import SystemPackage

/// A file of the folder that is named like a checkpoint.
struct CheckpointFile {
    let path: FilePath
    /// The file's name, and what it says.
    let text: String
    let name: CheckpointName
    /// What the file was when the folder was listed.
    var status: FileStatus

    /// The order of saving: by epoch, then by the time of writing, then by name.
    static func isInOrder(_ left: CheckpointFile, _ right: CheckpointFile) -> Bool {
        (left.name.epoch, left.status.modified, left.text)
            < (right.name.epoch, right.status.modified, right.text)
    }
}
