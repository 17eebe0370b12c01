import ByteIO

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
    /// - Parameters:
    ///   - file: The file.
    ///   - verification: What it has to stand; nil for what the directory asks for.
    /// - Complexity: as `verification` says.
    func finding(of file: CheckpointFile, _ verification: Verification? = nil) -> Finding {
        let verification = verification ?? self.verification
        do {
            let checkpoint = try Checkpoint(contentsOf: file.path, options: loadOptions)
            try checkpoint.checkTensors()
            if verification == .checksums { try checkpoint.verifyChecksums() }
        } catch {
            if file.path.isGone { return .gone }
            verified.note(false, file, verification)
            // Opening throws nothing else, but does not say so.
            return .damaged(
                error as? CheckpointError
                    ?? CheckpointError(.fileSystem, "\(error)", underlying: error))
        }
        verified.note(true, file, verification)
        return .whole
    }

    /// Whether a file is a whole checkpoint, by what is known if it is known.
    func isWhole(_ file: CheckpointFile) -> Bool {
        if let isWhole = verified.isWhole(file, verification) { return isWhole }
        guard case .whole = finding(of: file) else { return false }
        return true
    }
}
