import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// What was found where a checkpoint was expected.
    enum Finding {
        case whole
        case damaged(CheckpointError)
        /// Another process has removed it.
        case gone
    }

    /// Looks whether a file is a whole checkpoint, and notes it.
    ///
    /// Nothing is mapped, because other programs may write to the file or cut it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - verification: What it has to stand; nil for what the directory asks for.
    /// - Throws: what says nothing of the file, as when there is no memory.
    /// - Complexity: as `verification` says.
    func finding(
        of file: CheckpointFile, _ verification: Verification? = nil
    ) throws(CheckpointError) -> Finding {
        let verification = verification ?? self.verification
        do {
            let checkpoint = try Checkpoint(outlineOf: file.path, options: loadOptions)
            try checkpoint.checkTensors()
            if verification == .checksums { try checkpoint.verifyChecksums() }
        } catch {
            if file.path.isGone { return .gone }
            // Verifying throws nothing else, but does not say so.
            let error =
                error as? CheckpointError
                ?? CheckpointError(.fileSystem, "\(error)", underlying: error)
            guard error.isOfFile else { throw error }
            verified.note(false, file, verification)
            return .damaged(error)
        }
        verified.note(true, file, verification)
        return .whole
    }

    /// Whether a file is a whole checkpoint, by what is known if it is known.
    func isWhole(_ file: CheckpointFile) throws(CheckpointError) -> Bool {
        if let isWhole = verified.isWhole(file, verification) { return isWhole }
        guard case .whole = try finding(of: file) else { return false }
        return true
    }
}

extension CheckpointError {
    /// Whether an error of opening is the file's, and not one of a system that has no memory or no
    /// open files left, or whose disk fails.
    fileprivate var isOfFile: Bool {
        switch underlying {
        case let error as CheckpointError: code != .outOfMemory && error.isOfFile
        case let error as Errno:
            switch error {
            case .noSuchFileOrDirectory, .permissionDenied, .notPermitted, .isDirectory,
                .notDirectory, .tooManySymbolicLinkLevels, .noSuchAddressOrDevice:
                true
            default: false
            }
        default: code != .outOfMemory
        }
    }
}
