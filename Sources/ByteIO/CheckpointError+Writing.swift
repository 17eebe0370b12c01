import SystemPackage

extension CheckpointError {
    /// An error of the operating system in writing a file, with what to do about it.
    static func writing(_ what: String, _ error: any Error) -> CheckpointError {
        fileSystem(what, error, advice: (error as? Errno)?.adviceOnWriting)
    }
}

extension Errno {
    fileprivate var adviceOnWriting: String? {
        switch self {
        case .noSpace, .diskQuotaExceeded: "Make room there, or name a file on another disk"
        case .fileTooLarge:
            "Name a file on a disk that takes files of this size, or raise the limit (ulimit -f)"
        case .ioError: "The disk, or the way to it, has failed: name a file on another one"
        case .noSuchFileOrDirectory: "Make the folder first, or name a file in another one"
        case .notDirectory: "A part of the path is a file: name a file in a folder"
        case .isDirectory: "There is a folder of that name: name a file to write"
        case .permissionDenied, .notPermitted: "Name a file in a folder that you may write to"
        case .readOnlyFileSystem: "Name a file on a disk that can be written to"
        case .fileNameTooLong: "Choose a shorter name"
        default: nil
        }
    }
}
